// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct JoiningTests {
    private let a: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    private let b: Tensor<Float> = [[7, 8, 9]]

    @Test func concatenates() {
        expect(Tensor.concatenated([a, b, a]), [5, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6])
        let columns = Tensor.concatenated([a, a[.all, 1..<2], .zeros([2, 0])], axis: -1)
        expect(columns, [2, 4], [1, 2, 3, 2, 4, 5, 6, 5])
        expect(
            Tensor.concatenated([a.transposed(), b.transposed()], axis: 1), [3, 3],
            [1, 4, 7, 2, 5, 8, 3, 6, 9])
        expect(Tensor<Bool>.concatenated([[true], [false, true]]), [3], [true, false, true])
        let one = Tensor.concatenated([a])
        expect(one, [2, 3], a.scalars)
    }

    @Test func stacks() {
        expect(Tensor.stacked([a, -a]), [2, 2, 3], [1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6])
        expect(Tensor.stacked([a, -a], axis: -1), [2, 3, 2], [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6])
        expect(Tensor<Int32>.stacked([Tensor(1), Tensor(2)]), [2], [1, 2])
    }

    @Test func splits() {
        let parts = a.split(sizes: [1, 0, 2], axis: 1)
        #expect(parts.count == 3)
        expect(parts[0], [2, 1], [1, 4])
        expect(parts[1], [2, 0], [])
        expect(parts[2], [2, 2], [2, 3, 5, 6])
        #expect(parts.allSatisfy { $0.storage === a.storage })
        let halves = a.split(into: 2)
        expect(halves[1], [1, 3], [4, 5, 6])
        expect(Tensor.concatenated(a.split(into: 3, axis: -1), axis: 1), [2, 3], a.scalars)
    }

    @Test func pads() {
        expect(
            a.padded([(1, 0), (0, 2)], value: -1), [3, 5],
            [-1, -1, -1, -1, -1, 1, 2, 3, -1, -1, 4, 5, 6, -1, -1])
        expect(b.transposed().padded([(0, 0), (1, 1)]), [3, 3], [0, 7, 0, 0, 8, 0, 0, 9, 0])
        expect(Tensor<Int32>.zeros([0]).padded([(1, 2)], value: 4), [3], [4, 4, 4])
        expect(Tensor<Float>(3).padded([]), [], [3])
    }

    @Test func gathers() {
        // PyTorch's documentation: torch.gather([[1, 2], [3, 4]], 1, [[0, 0], [1, 0]]).
        let x: Tensor<Int32> = [[1, 2], [3, 4]]
        expect(x.gathered([[0, 0], [1, 0]], axis: 1), [2, 2], [1, 1, 4, 3])
        for arrangement in Arrangement.allCases {
            let source = arrangement.tensor([4, 3, 5], sampled(60) as [Float])
            let picks = arrangement.tensor([2, 7, 4], sampled(56, in: 0...2.99, seed: 2) as [Int32])
            let naive = (Naive(source), Naive(picks))
            let wanted = Naive<Float>([2, 7, 4]) { index in
                naive.0[[index[0], Int(naive.1[index]), index[2]]]
            }
            expect(source.gathered(picks, axis: 1), [2, 7, 4], wanted.elements, arrangement.rawValue)
        }
        expect(a.gathered(Tensor(shape: [0, 3], scalars: []), axis: 0), [0, 3], [])
    }

    @Test func takes() {
        expect(a.taking([1, 0, 1]), [3, 3], [4, 5, 6, 1, 2, 3, 4, 5, 6])
        expect(a.taking([[2], [0]], axis: 1), [2, 2, 1], [3, 1, 6, 4])
        expect(a.taking(Tensor(2), axis: -1), [2], [3, 6])
        expect(a.taking(Tensor(shape: [0], scalars: [])), [0, 3], [])
        for arrangement in Arrangement.allCases {
            let source = arrangement.tensor([4, 3, 5], sampled(60) as [Double])
            let picks = arrangement.tensor([2, 3], sampled(6, in: 0...2.99, seed: 3) as [Int32])
            let naive = (Naive(source), Naive(picks))
            let wanted = Naive<Double>([4, 2, 3, 5]) { index in
                naive.0[[index[0], Int(naive.1[Array(index[1...2])]), index[3]]]
            }
            expect(source.taking(picks, axis: 1), [4, 2, 3, 5], wanted.elements, arrangement.rawValue)
        }
    }

    @Test func chooses() {
        let condition: Tensor<Bool> = [true, false, true]
        expect(which(condition, a, -a), [2, 3], [1, -2, 3, 4, -5, 6])
        expect(which(condition, Tensor<Float>(1), [[0], [5]]), [2, 3], [1, 0, 1, 1, 5, 1])
        expect(which([[true], [false]], [1, 2] as Tensor<Int32>, Tensor(0)), [2, 2], [1, 2, 0, 0])
        let turned = which((a .> 3).transposed(), a.transposed(), .zeros([3, 2]))
        expect(turned, [3, 2], [0, 4, 0, 5, 0, 6])
        // NaN in the branch not taken stays out.
        expect(which([true, false], [1, 2] as Tensor<Float>, Tensor([.nan, 3])), [2], [1, 3])
        expect(which(Tensor<Bool>.zeros([0, 3]), a[..<0], Tensor(1)), [0, 3], [])
    }

    @Test func oneHot() {
        expect(Tensor<Float>.oneHot([2, 0], depth: 3), [2, 3], [0, 0, 1, 1, 0, 0])
        expect(Tensor<Int32>.oneHot([[1], [0]], depth: 2), [2, 1, 2], [0, 1, 1, 0])
        expect(Tensor<Float>.oneHot(Tensor(1), depth: 2), [2], [0, 1])
        expect(Tensor<Float>.oneHot(Tensor(shape: [0], scalars: []), depth: 0), [0, 0], [])
    }
}
