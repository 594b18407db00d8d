// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// A dropout in the activation's pass is the dropout of its result, bit for bit, forward and backward.
@Suite struct FusedDropoutTests {
    /// Those that save their input, those that save their output, random slopes, and the identity.
    private static let activations: [Activation] = [
        .identity, .relu, .gelu, .sigmoid, .tanh, .softplus(beta: 1), .randomizedLeakyReLU,
    ]

    private static func seeded<Result>(_ body: () -> Result) -> Result {
        withRandomSeed(9) { withMode(.training, body) }
    }

    @Test(arguments: activations) func activated(_ activation: Activation) {
        // A bias alone sums its gradient in another order.
        if activation != .identity {
            compare(Float.self, [[37, 45], [45]]) {
                $0[0].activated(activation, bias: $0[1], dropout: 0.3)
            } unfused: {
                dropout($0[0].activated(activation, bias: $0[1]), probability: 0.3)
            }
        }
        compare(Double.self, [[3, 5, 7]]) {
            $0[0].activated(activation, dropout: 0.6)
        } unfused: {
            dropout($0[0].activated(activation), probability: 0.6)
        }
    }

    @Test(arguments: activations) func linearLayer(_ activation: Activation) {
        // Enough for several tiles, whose rows begin anywhere in a block of random words.
        let bias = activation != .identity
        compare(Float.self, [[130, 33], [201, 33]] + (bias ? [[201]] : [])) {
            linear(
                $0[0], weight: $0[1], bias: bias ? $0[2] : nil, activation: activation, dropout: 0.3)
        } unfused: {
            dropout(
                linear($0[0], weight: $0[1], bias: bias ? $0[2] : nil, activation: activation),
                probability: 0.3)
        }
        compare(Double.self, [[2, 3, 4], [6, 4]]) {
            linear($0[0], weight: $0[1], activation: activation, dropout: 0.5)
        } unfused: {
            dropout(linear($0[0], weight: $0[1], activation: activation), probability: 0.5)
        }
    }

    private func compare<Scalar: FloatingScalar>(
        _: Scalar.Type, _ shapes: [Shape], _ fused: ([Tensor<Scalar>]) -> Tensor<Scalar>,
        unfused: ([Tensor<Scalar>]) -> Tensor<Scalar>
    ) {
        let inputs: [Tensor<Scalar>] = shapes.enumerated().map { sample($1, seed: UInt64($0 + 1)) }
        let (plain, expected) = Self.seeded { (unfused(inputs), RandomGenerator.current.state) }
        let (value, state) = Self.seeded { (fused(inputs), RandomGenerator.current.state) }
        #expect(plain.scalars.contains(0) && plain.scalars.contains { $0 != 0 })
        #expect(value.scalars == plain.scalars)
        #expect(state == expected)
        let (y, pull) = Self.seeded { valueWithPullback(at: inputs, fused) }
        let (z, pullPlain) = Self.seeded { valueWithPullback(at: inputs, unfused) }
        #expect(y.scalars == plain.scalars && z.scalars == plain.scalars)
        let upstream: Tensor<Scalar> = sample(y.shape, seed: 8)
        let gradients = pull(upstream)
        for (found, wanted) in zip(gradients, pullPlain(upstream)) {
            #expect(found.scalars == wanted.scalars)
        }
        for (again, first) in zip(pull(upstream), gradients) { #expect(again.scalars == first.scalars) }
    }
}
