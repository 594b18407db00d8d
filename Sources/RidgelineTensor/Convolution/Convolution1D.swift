// Part of Ridgeline. Licensed under the Apache License 2.0.

/// One-dimensional convolution (cross-correlation) of sequences, channels last, with bias, residual and activation
/// applied to each tile while it is in cache (PyTorch: `conv1d`, with length and channels swapped):
/// y[n, i, o] = act(Σ x[n, i·s + u·d − p, c]·W[o, c, u] + b[o] + residual[n, i, o]).
///
/// It is `convolution2D` of images of height 1, none of them copied.
///
/// - Parameters:
///   - x: (N, L, C).
///   - weight: (out, C/groups, width), PyTorch's shape; fastest where the channels are the axis with stride 1.
///   - bias: (out), or nil.
///   - stride: Positions from one window to the next.
///   - padding: Around the sequence.
///   - paddingMode: What stands there.
///   - dilation: Positions from one tap of the window to the next.
///   - groups: Into how many groups inputs and outputs are divided, each output seeing its group only.
///   - residual: Of the result's shape, added before the activation; or nil.
///   - slope: For `.parametricReLU`, the slopes: one, or (out).
///   - algorithm: How it is computed, as for `convolution2D`.
/// - Returns: (N, L′, out) with L′ = ⌊(L + before + after − dilation·(width − 1) − 1) / stride⌋ + 1. Traps on
///   shapes that do not fit, groups that do not divide, and kernels larger than the padded input.
public func convolution1D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, stride: Int = 1,
    padding: Padding1D = .none, paddingMode: PaddingMode = .zero, dilation: Int = 1, groups: Int = 1,
    residual: Tensor<Scalar>? = nil, activation: Activation = .identity, slope: Tensor<Scalar>? = nil,
    algorithm: ConvolutionAlgorithm = .automatic
) -> Tensor<Scalar> {
    convolution1D(
        x, ConvolutionWeight(weight), bias: bias,
        steps: .ofRow(
            stride: stride, padding: padding, paddingMode: paddingMode, dilation: dilation, groups: groups),
        residual: residual, activation: activation, slope: slope, algorithm: algorithm)
}

/// The same of a weight (out, in/groups, width) that may keep its transforms, by the steps along images of height 1.
package func convolution1D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: ConvolutionWeight<Scalar>, bias: Tensor<Scalar>?, steps: ConvolutionSteps,
    residual: Tensor<Scalar>? = nil, activation: Activation = .identity, slope: Tensor<Scalar>? = nil,
    algorithm: ConvolutionAlgorithm = .automatic
) -> Tensor<Scalar> {
    let operation = "convolution1D"
    requireSequences(x, weight.tensor, "(N, L, C) and (out, in, width)", for: operation)
    require(
        residual.map { $0.rank == 3 } ?? true,
        "\(operation): residual \(residual?.shape.description ?? "") for input \(x.shape); expected (N, L′, out)"
    )
    return convolution2D(
        x.asImages, ConvolutionWeight(weight.tensor.asKernel, cache: weight.cache), bias: bias, steps: steps,
        residual: residual?.asImages, activation: activation, slope: slope, algorithm: algorithm,
        for: operation + asImages
    ).output.squeezed([1])
}

/// What a message says after an operation on sequences whose shapes it gives as those of images.
let asImages = ", as images of height 1"

/// Traps, with both shapes, where sequences or weight have another rank than 3.
func requireSequences<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ expected: String, for operation: String
) {
    require(
        x.rank == 3 && weight.rank == 3,
        "\(operation): input \(x.shape), weight \(weight.shape); expected \(expected)")
}

extension Tensor {
    /// Sequences (N, L, C) as images (N, 1, L, C).
    var asImages: Tensor { expandingDimension(at: 1) }

    /// A weight of sequences as one of images: (…, …, width) as (…, …, 1, width).
    var asKernel: Tensor { expandingDimension(at: 2) }
}

extension ConvolutionSteps {
    /// The steps along images of height 1.
    package static func ofRow(
        stride: Int, padding: Padding1D, paddingMode: PaddingMode = .zero, dilation: Int, groups: Int
    ) -> ConvolutionSteps {
        ConvolutionSteps(
            stride: Size2D(1, stride), padding: padding.ofRow, paddingMode: paddingMode,
            dilation: Size2D(1, dilation), groups: groups)
    }
}
