// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// A generator of transposed convolutions against a discriminator, as PyTorch trains them.
struct AdversarialTests {
    private struct Players<Scalar: FloatingScalar>: Module {
        let generator = Sequential<Scalar>(
            TransposedConvolution2D(12, 16, kernel: 4, bias: false), BatchNormalization(16),
            ActivationLayer(.relu),
            TransposedConvolution2D(16, 8, kernel: 4, stride: 2, padding: 1, bias: false),
            BatchNormalization(8), ActivationLayer(.relu),
            TransposedConvolution2D(8, 3, kernel: 4, stride: 2, padding: 1), ActivationLayer(.tanh))
        let discriminator = Sequential<Scalar>(
            Convolution2D(3, 8, kernel: 4, stride: 2, padding: 1),
            ActivationLayer(.leakyReLU(slope: 0.2)),
            Convolution2D(8, 16, kernel: 4, stride: 2, padding: 1, bias: false), BatchNormalization(16),
            ActivationLayer(.leakyReLU(slope: 0.2)), Convolution2D(16, 1, kernel: 4))
    }

    @Test func stepsAreThoseOfPyTorch() throws {
        let exact = try step(as: Double.self)
        let single = try step(as: Float.self)
        let fixture = try Fixture("adversarial")
        #expect(exact.count == 1 + 2 + 8 + 7)
        for (name, value) in exact {
            let expected: Tensor<Double> = try fixture.tensor("double/\(name)")
            #expect(value.shape == expected.shape)
            #expect((value - expected).norm().item <= 1e-12 * max(1e-3, expected.norm().item), "\(name)")
            let theirs: Tensor<Float> = try fixture.tensor("single/\(name)")
            let difference = differenceByNorm(single[name], expected)
            #expect(
                difference <= max(2 * differenceByNorm(theirs, expected), 1e-6),
                "\(name): off by \(difference)")
        }
    }

    /// The fake images, both losses and the gradients of the players' own parameters.
    private func step<Scalar: FloatingScalar>(as: Scalar.Type) throws -> [String: Tensor<Scalar>] {
        let fixture = try Fixture("adversarial")
        let players = Players<Scalar>()
        // PyTorch's names as they are.
        for (name, parameter) in players.parameters(of: Scalar.self) {
            parameter.value = try fixture.converted(name, to: Scalar.self)
        }
        let noise = try fixture.converted("noise", to: Scalar.self)
        let real = try fixture.converted("real", to: Scalar.self)
        var results: [String: Tensor<Scalar>] = [:]
        func keep<Player: Module>(
            _ name: String, _ player: Player, _ loss: @escaping (Player) -> Tensor<Scalar>
        ) {
            let (value, gradients) = valueAndGradients(of: player) { loss($0) }
            results["\(name)/loss"] = value
            for (path, parameter) in player.parameters(of: Scalar.self) {
                results["\(name)/\(path).gradient"] = gradients[parameter]
            }
        }
        let fake = withMode(.training) { players.generator(noise) }
        results["fake"] = fake
        keep("generator", players.generator) { (players.discriminator($0(noise)) - 1).squared().mean() }
        keep("discriminator", players.discriminator) {
            ($0(real) - 1).squared().mean() + $0(fake).squared().mean()
        }
        return results
    }
}
