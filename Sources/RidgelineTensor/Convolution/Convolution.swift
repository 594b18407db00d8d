// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How a convolution steps over its input, for both axes of an image.
package struct ConvolutionSteps: Sendable, Hashable {
    package var stride: Size2D
    package var padding: Padding2D
    package var paddingMode: PaddingMode
    package var dilation: Size2D
    package var groups: Int

    package init(
        stride: Size2D = 1, padding: Padding2D = .none, paddingMode: PaddingMode = .zero,
        dilation: Size2D = 1, groups: Int = 1
    ) {
        self.stride = stride
        self.padding = padding
        self.paddingMode = paddingMode
        self.dilation = dilation
        self.groups = groups
    }
}

/// Two-dimensional convolution (cross-correlation), channels last, with bias, residual and activation applied to
/// each tile while it is in cache (PyTorch: `conv2d` of channels-last tensors):
/// y[n, i, j, o] = act(Σ x[n, i·s + u·d − p, j·s + v·d − p, c]·W[o, c, u, v] + b[o] + residual[n, i, j, o]),
/// with zeros, or what `paddingMode` says, for what lies outside x.
///
/// - Parameters:
///   - x: (N, H, W, C).
///   - weight: (out, C/groups, height, width), PyTorch's shape; fastest where the channels are the axis with
///     stride 1 (channels last), else it is copied so at each call.
///   - bias: (out), or nil.
///   - stride: Pixels from one window to the next.
///   - padding: Pixels around the image.
///   - paddingMode: What they are. All but zeros are a copy of the image with its edges around it.
///   - dilation: Pixels from one tap of the window to the next.
///   - groups: Into how many groups inputs and outputs are divided, each output seeing its group only.
///   - residual: Of the result's shape, added before the activation; or nil.
///   - slope: For `.parametricReLU`, the slopes: one, or (out).
///   - algorithm: How it is computed; by default what `ConvolutionAlgorithm.automatic` estimates fastest.
/// - Returns: (N, H′, W′, out) with H′ = ⌊(H + top + bottom − dilation·(height − 1) − 1) / stride⌋ + 1. Traps
///   on shapes that do not fit, groups that do not divide, and kernels larger than the padded input.
public func convolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, stride: Size2D = 1,
    padding: Padding2D = .none, paddingMode: PaddingMode = .zero, dilation: Size2D = 1, groups: Int = 1,
    residual: Tensor<Scalar>? = nil, activation: Activation = .identity, slope: Tensor<Scalar>? = nil,
    algorithm: ConvolutionAlgorithm = .automatic
) -> Tensor<Scalar> {
    convolution2D(
        x, ConvolutionWeight(weight), bias: bias,
        steps: ConvolutionSteps(
            stride: stride, padding: padding, paddingMode: paddingMode, dilation: dilation, groups: groups),
        residual: residual, activation: activation, slope: slope, algorithm: algorithm
    ).output
}
