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
    /// outputs by default), its sides divided by the stride. Traps on a number below 1 and as its parts do.
    ///
    /// - Parameters:
    ///   - dilation: Of the 3×3 convolution, whose padding grows with it.
    ///   - groups: Of the 3×3 convolution (Xie et al., "Aggregated residual transformations", 2017: ResNeXt).
    ///   - bias: Whether the convolutions have one.
    ///   - paddingMode: What stands around the 3×3 convolution's image.
    ///   - algorithm: How the block's convolutions are computed; those that it cannot compute, automatically.
    ///   - epsilon: ε of all its normalisations.
    ///   - momentum: The weight of a new batch in their running statistics; nil for their plain mean.
    ///   - shortcut: What follows where the shape changes.
    ///   - zeroInitializesLastScale: Whether BN₃'s scale starts at 0, so that the block starts as act(shortcut(x))
    ///     (Goyal et al., "Accurate, large minibatch SGD", 2017; torchvision: `zero_init_residual`).
    public init(
        _ inputs: Int, hidden: Int? = nil, outputs: Int? = nil, stride: Int = 1, dilation: Int = 1,
        groups: Int = 1,
        bias: Bool = false, paddingMode: PaddingMode = .zero, activation: Activation = .relu,
        algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5, momentum: Double? = 0.1,
        shortcut: ImageShortcutKind = .projection, zeroInitializesLastScale: Bool = false
    ) {
        let outputs = outputs ?? inputs
        let hidden = hidden ?? outputs / 4
        func step(_ number: Int, _ inputs: Int, _ outputs: Int) -> ConvolutionBlock<Scalar> {
            let isMiddle = number == 2
            return ConvolutionBlock(
                inputs, outputs, kernel: isMiddle ? 3 : 1, stride: isMiddle ? Size2D(stride) : 1,
                padding: isMiddle ? .symmetric(Size2D(dilation)) : 0,
                paddingMode: isMiddle ? paddingMode : .zero,
                dilation: isMiddle ? Size2D(dilation) : 1, groups: isMiddle ? groups : 1, bias: bias,
                activation: activation,
                algorithm: isMiddle
                    ? algorithm.fitting(
                        inputs, outputs, kernel: 3, stride: stride, dilation: dilation, groups: groups)
                    : algorithm.fitting(inputs, outputs, kernel: 1),
                epsilon: epsilon, momentum: momentum, names: ("conv\(number)", "bn\(number)"))
        }
        self.init(
            first: step(1, inputs, hidden), middle: step(2, hidden, hidden), last: step(3, hidden, outputs),
            shortcut: ImageShortcut(
                shortcut, from: inputs, to: outputs, stride: stride, algorithm: algorithm, epsilon: epsilon,
                momentum: momentum))
        if zeroInitializesLastScale { last.normalization.weight.value = .zeros([outputs]) }
    }

    /// A block of these parts, whose parameters it shares; nil for the identity as the shortcut. Give them torchvision's
    /// `names` where files are to have them: ("conv1", "bn1") and so on. Parts without names of their own are `first`,
    /// `middle` and `last`.
    public init(
        first: ConvolutionBlock<Scalar>, middle: ConvolutionBlock<Scalar>, last: ConvolutionBlock<Scalar>,
        shortcut: ImageShortcut<Scalar>? = nil
    ) {
        self.first = first
        self.middle = middle
        self.last = last
        self.shortcut = shortcut
    }

    /// torchvision's names.
    public var partNames: [String: String] { ["shortcut": "downsample"] }

    /// act(BN₃(conv₃(act(BN₂(conv₂(act(BN₁(conv₁(x))))))) + kept). Traps where the summands differ in shape.
    public func callAsFunction(_ x: Tensor<Scalar>, adding kept: Tensor<Scalar>) -> Tensor<Scalar> {
        last(middle(first(x)), adding: kept)
    }
}
