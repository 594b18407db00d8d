// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

@Suite struct ReductionTests {
    /// All subsets of the axes of a shape.
    private func subsets(_ rank: Int) -> [[Int]] {
        (0..<1 << rank).map { mask in (0..<rank).filter { mask >> $0 & 1 == 1 } }
    }

    /// Each reduced group of elements, in row-major order of the kept axes.
    private func groups<Scalar: TensorScalar>(_ x: Naive<Scalar>, _ axes: [Int]) -> [[Scalar]] {
        let kept = Shape(x.shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
        let reduced = Shape(x.shape.enumerated().map { axes.contains($0.offset) ? $0.element : 1 })
        return multiIndices(kept).map { outer in
            multiIndices(reduced).map { inner in x[zip(outer, inner).map { $0 + $1 }] }
        }
    }

    private func check<Scalar: FloatingScalar>(
        _: Scalar.Type, _ name: String,
        _ operation: (Tensor<Scalar>, [Int], Bool) -> Tensor<Scalar>, _ reference: ([Double]) -> Double,
        shapes: [Shape] = [[2, 3, 4], [5], [], [1, 7, 1, 2]]
    ) {
        for shape in shapes {
            for arrangement in Arrangement.allCases {
                let x: Tensor<Scalar> = arrangement.tensor(shape, sampled(shape.elementCount))
                for axes in subsets(shape.rank) {
                    let wanted = groups(Naive(x), axes).map { reference($0.map(\.asDouble)) }
                    for keeps in [false, true] {
                        expectClose(
                            operation(x, axes, keeps), shape.reducing(axes, keepingDimensions: keeps), wanted,
                            tolerance: 16 * Scalar.ulpOfOne.asDouble,
                            "\(name) \(arrangement) \(shape) over \(axes)")
                    }
                }
            }
        }
    }

    private static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

    @Test func everySubsetOfAxes() {
        func all<Scalar: FloatingScalar>(_ type: Scalar.Type) {
            check(type, "sum", { $0.sum(axes: $1, keepingDimensions: $2) }, { $0.reduce(0, +) })
            check(type, "mean", { $0.mean(axes: $1, keepingDimensions: $2) }, Self.mean)
            check(type, "max", { $0.max(axes: $1, keepingDimensions: $2) }, { $0.max()! })
            check(type, "min", { $0.min(axes: $1, keepingDimensions: $2) }, { $0.min()! })
            check(type, "variance", { $0.variance(axes: $1, keepingDimensions: $2) }) { x in
                Self.mean(x.map { ($0 - Self.mean(x)) * ($0 - Self.mean(x)) })
            }
            check(type, "logSumExp", { $0.logSumExp(axes: $1, keepingDimensions: $2) }) { x in
                .log(x.reduce(0) { $0 + .exp($1) })
            }
        }
        all(Float.self)
        all(Double.self)
    }

    @Test func zeroExtents() {
        let shapes: [Shape] = [[0], [2, 0], [0, 3], [2, 0, 3]]
        check(
            Float.self, "sum", { $0.sum(axes: $1, keepingDimensions: $2) }, { $0.reduce(0, +) },
            shapes: shapes)
        check(Double.self, "mean", { $0.mean(axes: $1, keepingDimensions: $2) }, Self.mean, shapes: shapes)
        check(
            Float.self, "logSumExp", { $0.logSumExp(axes: $1, keepingDimensions: $2) },
            { x in .log(x.reduce(0) { $0 + .exp($1) }) }, shapes: shapes)
        expect(Tensor<Float>.zeros([0, 3]).max(axes: 1), [0], [])
        expect(Tensor<Float>.zeros([0, 3]).argmax(axis: 1), [0], [])
    }

    @Test func defaultsReduceEverything() {
        let x: Tensor<Double> = [[1, 2], [3, 6]]
        expect(x.sum(), [], [12])
        expect(x.mean(keepingDimensions: true), [1, 1], [3])
        expect(x.variance(), [], [3.5])
        expect(x.variance(axes: [0], correction: 1), [2], [2, 8])
        #expect(x[0, 0].variance(correction: 1).item.isNaN)
        expect(x.max(), [], [6])
        expect(x.min(axes: -1), [2], [1, 3])
        expect(x.sum(axes: 0), [2], [4, 8])
    }

    @Test func integersWrap() {
        for arrangement in Arrangement.allCases {
            let x = arrangement.tensor([2, 3, 4], sampled(24, in: -2e9...2e9) as [Int32])
            for axes in subsets(3) {
                let wanted = groups(Naive(x), axes).map { $0.reduce(0, &+) }
                expect(x.sum(axes: axes), Shape([2, 3, 4]).reducing(axes, keepingDimensions: false), wanted)
            }
        }
    }

    @Test func extremesOfLogSumExp() {
        let x: Tensor<Float> = [[1_000, 1_000], [-1_000, -1_000], [1_000, -1_000], [0, 0]]
        let ln2 = Float.log(2)
        expect(x.logSumExp(axes: [1]), [4], [1_000 + ln2, -1_000 + ln2, 1_000, ln2])
        let infinite = Tensor<Double>([.infinity, 0, -.infinity, -.infinity, .nan, 1]).reshaped(to: [3, 2])
        expect(infinite.logSumExp(axes: [1]), [3], [.infinity, -.infinity, .nan])
    }

    @Test func nanGoesThrough() {
        let x = Tensor<Float>([1, .nan, 3, 4, 5, 6]).reshaped(to: [2, 3])
        expect(x.max(axes: 1), [2], [.nan, 6])
        expect(x.min(axes: 1), [2], [.nan, 4])
        expect(x.sum(axes: 1), [2], [.nan, 15])
        expect(x.max(axes: 0), [3], [4, .nan, 6])
        let infinite = Tensor<Float>([-.infinity, -.infinity])
        expect(infinite.max(), [], [-.infinity])
    }

    @Test func positionsOfExtrema() {
        let x: Tensor<Int32> = [[3, 9, 9], [1, 1, 0]]
        expect(x.argmax(axis: 1), [2], [1, 0])
        expect(x.argmin(axis: 1), [2], [0, 2])
        expect(x.argmax(axis: 0, keepingDimensions: true), [1, 3], [0, 0, 0])
        let y = Tensor<Float>([2, .nan, 5, .nan, -.infinity, -.infinity, .infinity, 1, .infinity])
            .reshaped(to: [3, 3])
        expect(y.argmax(axis: 1), [3], [1, 0, 0])
        expect(y.argmin(axis: 1), [3], [1, 0, 1])
        expect(Tensor<Float>([-.infinity, -.infinity]).argmax(axis: 0), [], [0])
        expect(Tensor<Float>([3, .nan, 9, .nan]).argmin(axis: 0), [], [1])
        for arrangement in Arrangement.allCases {
            let z: Tensor<Double> = arrangement.tensor([4, 5, 3], sampled(60))
            let wanted = groups(Naive(z), [1]).map { group in Int32(group.firstIndex(of: group.max()!)!) }
            expect(z.argmax(axis: 1), [4, 3], wanted, arrangement.rawValue)
        }
    }

    @Test func softmaxRows() {
        for axis in [-1, 0, 1] {
            let x: Tensor<Double> = Arrangement.sliced.tensor([3, 4, 2], sampled(24, in: -30...30))
            let y = softmax(x, axis: axis)
            let wanted = exp(x - x.logSumExp(axes: [axis], keepingDimensions: true))
            expectClose(y, [3, 4, 2], wanted.scalars, tolerance: 1e-14)
            let ones = y.sum(axes: [axis])
            expectClose(ones, ones.shape, Array(repeating: 1, count: ones.elementCount), tolerance: 1e-14)
            expectClose(logSoftmax(x, axis: axis), [3, 4, 2], log(y).scalars, tolerance: 1e-12)
        }
        expect(softmax([1_000, -1_000] as Tensor<Float>), [2], [1, 0])
        expect(softmax(Tensor<Float>.zeros([3, 0])), [3, 0], [])
        expect(softmax(Tensor<Float>.zeros([0, 2])), [0, 2], [])
    }
}
