// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Activations as values: names, domains, and what layers do with them.
struct ActivationTests {
    @Test(arguments: Activation.family)
    func nameLeadsBack(_ activation: Activation) throws {
        #expect(try Activation(named: activation.name) == activation)
        #expect(try Activation(named: activation.name.uppercased()) == activation)
        let data = try JSONEncoder().encode([activation])
        #expect(try JSONDecoder().decode([Activation].self, from: data) == [activation])
    }

    @Test(arguments: [
        (Activation.leakyReLU(slope: -0.25), "leaky-relu(-0.25)"),
        (.hardTanh(lower: -2, upper: 2), "hard-tanh(-2.0, 2.0)"),
        (.softplus(beta: 2), "softplus(2.0, inf)"),
        (.parametricReLU(isPerChannel: true), "parametric-relu(0.25, 1.0)"),
        (.randomizedLeakyReLU(lower: 0, upper: 0.5), "randomized-leaky-relu(0.0, 0.5)"),
        (.swish(beta: 1.5), "silu(1.5)"),
    ])
    func unusualParametersAreWritten(_ activation: Activation, _ name: String) throws {
        #expect(activation.name == name)
        #expect(try Activation(named: name) == activation)
    }

    @Test(arguments: [
        ("LeakyReLU", Activation.leakyReLU), ("leaky_relu", .leakyReLU), ("PReLU", .parametricReLU()),
        ("prelu", .parametricReLU()), ("RReLU", .randomizedLeakyReLU), ("ReLU6", .relu6),
        ("Hardswish", .hardSwish),
        ("hardtanh", .hardTanh), ("Hardsigmoid", .hardSigmoid), ("LogSigmoid", .logSigmoid),
        ("Tanhshrink", .tanhShrink),
        ("softshrink", .softShrink), ("Threshold", .thresholded(0)), ("SiLU", .silu), ("swish", .silu),
        ("gelu_new", .geluTanh), ("gelu_pytorch_tanh", .geluTanh), ("quick_gelu", .geluSigmoid),
        ("relu2", .squaredReLU),
    ])
    func pyTorchsNamesAreKnown(_ name: String, _ activation: Activation) throws {
        #expect(try Activation(named: name) == activation)
    }

    @Test func unknownNamesListTheKnown() throws {
        let error = #expect(throws: ActivationNameError.unknown("reluu")) { try Activation(named: "reluu") }
        let text = try #require(error?.description)
        #expect(
            text.hasPrefix(
                "there is no activation 'reluu'; known are identity, step, relu, relu6, leaky-relu"))
        for activation in Activation.family { #expect(text.contains(activation.baseName)) }
    }

    @Test(arguments: [
        "relu(1)", "elu(nan)", "celu(0)", "celu(-1)", "hard-shrink(-1)", "hard-tanh(1)", "hard-tanh(2, 1)",
        "elu(x)",
        "elu(1", "softplus(0)", "leaky-relu(inf)", "randomized-leaky-relu(1, 0)", "parametric-relu(0.1, 2)",
    ])
    func parametersOutOfPlaceAreRefused(_ name: String) throws {
        let error = #expect(throws: ActivationNameError.self) { try Activation(named: name) }
        #expect(error?.description.hasPrefix("'\(name)': expected") == true)
    }

    @Test func layersKeepSlopesAsParameters() throws {
        let linear = Linear<Float>(3, 4, activation: .parametricReLU(initial: 0.1, isPerChannel: true))
        #expect(linear.parameterNames == ["weight", "bias", "slope"])
        #expect(linear.slope?.value == Tensor<Float>.full([4], 0.1))
        let block = DenseResidualBlock<Float>(4, activation: .parametricReLU())
        #expect(
            block.parameterNames == [
                "body.0.weight", "body.0.bias", "body.0.slope", "body.1.weight", "body.1.bias",
                "activation.slope",
            ])
        let (_, gradients) = valueAndGradients(of: block) {
            $0(Tensor<Float>.normal([8, 4])).squared().sum()
        }
        #expect(gradients.count == 6)
    }

    /// Slopes are told apart by their number, not by their axes.
    @Test func slopesMayHaveAnyAxes() {
        let x = Tensor<Float>.normal([64, 8])
        let flat = x.activated(.parametricReLU(isPerChannel: true), slope: .full([8], 0.25))
        #expect(x.activated(.parametricReLU(isPerChannel: true), slope: .full([1, 8], 0.25)) == flat)
        #expect(x.activated(.leakyReLU(slope: 0.25)) == flat)
    }

    /// In training each element has a slope of its own within the bounds; in inference all have the mean.
    @Test func randomSlopesFollowTheMode() {
        let x = Tensor<Float>.full([64, 32], -1)
        let layer = ActivationLayer<Float>(.randomizedLeakyReLU(lower: 0.1, upper: 0.3))
        #expect(layer(x).isAlmostEqual(to: .full([64, 32], -0.2), relative: 1e-6))
        let slopes = withRandomSeed(2) { withMode(.training) { -layer(x) } }
        #expect(slopes.min().item >= 0.1 && slopes.max().item <= 0.3)
        #expect(abs(slopes.mean().item - 0.2) < 0.005)
        #expect(abs(slopes.variance().item - 0.04 / 12) < 0.0003)
        let linear = Linear<Float>(
            weight: .eye(32), bias: nil, activation: .randomizedLeakyReLU(lower: 0.1, upper: 0.3))
        let fused = withRandomSeed(2) { withMode(.training) { -linear(x) } }
        #expect(fused == slopes)
    }

    /// Mistakes that stop the program; Codable, as an exit test wants what it captures.
    enum Mistake: String, Codable, CaseIterable {
        case celu = "Activation.celu: -1.0; expected a positive"
        case nan = "Activation.leakyReLU: nan"
        case count = "expected 1 or 4, one for each channel"
        case channels = "one slope for each of an unknown number of channels"

        func make() {
            switch self {
            case .celu: _ = Activation.celu(alpha: -1)
            case .nan: _ = Activation.leakyReLU(slope: .nan)
            case .count: _ = Tensor<Float>.ones([2, 4]).activated(.parametricReLU(), slope: .ones([3]))
            case .channels: _ = ActivationLayer<Float>(.parametricReLU(isPerChannel: true))
            }
        }
    }

    @Test(arguments: Mistake.allCases)
    func domainsAreChecked(_ mistake: Mistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = message(result)
        #expect(text.contains(mistake.rawValue), "\(text)")
    }
}
