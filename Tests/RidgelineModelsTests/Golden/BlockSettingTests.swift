// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Blocks with an unusual ε and momentum against PyTorch's, from `block_settings.safetensors`: weights that load
/// strictly must also compute what they computed there.
struct BlockSettingTests {
    private static let settings: [(name: String, epsilon: Double, momentum: Double?)] = [
        ("efficientnet", 1e-3, 0.01), ("mean", 0.1, nil),
    ]
    private static let blocks = [
        "basic", "basic-dilated", "basic-v2", "bottleneck", "convolution", "feed-forward-after",
        "feed-forward-before", "network",
    ]

    @Test func everyStoredBlockIsCompared() throws {
        let groups = try Fixture("block_settings").groups(endingIn: "y.after")
        #expect(
            groups == Self.blocks.flatMap { block in Self.settings.map { "\(block)/\($0.name)" } }.sorted())
    }

    private func model<Scalar: FloatingScalar>(
        _ block: String, epsilon: Double, momentum: Double?
    ) -> any Layer<Scalar> {
        switch block {
        case "convolution":
            return ConvolutionBlock<Scalar>(
                4, 6, kernel: 3, stride: 2, padding: 1, groups: 2, activation: .silu, epsilon: epsilon,
                momentum: momentum)
        case "basic":
            return ResidualBlock<Scalar>(4, outputs: 6, stride: 2, epsilon: epsilon, momentum: momentum)
        case "basic-dilated":
            return ResidualBlock<Scalar>(4, dilation: 2, groups: 2, epsilon: epsilon, momentum: momentum)
        case "bottleneck":
            return BottleneckBlock<Scalar>(
                4, hidden: 4, outputs: 8, stride: 2, dilation: 2, groups: 2, epsilon: epsilon,
                momentum: momentum)
        case "basic-v2":
            return PreActivationBlock<Scalar>(4, outputs: 6, stride: 2, epsilon: epsilon, momentum: momentum)
        case "network":
            let configuration = ResNetConfiguration(
                blocks: [1, 1, 1], isBottleneck: false, width: 4, stem: .small)
            return ResNet<Scalar>(
                configuration, channels: 4, classes: 5, epsilon: epsilon, momentum: momentum)
        default:
            return FeedForward<Scalar>(
                width: 6, hiddenWidth: 9,
                residual: block.hasSuffix("after") ? .postNormalized : .preNormalized,
                bias: false, epsilon: epsilon)
        }
    }

    private func compare<Scalar: FloatingScalar>(_ block: String, _: Scalar.Type, _ tolerance: Double) throws
    {
        let fixture = try Fixture("block_settings")
        for (name, epsilon, momentum) in Self.settings {
            let key = "\(block)/\(name)"
            func golden(_ name: String) throws -> Tensor<Scalar> {
                try fixture.converted(key + "/" + name, to: Scalar.self)
            }
            let layer: any Layer<Scalar> = model(block, epsilon: epsilon, momentum: momentum)
            let start = key + "/start/"
            try layer.load(
                from: repository.appending(path: "Tests/Fixtures/block_settings.safetensors").path,
                renaming: ParameterRenaming { $0.hasPrefix(start) ? String($0.dropFirst(start.count)) : nil },
                rounding: true)
            let (x, upstream) = (try golden("x"), try golden("upstream"))
            expectClose(layer(x), try golden("y.before"), within: tolerance, "\(key) before")
            try step(layer, x, upstream, tolerance, key, golden)
            for (name, buffer) in layer.buffers(of: Scalar.self) {
                expectClose(buffer.value, try golden("after/" + name), within: tolerance, "\(key)/\(name)")
            }
            expectClose(layer(x), try golden("y.after"), within: tolerance, "\(key) after")
        }
    }

    private func step<Scalar: FloatingScalar>(
        _ layer: some Layer<Scalar>, _ x: Tensor<Scalar>, _ upstream: Tensor<Scalar>, _ tolerance: Double,
        _ key: String, _ golden: (String) throws -> Tensor<Scalar>
    ) throws {
        let (y, pullback) = valueWithPullback(of: layer, at: x) { $0($1) }
        expectClose(y, try golden("y"), within: tolerance, "\(key) y")
        let (dx, gradients) = pullback(upstream)
        expectClose(dx, try golden("dx"), within: tolerance * 10, "\(key) dx")
        #expect(gradients.count == layer.parameterNames.count)
        for (name, _, gradient) in gradients.all(of: Scalar.self) {
            expectClose(gradient, try golden("gradient/" + name), within: tolerance * 10, "\(key)/\(name)")
        }
    }

    @Test(arguments: blocks) func double(_ block: String) throws { try compare(block, Double.self, 1e-11) }

    @Test(arguments: blocks) func float(_ block: String) throws { try compare(block, Float.self, 2e-5) }
}
