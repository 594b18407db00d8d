// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// An axis before many columns is taken where it lies; made a row, it gives the same.
@Suite struct LogSumExpAxisTests {
    private func compare<Scalar: FloatingScalar>(_ type: Scalar.Type, within tolerance: Double) {
        let x: Tensor<Scalar> = sample([3, 5, 40]) * Tensor<Scalar>(Scalar(fromDouble: 7))
        for (axis, order) in [(0, [1, 2, 0]), (1, [0, 2, 1])] {
            let rows = x.permuted(order).contiguous()
            let (found, pullback) = valueWithPullback(at: x) { $0.logSumExp(axes: [axis]) }
            let (expected, rowPullback) = valueWithPullback(at: rows) { $0.logSumExp(axes: [2]) }
            expectClose(found, expected.shape, expected.scalars.map(\.asDouble), tolerance: tolerance)
            let upstream: Tensor<Scalar> = sample(expected.shape, seed: 3)
            let gradient = pullback(upstream).permuted(order)
            expectClose(
                gradient, rows.shape, rowPullback(upstream).scalars.map(\.asDouble), tolerance: tolerance)
        }
    }

    @Test func asRows() {
        compare(Float.self, within: 2e-6)
        compare(Double.self, within: 4e-15)
    }
}
