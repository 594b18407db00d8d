// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct CreationTests {
    @Test func literals() {
        expect([1, 2, 3] as Tensor<Float>, [3], [1, 2, 3])
        expect([[1.5, 2], [-3, 4]] as Tensor<Double>, [2, 2], [1.5, 2, -3, 4])
        expect([[[1], [2]], [[3], [4]], [[5], [6]]] as Tensor<Int32>, [3, 2, 1], [1, 2, 3, 4, 5, 6])
        expect([[true, false]] as Tensor<Bool>, [1, 2], [true, false])
        expect([] as Tensor<Float>, [0], [])
        expect([[], []] as Tensor<Float>, [2, 0], [])
    }

    @Test func filled() {
        expect(Tensor<Float>.zeros([2, 3]), [2, 3], Array(repeating: 0, count: 6))
        expect(Tensor<Double>.ones([4]), [4], [1, 1, 1, 1])
        expect(Tensor<Int32>.full([1, 2], 7), [1, 2], [7, 7])
        expect(Tensor<Bool>.full([2], true), [2], [true, true])
        expect(Tensor<Bool>.zeros([2]), [2], [false, false])
        expect(Tensor<Float>.zeros([0, 3]), [0, 3], [])
        expect(Tensor<Float>(2.5), [], [2.5])
        #expect(Tensor<Float>(2.5).item == 2.5)
        // Longer than one piece of the parallel loop.
        #expect(Tensor<Int32>.full([100_001], 3).scalars.allSatisfy { $0 == 3 })
    }

    @Test func ranges() {
        expect(Tensor<Int32>.range(from: 0, to: 5), [5], [0, 1, 2, 3, 4])
        expect(Tensor<Int32>.range(from: 5, to: 0, by: -2), [3], [5, 3, 1])
        expect(Tensor<Float>.range(from: 0, to: 1, by: 0.25), [4], [0, 0.25, 0.5, 0.75])
        expect(Tensor<Double>.range(from: 0, to: 1, by: 0.3), [4], [0, 0.3, 0.6, 3 * 0.3])
        expect(Tensor<Float>.range(from: 3, to: 3), [0], [])
        expect(Tensor<Float>.range(from: 3, to: 1), [0], [])
    }

    @Test func linearlySpaced() {
        expect(Tensor<Double>.linearlySpaced(from: -1, to: 1, count: 5), [5], [-1, -0.5, 0, 0.5, 1])
        expect(Tensor<Float>.linearlySpaced(from: 2, to: 7, count: 1), [1], [2])
        #expect(Tensor<Float>.linearlySpaced(from: 0, to: 0.7, count: 11).scalars.last == 0.7)
    }

    @Test func eye() {
        expect(Tensor<Float>.eye(2), [2, 2], [1, 0, 0, 1])
        expect(Tensor<Int32>.eye(2, columns: 3), [2, 3], [1, 0, 0, 0, 1, 0])
        expect(Tensor<Double>.eye(3, columns: 1), [3, 1], [1, 0, 0])
        expect(Tensor<Double>.eye(0), [0, 0], [])
    }

    @Test func fromElements() {
        expect(Tensor<Int32>(shape: [2, 2], scalars: 1...4), [2, 2], [1, 2, 3, 4])
        expect(Tensor<Float>([1, 2]), [2], [1, 2])
        expect(Tensor<Float>([]), [0], [])
    }

    @Test func casts() {
        expect(Tensor<Float>([0.1, 1e300, -1e-300] as Tensor<Double>), [3], [0.1, .infinity, 0])
        expect(Tensor<Double>([0.1] as Tensor<Float>), [1], [Double(Float(0.1))])
        expect(Tensor<Double>([0.1] as Tensor<Double>), [1], [0.1])
        expect(Tensor<Int32>([1.9, -1.9, 0] as Tensor<Float>), [3], [1, -1, 0])
        expect(Tensor<Float>([[16_777_217], [-3]] as Tensor<Int32>), [2, 1], [16_777_216, -3])
        expect(Tensor<Float>([true, false] as Tensor<Bool>), [2], [1, 0])
        expect(Tensor<Int32>([true, false] as Tensor<Bool>), [2], [1, 0])
        let turned = ([[1, 2, 3], [4, 5, 6]] as Tensor<Float>).transposed()
        expect(Tensor<Double>(turned), [3, 2], [1, 4, 2, 5, 3, 6])
    }

    @Test func buffersAreRowMajor() {
        let turned = ([[1, 2, 3], [4, 5, 6]] as Tensor<Int32>).transposed()
        #expect(turned.withUnsafeBufferPointer { Array($0) } == [1, 4, 2, 5, 3, 6])
        var changed = turned
        changed.withUnsafeMutableBufferPointer { $0[1] = 40 }
        expect(changed, [3, 2], [1, 40, 2, 5, 3, 6])
        expect(turned, [3, 2], [1, 4, 2, 5, 3, 6])
        let part = ([1, 2, 3, 4] as Tensor<Int32>)[1..<3]
        var copy = part
        copy.withUnsafeMutableBufferPointer { $0[0] = 9 }
        expect(copy, [2], [9, 3])
        expect(part, [2], [2, 3])
    }

    @Test func equality() {
        let x: Tensor<Float> = [[1, 2], [3, 4]]
        #expect(x == x.transposed().transposed())
        #expect(x != x.transposed())
        #expect(x != x.reshaped(to: [4]))
        #expect(Tensor<Float>([.nan]) != Tensor<Float>([.nan]))
        #expect(Tensor<Float>.zeros([0]) != Tensor<Float>.zeros([0, 1]))
        let near: Tensor<Float> = [[1, 2], [3, 4.00001]]
        #expect(near.isAlmostEqual(to: x))
        #expect(!near.isAlmostEqual(to: x, relative: 1e-7))
        #expect(!Tensor<Float>([.infinity]).isAlmostEqual(to: [1]))
        #expect(!([1] as Tensor<Float>).isAlmostEqual(to: Tensor([.infinity])))
        #expect(Tensor<Float>([.infinity]).isAlmostEqual(to: Tensor([.infinity])))
        #expect(!Tensor<Float>([.nan]).isAlmostEqual(to: Tensor([.nan])))
        #expect(([3, -4] as Tensor<Float>).norm().item == 5)
    }
}
