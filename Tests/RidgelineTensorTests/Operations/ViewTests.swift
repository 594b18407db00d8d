// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct ViewTests {
    private let x = Tensor<Int32>.range(from: 0, to: 24).reshaped(to: [2, 3, 4])

    /// The elements of `view` by its own layout, through no operation.
    private func expectView(
        _ view: Tensor<Int32>, _ shape: Shape, sourceLocation: SourceLocation = #_sourceLocation,
        _ element: ([Int]) -> Int
    ) {
        #expect(view.storage === x.storage, "not a view", sourceLocation: sourceLocation)
        let wanted = Naive<Int32>(shape) { Int32(element($0)) }.elements
        expect(view, shape, wanted, sourceLocation: sourceLocation)
        #expect(Naive(view).elements == wanted, sourceLocation: sourceLocation)
    }

    @Test func permutes() {
        expectView(x.permuted([2, 0, 1]), [4, 2, 3]) { $0[1] * 12 + $0[2] * 4 + $0[0] }
        expectView(x.permuted([-1, 0, -2]), [4, 2, 3]) { $0[1] * 12 + $0[2] * 4 + $0[0] }
        expectView(x.transposed(), [2, 4, 3]) { $0[0] * 12 + $0[2] * 4 + $0[1] }
        expectView(x.transposed(0, -1), [4, 3, 2]) { $0[2] * 12 + $0[1] * 4 + $0[0] }
    }

    @Test func flips() {
        expectView(x.flipped(), [2, 3, 4]) { 23 - ($0[0] * 12 + $0[1] * 4 + $0[2]) }
        expectView(x.flipped([1]), [2, 3, 4]) { $0[0] * 12 + (2 - $0[1]) * 4 + $0[2] }
        expect(Tensor<Int32>.zeros([2, 0]).flipped(), [2, 0], [])
    }

    @Test func broadcasts() {
        expectView(x.broadcast(to: [5, 2, 3, 4]), [5, 2, 3, 4]) { $0[1] * 12 + $0[2] * 4 + $0[3] }
        let column = x[0, .all, 1..<2]
        expectView(column.broadcast(to: [2, 3, 2]), [2, 3, 2]) { $0[1] * 4 + 1 }
        expect(Tensor<Int32>.ones([1]).broadcast(to: [0]), [0], [])
    }

    @Test func reshapesAsViewWherePossible() {
        expectView(x.reshaped(to: [6, 4]), [6, 4]) { $0[0] * 4 + $0[1] }
        expectView(x.reshaped([-1, 8]), [3, 8]) { $0[0] * 8 + $0[1] }
        expectView(x.flattened(), [24]) { $0[0] }
        expectView(x[.all, .all, 1...2].reshaped(to: [6, 2]), [6, 2]) { $0[0] * 4 + $0[1] + 1 }
        expectView(x[.all, 1].reshaped(to: [2, 2, 2]), [2, 2, 2]) { $0[0] * 12 + 4 + $0[1] * 2 + $0[2] }
        expectView(x.transposed().reshaped(to: [2, 2, 2, 3]), [2, 2, 2, 3]) {
            $0[0] * 12 + $0[3] * 4 + $0[1] * 2 + $0[2]
        }
    }

    @Test func reshapesByCopyElsewhere() {
        let turned = x.transposed()
        let flat = turned.reshaped(to: [24])
        #expect(flat.storage !== x.storage)
        expect(flat, [24], Naive<Int32>([2, 4, 3]) { Int32($0[0] * 12 + $0[2] * 4 + $0[1]) }.elements)
        let repeated = Tensor<Int32>([1, 2]).broadcast(to: [2, 2]).reshaped(to: [4])
        expect(repeated, [4], [1, 2, 1, 2])
        expect(Tensor<Int32>.zeros([2, 0, 3]).transposed().reshaped(to: [0, 5]), [0, 5], [])
    }

    @Test func squeezesAndExpands() {
        expectView(x.expandingDimension(at: 0), [1, 2, 3, 4]) { $0[1] * 12 + $0[2] * 4 + $0[3] }
        expectView(x.expandingDimension(at: -1), [2, 3, 4, 1]) { $0[0] * 12 + $0[1] * 4 + $0[2] }
        let wide = x.reshaped(to: [1, 2, 1, 12])
        #expect(wide.squeezed().shape == [2, 12])
        #expect(wide.squeezed([-2]).shape == [1, 2, 12])
        #expect(wide.squeezed([]).shape == [1, 2, 1, 12])
        // Squeezing what is strided stays a view.
        expectView(x.transposed()[.all, 1..<2].squeezed(), [2, 3]) { $0[0] * 12 + $0[1] * 4 + 1 }
    }

    @Test func contiguousCopies() {
        #expect(x.contiguous().storage === x.storage)
        for arrangement in Arrangement.allCases where arrangement != .contiguous {
            let input = arrangement.tensor([3, 4, 2], sampled(24, in: -9...9) as [Int32])
            let plain = input.contiguous()
            #expect(plain.layout.isContiguous)
            #expect(plain.storage !== input.storage)
            expect(plain, [3, 4, 2], Naive(input).elements, arrangement.rawValue)
        }
    }

    /// The blocked transposition, with ragged edges and on both sides of the parallel threshold.
    @Test(arguments: [[9, 9], [33, 65], [257, 300], [8, 40], [1_000, 11]] as [Shape])
    func transposedCopies(shape: Shape) {
        func check<Scalar: TensorScalar>(_ values: [Scalar]) {
            let turned = Tensor(shape: shape, scalars: values).transposed()
            expect(turned.contiguous(), [shape[1], shape[0]], Naive(turned).elements)
        }
        check(sampled(shape.elementCount) as [Float])
        check(sampled(shape.elementCount) as [Double])
        check((sampled(shape.elementCount) as [Float]).map { $0 > 0 })
    }
}
