// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The basic residual block of two 3×3 convolutions: y = act(BN₂(conv₂(act(BN₁(conv₁(x))))) + shortcut(x))
/// (He et al., 2015; torchvision: `BasicBlock`). The second normalisation, the sum and the activation are one pass.
///
/// Its parameters are named as torchvision's: `conv1.weight`, `bn1.weight`, … `downsample.0.weight`.
public struct ResidualBlock<Scalar: FloatingScalar>: ResidualLayer, NamedParts {
    /// act(BN₁(conv₁(x))), which has the block's stride.
    public let first: ConvolutionBlock<Scalar>
    /// act(BN₂(conv₂(·)) + shortcut).
    public let last: ConvolutionBlock<Scalar>
    /// The projection of x, or nil for the identity.
    public let shortcut: ImageShortcut<Scalar>?

    /// A block from images of `inputs` channels to `outputs` (as many by default), its sides divided by the stride.
    /// Traps on a number below 1 and as its parts do.
    ///
    /// - Parameters:
    ///   - dilation: Of both 3×3 convolutions, whose padding grows with it.
    ///   - groups: Of both.
    ///   - bias: Whether both have one.
    ///   - paddingMode: What stands around their images.
    ///   - algorithm: How the block's convolutions are computed; those that it cannot compute, automatically.
    ///   - epsilon: ε of all its normalisations.
    ///   - momentum: The weight of a new batch in their running statistics; nil for their plain mean.
    ///   - shortcut: What follows where the shape changes.
    ///   - zeroInitializesLastScale: Whether BN₂'s scale starts at 0, so that the block starts as act(shortcut(x))
    ///     (Goyal et al., "Accurate, large minibatch SGD", 2017; torchvision: `zero_init_residual`).
    public init(
        _ inputs: Int, outputs: Int? = nil, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
        bias: Bool = false,
        paddingMode: PaddingMode = .zero, activation: Activation = .relu,
        algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5, momentum: Double? = 0.1,
        shortcut: ImageShortcutKind = .projection, zeroInitializesLastScale: Bool = false
    ) {
        let outputs = outputs ?? inputs
        func step(_ number: Int, _ inputs: Int, stride: Int) -> ConvolutionBlock<Scalar> {
            ConvolutionBlock(
                inputs, outputs, kernel: 3, stride: Size2D(stride), padding: .symmetric(Size2D(dilation)),
                paddingMode: paddingMode, dilation: Size2D(dilation), groups: groups, bias: bias,
                activation: activation,
                algorithm: algorithm.fitting(
                    inputs, outputs, kernel: 3, stride: stride, dilation: dilation, groups: groups),
                epsilon: epsilon, momentum: momentum, names: ("conv\(number)", "bn\(number)"))
        }
        self.init(
            first: step(1, inputs, stride: stride), last: step(2, outputs, stride: 1),
            shortcut: ImageShortcut(
                shortcut, from: inputs, to: outputs, stride: stride, algorithm: algorithm, epsilon: epsilon,
                momentum: momentum))
        if zeroInitializesLastScale { last.normalization.weight.value = .zeros([outputs]) }
    }

    /// A block of these parts, whose parameters it shares; nil for the identity as the shortcut. Give them torchvision's
    /// `names` where files are to have them: ("conv1", "bn1") and ("conv2", "bn2"). Two parts without names of their own
    /// are `first` and `last`.
    public init(
        first: ConvolutionBlock<Scalar>, last: ConvolutionBlock<Scalar>,
        shortcut: ImageShortcut<Scalar>? = nil
    ) {
        self.first = first
        self.last = last
        self.shortcut = shortcut
    }

    /// torchvision's names.
    public var partNames: [String: String] { ["shortcut": "downsample"] }

    /// act(BN₂(conv₂(act(BN₁(conv₁(x))))) + kept). Traps where the summands differ in shape.
    public func callAsFunction(_ x: Tensor<Scalar>, adding kept: Tensor<Scalar>) -> Tensor<Scalar> {
        last(first(x), adding: kept)
    }
}
