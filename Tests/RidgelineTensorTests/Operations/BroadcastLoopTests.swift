// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Loops over operands that are broadcast or lie anyhow, past every tile and chunk, against plain loops.
@Suite(.serialized) struct BroadcastLoopTests {
    private static let shapes: [(Shape, Shape)] = [
        ([5, 12, 12, 12], [5, 1, 1, 12]), ([6, 40, 130], [130]), ([6, 40, 130], [6, 1, 130]),
        ([6, 40, 130], [6, 40, 1]), ([6, 40, 130], [40, 1]), ([9, 300], [9, 1]), ([9, 1], [300]),
        ([700, 3], [3]),
        ([700, 3], [700, 1]), ([2, 3, 5, 7], [3, 1, 7]), ([4, 1, 6, 1], [5, 1, 3]), ([40_000, 2], [2]),
        ([2, 70_001], [2, 1]), ([70_001], []), ([3, 0, 4], [1, 4]), ([1, 1], [0, 1]), ([64, 64], [64, 64]),
    ]

    private func check<Scalar: NumericScalar>(_ shape: Shape, _ other: Shape, _ type: Scalar.Type) {
        let range = Scalar.dataType == .uint8 ? 0.0...9 : -9...9
        for (left, right) in [(shape, other), (other, shape)] {
            for arrangement in Arrangement.allCases
            where left.elementCount + right.elementCount < 20_000
                || arrangement == .contiguous || arrangement == .transposed
            {
                let a: Tensor<Scalar> = arrangement.tensor(
                    left, sampled(left.elementCount, in: range, seed: 1))
                let b: Tensor<Scalar> = arrangement.tensor(
                    right, sampled(right.elementCount, in: range, seed: 2))
                let result = Shape.broadcast(left, right, for: "test")
                let (x, y) = (Naive(a), Naive(b))
                let indices = multiIndices(result)
                let pairs = indices.map { (x[$0], y[$0]) }
                let comment = "\(Scalar.self) \(left) \(right) \(arrangement)"
                expect(.binary(.multiply, a, b), result, pairs.map { $0 * $1 }, comment)
                expect(a .< b, result, pairs.map { $0 < $1 }, comment)
                expect(
                    .select(a .< b, a, b), result, pairs.map { $0 < $1 ? $0 : $1 }, comment)
                expect(
                    .select(a .< Tensor(2), b, Tensor(1)), result, pairs.map { $0 < 2 ? $1 : 1 }, comment)
            }
        }
    }

    @Test(arguments: 0..<shapes.count)
    func everyWay(index: Int) {
        let (shape, other) = Self.shapes[index]
        check(shape, other, Float.self)
        check(shape, other, Double.self)
        check(shape, other, Int16.self)
        check(shape, other, UInt8.self)
    }

    @Test func truthValues() {
        let (a, b) = (
            Tensor<Bool>(shape: [3, 2], scalars: [true, false, true, true, false, false]),
            [true, false] as Tensor<Bool>
        )
        expect(a .& b, [3, 2], [true, false, true, false, false, false])
        expect(a .| b, [3, 2], [true, false, true, true, true, false])
        expect(a .== b, [3, 2], [true, true, true, false, false, true])
    }

    @Test func sameAtAnyNumberOfThreads() {
        let x: Tensor<Float> = sample([8, 12, 64, 65]), mask: Tensor<Float> = sample([8, 1, 1, 65], seed: 2)
        let (column, turned): (Tensor<Float>, Tensor<Float>) = (
            sample([8, 12, 64, 1], seed: 3), sample([65, 64])
        )
        func everything() -> [[UInt32]] {
            [
                x + mask, x * column, x / turned.transposed(), sin(x), erf(x), x.power(3), x.power(column),
                which(x .> mask, x, column), x.permuted([0, 2, 3, 1]).contiguous(),
                x.permuted([3, 1, 2, 0]).contiguous(),
                x.sum(axes: 1), x.sum(axes: 2), x.sum(axes: [0, 2]), x.sum(axes: [1, 3]), x.mean(axes: 1),
                x.max(axes: 2),
                x.logSumExp(axes: 1), softmax(x), Tensor<Float>(x.argmax(axis: 2)),
            ].map { $0.scalars.map(\.bitPattern) }
        }
        let alone = withThreads(1, everything)
        for threads in [2, 3, 7] { #expect(withThreads(threads, everything) == alone) }
    }

    /// The gradient of a broadcast is the sum over what it repeated.
    @Test func gradientsOfBroadcasts() {
        let (x, y): (Tensor<Double>, Tensor<Double>) = (sample([3, 4, 2, 5]), sample([4, 1, 5], seed: 2))
        let (_, pullback) = valueWithPullback(at: y) { x * $0 }
        let upstream: Tensor<Double> = sample([3, 4, 2, 5], seed: 3)
        let (a, u) = (Naive(x), Naive(upstream))
        let wanted = multiIndices([4, 1, 5]).map { index -> Double in
            var sum = 0.0
            for i in 0..<3 {
                for k in 0..<2 { sum += a[[i, index[0], k, index[2]]] * u[[i, index[0], k, index[2]]] }
            }
            return sum
        }
        expectClose(pullback(upstream), [4, 1, 5], wanted, tolerance: 1e-14)
    }
}
