// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// How a residual block's shortcut follows where the block has more channels or fewer pixels than its input
/// (He et al., 2015, section 3.3).
public enum ImageShortcutKind: Sendable, Hashable {
    /// A 1×1 convolution of the block's stride, normalised: option B, and torchvision's `downsample`.
    case projection
    /// Every stride-th pixel, with zeros for the channels that x lacks, without parameters: option A, which the
    /// networks for CIFAR use.
    case zeroPadding
}

/// The shortcut of a residual block that changes its input's shape.
public struct ImageShortcut<Scalar: FloatingScalar>: Layer {
    /// The projection; nil for zero padding.
    public let projection: ConvolutionBlock<Scalar>?
    /// From one pixel taken to the next.
    public let stride: Int
    /// Channels of the output.
    public let outputs: Int

    /// A shortcut of this kind; nil where the identity does.
    ///
    /// - Parameters:
    ///   - epsilon: The projection's normalisation's ε.
    ///   - momentum: The weight of a new batch in its running statistics.
    ///   - algorithm: How the projection is computed, where it can compute it.
    public init?(
        _ kind: ImageShortcutKind, from inputs: Int, to outputs: Int, stride: Int,
        algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5, momentum: Double? = 0.1
    ) {
        guard inputs != outputs || stride != 1 else { return nil }
        require(
            kind == .projection || inputs <= outputs,
            "residual block: \(inputs) input and \(outputs) output channels; zero padding expects no fewer outputs"
        )
        projection =
            kind == .projection
            ? ConvolutionBlock(
                inputs, outputs, kernel: 1, stride: Size2D(stride),
                algorithm: algorithm.fitting(inputs, outputs, kernel: 1, stride: stride), epsilon: epsilon,
                momentum: momentum, names: ("0", "1")) : nil
        self.stride = stride
        self.outputs = outputs
    }

    /// A shortcut by this projection, whose parameters it shares.
    public init(projection: ConvolutionBlock<Scalar>) {
        self.projection = projection
        stride = projection.convolution.stride.height
        outputs = projection.convolution.weight.shape[0]
    }

    /// (N, H, W, inputs) to (N, ⌈H/stride⌉, ⌈W/stride⌉, outputs).
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        if let projection { return projection(x) }
        let taken = x[.ellipsis, .strided(by: stride), .strided(by: stride), .all]
        return taken.padded([(0, 0), (0, 0), (0, 0), (0, outputs - x.shape[3])])
    }
}
