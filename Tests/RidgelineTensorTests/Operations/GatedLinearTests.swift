// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// The gate on the tile against the gate of the whole product.
@Suite struct GatedLinearTests {
    @Test(arguments: Gate.allCases) func isTheGatedProduct(_ gate: Gate) {
        compare(Float.self, gate, tolerance: 5e-5)
        compare(Double.self, gate, tolerance: 1e-13)
    }

    private func compare<Scalar: FloatingScalar>(_: Scalar.Type, _ gate: Gate, tolerance: Double) {
        let weights: [Tensor<Scalar>] = [
            sample([260, 33], seed: 2), sample([33, 260], seed: 2).transposed(),
        ]
        for weight in weights {
            let inputs: [Tensor<Scalar>] = [sample([3, 50, 33], seed: 1), weight, sample([260], seed: 3)]
            let (y, pull) = valueWithPullback(at: inputs) {
                gatedLinear($0[0], weight: $0[1], bias: $0[2], gate: gate)
            }
            let (wanted, pullWanted) = valueWithPullback(at: inputs) {
                gatedLinearUnit(linear($0[0], weight: $0[1], bias: $0[2]), gate: gate)
            }
            expectClose(y, [3, 50, 130], wanted.scalars.map(\.asDouble), tolerance: tolerance)
            let upstream: Tensor<Scalar> = sample(y.shape, seed: 5)
            let gradients = pull(upstream)
            for (found, expected) in zip(gradients, pullWanted(upstream)) {
                let largest = expected.scalars.map(\.asDouble.magnitude).max() ?? 1
                expectClose(
                    found, expected.shape, expected.scalars.map(\.asDouble), tolerance: tolerance * largest)
            }
            for (again, first) in zip(pull(upstream), gradients) { #expect(again.scalars == first.scalars) }
        }
    }
}
