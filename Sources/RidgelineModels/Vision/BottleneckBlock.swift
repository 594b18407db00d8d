// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The residual block of the deep networks, 1×1 to fewer channels, 3×3, 1×1 to more:
/// y = act(BN₃(conv₃(act(BN₂(conv₂(act(BN₁(conv₁(x))))))) + shortcut(x)) (He et al., 2015; torchvision: `Bottleneck`).
/// The last normalisation, the sum and the activation are one pass.
///
/// The stride is that of the 3×3 convolution, "v1.5" as in torchvision; the paper has it in the first.
public struct BottleneckBlock<Scalar: FloatingScalar>: ResidualLayer, NamedParts {
    /// act(BN₁(conv₁(x))), 1×1.
    public let first: ConvolutionBlock<Scalar>
    /// act(BN₂(conv₂(·))), 3×3.
    public let middle: ConvolutionBlock<Scalar>
    /// act(BN₃(conv₃(·)) + shortcut), 1×1.
    public let last: ConvolutionBlock<Scalar>
    /// The projection of x, or nil for the identity.
    public let shortcut: ImageShortcut<Scalar>?

    /// A block from images of `inputs` channels to `outputs` (as many by default) by way of `hidden` (a quarter of the
    /// outputs by default), its sides divided by the stride. Traps on a number below 1.
    ///
    /// - Parameters:
    ///   - shortcut: What follows where the shape changes.
    ///   - zeroInitializesLastScale: Whether BN₃'s scale starts at 0, so that the block starts as act(shortcut(x))
    ///     (Goyal et al., "Accurate, large minibatch SGD", 2017; torchvision: `zero_init_residual`).
    public init(
        _ inputs: Int, hidden: Int? = nil, outputs: Int? = nil, stride: Int = 1,
        activation: Activation = .relu,
        shortcut: ImageShortcutKind = .projection, zeroInitializesLastScale: Bool = false
    ) {
        let outputs = outputs ?? inputs
        let hidden = hidden ?? outputs / 4
        first = ConvolutionBlock(inputs, hidden, kernel: 1, activation: activation, names: ("conv1", "bn1"))
        middle = ConvolutionBlock(
            hidden, hidden, kernel: 3, stride: Size2D(stride), padding: 1, activation: activation,
            names: ("conv2", "bn2"))
        last = ConvolutionBlock(hidden, outputs, kernel: 1, activation: activation, names: ("conv3", "bn3"))
        self.shortcut = ImageShortcut(shortcut, from: inputs, to: outputs, stride: stride)
        if zeroInitializesLastScale { last.normalization.weight.value = .zeros([outputs]) }
    }

    /// torchvision's names.
    public var partNames: [String: String] { ["shortcut": "downsample"] }

    /// act(BN₃(conv₃(act(BN₂(conv₂(act(BN₁(conv₁(x))))))) + kept). Traps where the summands differ in shape.
    public func callAsFunction(_ x: Tensor<Scalar>, adding kept: Tensor<Scalar>) -> Tensor<Scalar> {
        last(middle(first(x)), adding: kept)
    }
}
