// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Random operations, shapes, layouts and special values, forward and backward, against PyTorch.
struct DifferentialTests {
    @Test func agreesWithPyTorch() throws {
        let cases = try DifferentialCase.all()
        let fixture = try Fixture("differential")
        let (floats, doubles) = (differentialTable(Float.self), differentialTable(Double.self))
        let (floatStore, doubleStore): ([Float], [Double]) = (
            try fixture.tensor("float").scalars, try fixture.tensor("double").scalars
        )
        #expect(cases.count > 400)
        // Nothing in the tables is left out, and every operation has both precisions.
        for isDouble in [true, false] {
            #expect(Set(cases.filter { $0.isDouble == isDouble }.map(\.operation)) == Set(floats.keys))
        }
        for one in cases {
            if one.isDouble {
                check(one, try #require(doubles[one.operation]), doubleStore)
            } else {
                check(one, try #require(floats[one.operation]), floatStore)
            }
        }
    }

    private func check<Scalar: FloatingScalar>(
        _ one: DifferentialCase, _ function: ([Tensor<Scalar>], [Int]) -> Tensor<Scalar>, _ store: [Scalar]
    ) {
        let inputs = one.inputs.map { arranged($0.place.tensor(in: store), $0.layout) }
        let name =
            "line \(one.line), \(one.operation) of \(one.inputs.map { "\($0.place.shape) \($0.layout)" })"
        let (y, pullback) = valueWithPullback(at: inputs) { function($0, one.parameters) }
        let isSum = Self.sums.contains(one.operation)
        let least: Scalar = Self.cancelling.contains(one.operation) ? 1 : 0
        compare(y, one.output.tensor(in: store), one.operation, byLargest: isSum, least, "\(name): value") {
            "\(inputs.map(\.scalars))"
        }
        let upstream: Tensor<Scalar> = one.upstream.tensor(in: store)
        for (index, (gradient, place)) in zip(pullback(upstream), one.gradients).enumerated() {
            guard let place else { continue }
            // The gradient of what was broadcast is a sum.
            let byLargest = isSum || place.shape != y.shape
            compare(
                gradient, place.tensor(in: store), one.operation, byLargest: byLargest, least,
                "\(name): gradient \(index)"
            ) {
                "\(inputs.map(\.scalars)), upstream \(upstream.scalars)"
            }
        }
        // Unrecorded, the same bits.
        expectIdentical(function(inputs, one.parameters), y, name)
    }

    /// Operations of which an element is the sum of others: an error counts by the largest element.
    private static let sums: Set<String> = [
        "sum", "mean", "variance", "unbiased", "norm", "logsumexp", "squares", "take", "gather", "broadcast",
        "matmul",
        "linear", "layer_norm", "convolution", "average_pooling", "maximum_pooling", "concatenate",
    ]
    /// Those of which 1 − y or the like is a part: an error counts by what cancelled, about 1.
    private static let cancelling: Set<String> = [
        "softmax", "softmin", "log_softmax", "cross_entropy", "tanh", "sigmoid", "silu", "gelu", "hard_swish",
    ]

    private static let signs: Set<String> = ["abs", "sign"]

    private func compare<Scalar: FloatingScalar>(
        _ found: Tensor<Scalar>, _ expected: Tensor<Scalar>, _ operation: String, byLargest: Bool,
        _ least: Scalar, _ name: String,
        _ details: () -> String
    ) {
        guard found.shape == expected.shape else {
            Issue.record("\(name): shape \(found.shape) for \(expected.shape)")
            return
        }
        let finite = expected.scalars.filter(\.isFinite)
        let largest = byLargest ? finite.map(\.magnitude).max() ?? 0 : least
        for (index, (x, y)) in zip(found.scalars, expected.scalars).enumerated() {
            if x == y || x.isNaN && y.isNaN { continue }
            // The sign of NaN is NaN here, as in NumPy; PyTorch's is 0, and with it the slope of |x| there.
            if x.isNaN && y == 0 && Self.signs.contains(operation) { continue }
            let allowed = 8 * max(y.magnitude, largest).ulp
            if y.isFinite, (x - y).magnitude <= allowed { continue }
            Issue.record("\(name): \(x) for \(y) at \(index): \(details().prefix(600))")
            return
        }
    }
}
