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
    /// Traps on a number below 1.
    ///
    /// - Parameters:
    ///   - shortcut: What follows where the shape changes.
    ///   - zeroInitializesLastScale: Whether BN₂'s scale starts at 0, so that the block starts as act(shortcut(x))
    ///     (Goyal et al., "Accurate, large minibatch SGD", 2017; torchvision: `zero_init_residual`).
    public init(
        _ inputs: Int, outputs: Int? = nil, stride: Int = 1, activation: Activation = .relu,
        shortcut: ImageShortcutKind = .projection, zeroInitializesLastScale: Bool = false
    ) {
        let outputs = outputs ?? inputs
        first = ConvolutionBlock(
            inputs, outputs, kernel: 3, stride: Size2D(stride), padding: 1, activation: activation,
            names: ("conv1", "bn1"))
        last = ConvolutionBlock(
            outputs, outputs, kernel: 3, padding: 1, activation: activation, names: ("conv2", "bn2"))
        self.shortcut = ImageShortcut(shortcut, from: inputs, to: outputs, stride: stride)
        if zeroInitializesLastScale { last.normalization.weight.value = .zeros([outputs]) }
    }

    /// torchvision's names.
    public var partNames: [String: String] { ["shortcut": "downsample"] }

    /// act(BN₂(conv₂(act(BN₁(conv₁(x))))) + kept). Traps where the summands differ in shape.
    public func callAsFunction(_ x: Tensor<Scalar>, adding kept: Tensor<Scalar>) -> Tensor<Scalar> {
        last(first(x), adding: kept)
    }
}
