// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Element-wise arithmetic against a plain loop over multi-indices, for every pair of arrangements.
@Suite struct ArithmeticTests {
    private static let shapePairs: [(Shape, Shape)] = [
        ([3, 4], [3, 4]), ([3, 4], [4]), ([3, 1], [1, 4]), ([2, 1, 5], [3, 1]), ([], [2, 3]), ([1], []),
        ([0, 3], [3]), ([2, 0], [1]), ([0], [1]), ([2, 3, 1, 2], [1, 4, 2]), ([37, 61], [61]),
        ([2, 1, 2, 1, 2, 1, 2, 1], [1, 2, 1, 2, 1, 2, 1, 2]),
    ]

    private func check<Scalar: NumericScalar>(
        _: Scalar.Type, _ name: String, in range: ClosedRange<Double> = -9...9,
        _ operation: (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>,
        _ reference: (Scalar, Scalar) -> Scalar
    ) {
        for (leftShape, rightShape) in Self.shapePairs {
            let shape = Shape.broadcast(leftShape, rightShape, for: name)
            for first in Arrangement.allCases {
                for second in Arrangement.allCases {
                    let a: Tensor<Scalar> = first.tensor(
                        leftShape, sampled(leftShape.elementCount, in: range, seed: 3))
                    let b: Tensor<Scalar> = second.tensor(
                        rightShape, sampled(rightShape.elementCount, in: range, seed: 4))
                    let (x, y) = (Naive(a), Naive(b))
                    let wanted = Naive<Scalar>(shape) { reference(x[$0], y[$0]) }
                    expect(
                        operation(a, b), shape, wanted.elements,
                        "\(name) of \(Scalar.self) \(first) \(leftShape) and \(second) \(rightShape)")
                }
            }
        }
    }

    @Test func floatingPoint() {
        func all<Scalar: FloatingScalar>(_ type: Scalar.Type) {
            check(type, "+", { $0 + $1 }, +)
            check(type, "-", { $0 - $1 }, -)
            check(type, "*", { $0 * $1 }, *)
            check(type, "/", { $0 / $1 }, /)
            check(type, "maximum", { maximum($0, $1) }, { Swift.max($0, $1) })
            check(type, "minimum", { minimum($0, $1) }, { Swift.min($0, $1) })
        }
        all(Float.self)
        all(Double.self)
    }

    @Test func integers() {
        check(Int32.self, "+", { $0 + $1 }, &+)
        check(Int32.self, "-", { $0 - $1 }, &-)
        check(Int32.self, "*", { $0 * $1 }, &*)
        check(Int32.self, "/", in: 1...9, { $0 / $1 }, /)
        check(Int32.self, "maximum", { maximum($0, $1) }, { Swift.max($0, $1) })
        check(Int32.self, "minimum", { minimum($0, $1) }, { Swift.min($0, $1) })
    }

    @Test func integersWrap() {
        let big: Tensor<Int32> = [Int32.max, Int32.min].withShape([2])
        expect(big + 1, [2], [Int32.min, Int32.min + 1])
        expect(big - 1, [2], [Int32.max - 1, Int32.max])
        expect(big * 2, [2], [-2, 0])
        expect(-big, [2], [Int32.min + 1, Int32.min])
        expect(([7, -7] as Tensor<Int32>) / ([2, 2] as Tensor<Int32>), [2], [3, -3])
    }

    @Test func withOneNumber() {
        let x: Tensor<Double> = [1, 2, 4]
        expect(x + 1, [3], [2, 3, 5])
        expect(1 + x, [3], [2, 3, 5])
        expect(x - 1, [3], [0, 1, 3])
        expect(1 - x, [3], [0, -1, -3])
        expect(x * 3, [3], [3, 6, 12])
        expect(3 * x, [3], [3, 6, 12])
        expect(x / 2, [3], [0.5, 1, 2])
        expect(4 / x, [3], [4, 2, 1])
        expect(-x, [3], [-1, -2, -4])
    }

    @Test func specialValues() {
        let x = Tensor<Float>([.nan, 1, .infinity, -.infinity, 0])
        let y = Tensor<Float>([1, .nan, .infinity, .infinity, 0])
        expect(maximum(x, y), [5], [.nan, .nan, .infinity, .infinity, 0])
        expect(minimum(x, y), [5], [.nan, .nan, .infinity, -.infinity, 0])
        expect(maximum(y, x), [5], [.nan, .nan, .infinity, .infinity, 0])
        expect(x + y, [5], [.nan, .nan, .infinity, .nan, 0])
        expect(x / y, [5], [.nan, .nan, .nan, .nan, .nan])
        expect(([1, -1, 0] as Tensor<Double>) / 0, [3], [.infinity, -.infinity, .nan])
        expect(x.clamped(-1, 2), [5], [.nan, 1, 2, -1, 0])
        expect(x.isNaN(), [5], [true, false, false, false, false])
        expect(x.isFinite(), [5], [false, true, false, false, true])
    }

    @Test func inPlaceForms() {
        var x: Tensor<Float> = [[1, 2], [3, 4]]
        let before = x
        let place = x.storage.base
        x += [10, 20]
        expect(x, [2, 2], [11, 22, 13, 24])
        expect(before, [2, 2], [1, 2, 3, 4])
        #expect(x.storage.base != place)
        let own = x.storage.base
        x += Tensor<Float>.ones([2, 2])
        #expect(x.storage.base == own)
        x -= [1, 2]
        x *= Tensor(2)
        x /= [[1], [2]]
        expect(x, [2, 2], [22, 42, 13, 23])
        // The right side broadcasts the left up.
        var y: Tensor<Float> = [1, 2]
        y += [[1], [2]]
        expect(y, [2, 2], [2, 3, 3, 4])
        x += x
        expect(x, [2, 2], [44, 84, 26, 46])
    }

    /// Past the pieces into which the loops are cut, with contiguous, strided and repeated inner runs.
    @Test func largeOperands() {
        let (rows, columns) = (130, 1_100)
        let a: Tensor<Float> = Arrangement.sliced.tensor([rows, columns], sampled(rows * columns))
        let b: Tensor<Float> = Arrangement.transposed.tensor(
            [rows, columns], sampled(rows * columns, seed: 2))
        let c: Tensor<Float> = sample([rows, 1], seed: 5)
        let (x, y, z) = (a.scalars, b.scalars, c.scalars)
        expect(a * b, [rows, columns], zip(x, y).map { $0 * $1 })
        expect(a + c, [rows, columns], x.indices.map { x[$0] + z[$0 / columns] })
        let long: Tensor<Float> = sample([300_000], seed: 8)
        expect(long - 0.5, [300_000], long.scalars.map { $0 - 0.5 })
    }
}

extension Array where Element == Int32 {
    fileprivate func withShape(_ shape: Shape) -> Tensor<Int32> { Tensor(shape: shape, scalars: self) }
}
