// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Two-dimensional transposed convolution, channels last, with bias and activation in one pass after it (PyTorch:
/// `conv_transpose2d` of channels-last tensors): each pixel adds its channels times the kernel to the result,
/// y[n, i·s + u·d − p, j·s + v·d − p, o] = act(Σ x[n, i, j, c]·W[c, o, u, v] + b[o]),
/// which is the gradient of a convolution with this weight by its input.
///
/// - Parameters:
///   - x: (N, H, W, C).
///   - weight: (C, out/groups, height, width), PyTorch's shape; fastest where the outputs are the axis with stride 1
///     (channels last), else it is copied so at each call.
///   - bias: (out), or nil.
///   - stride: From one pixel's place in the result to the next one's.
///   - padding: Cut off the result at each side. `.same` cuts off so much that the result is `stride` times as
///     large (TensorFlow: `Conv2DTranspose` with `same`).
///   - outputPadding: Rows and columns added to the result below and right, each less than stride or dilation: which
///     of the sizes that the convolution takes to x's is meant. 0 with `.same`.
///   - dilation: Pixels from one tap of the kernel to the next.
///   - groups: Into how many groups inputs and outputs are divided, each input adding to its group only.
///   - slope: For `.parametricReLU`, the slopes: one, or (out).
///   - algorithm: How it is computed, as for `convolution2D`.
/// - Returns: (N, H′, W′, out) with H′ = (H − 1)·stride − top − bottom + dilation·(height − 1) + outputPadding + 1.
///   Traps on shapes that do not fit, groups that do not divide, images without a pixel, and where nothing is left.
public func transposedConvolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, stride: Size2D = 1,
    padding: Padding2D = .none, outputPadding: Size2D = 0, dilation: Size2D = 1, groups: Int = 1,
    activation: Activation = .identity, slope: Tensor<Scalar>? = nil,
    algorithm: ConvolutionAlgorithm = .automatic
) -> Tensor<Scalar> {
    transposedConvolution2D(
        x, weight, bias: bias,
        steps: ConvolutionSteps(stride: stride, padding: padding, dilation: dilation, groups: groups),
        outputPadding: outputPadding, activation: activation, slope: slope, algorithm: algorithm)
}

/// One-dimensional transposed convolution of sequences, channels last (PyTorch: `conv_transpose1d`, with length and
/// channels swapped): y[n, i·s + u·d − p, o] = act(Σ x[n, i, c]·W[c, o, u] + b[o]).
///
/// It is `transposedConvolution2D` of images of height 1, none of them copied.
///
/// - Parameters:
///   - x: (N, L, C).
///   - weight: (C, out/groups, width).
///   - bias: (out), or nil.
///   - outputPadding: Positions added to the result at its end; less than stride or dilation.
/// - Returns: (N, L′, out) with L′ = (L − 1)·stride − before − after + dilation·(width − 1) + outputPadding + 1. Traps
///   as there.
public func transposedConvolution1D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, stride: Int = 1,
    padding: Padding1D = .none, outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1,
    activation: Activation = .identity, slope: Tensor<Scalar>? = nil,
    algorithm: ConvolutionAlgorithm = .automatic
) -> Tensor<Scalar> {
    let operation = "transposedConvolution1D"
    requireSequences(x, weight, "(N, L, in) and (in, out, width)", for: operation)
    return transposedConvolution2D(
        x.asImages, weight.asKernel, bias: bias,
        steps: .ofRow(stride: stride, padding: padding, dilation: dilation, groups: groups),
        outputPadding: Size2D(0, outputPadding), activation: activation, slope: slope, algorithm: algorithm,
        for: operation + asImages
    ).squeezed([1])
}

/// The product, then bias and activation in its place.
func transposedConvolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, bias: Tensor<Scalar>?, steps: ConvolutionSteps,
    outputPadding: Size2D, activation: Activation, slope: Tensor<Scalar>?, algorithm: ConvolutionAlgorithm,
    for operation: String = "transposedConvolution2D"
) -> Tensor<Scalar> {
    let g = ConvolutionGeometry(
        transposing: x.shape, weight: weight.shape, steps: steps, outputPadding: outputPadding, for: operation
    )
    require(
        bias == nil || bias?.shape == [g.inputs],
        "\(operation): bias \(bias?.shape.description ?? "") for weight \(weight.shape) in \(g.groups) groups; "
            + "expected [\(g.inputs)]")
    // Output padding beyond the stride is where further pixels would be.
    let (below, right) = (g.vertical.output - x.shape[1], g.horizontal.output - x.shape[2])
    let image = below + right == 0 ? x : x.padded([(0, 0), (0, below), (0, right), (0, 0)])
    return transposedProduct(image, weight, g, algorithm)
        .activated(activation, bias: bias, slope: slope)
}

/// The sum itself, recorded: the passes of the convolution `g` in other roles. Saved are x and W; dx is its forward
/// pass over the gradient, dW its weight gradient with x for the gradient and the gradient for its input.
private func transposedProduct<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ g: ConvolutionGeometry, _ algorithm: ConvolutionAlgorithm
) -> Tensor<Scalar> {
    let image = x.detached.contiguous()
    let kernel = weight.detached.permuted([0, 2, 3, 1]).contiguous()
    let passes = ConvolutionBackward<Scalar>(geometry: g, algorithm: algorithm)
    var out = Tensor<Scalar>(uninitialized: g.inputShape)
    out.fill { y in image.read { passes.inputGradient($0, kernel, beta: 0, into: y) } }
    guard let recording = Recording.tracking([x.trace, weight.trace]) else { return out }
    let entries = (x: recording.entry(x.trace), weight: recording.entry(weight.trace))
    let saved = entries.weight.map { _ in Saved(image) }
    return recording.record(.transposedConvolution, out) { pass in
        let keeps = pass.keepsSaved
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        if let saved {
            let dW = saved.take(keeping: keeps).read { image in
                dy.read { passes.weightGradient(image, $0) }
            }
            pass.add(dW.permuted([0, 3, 1, 2]), to: entries.weight)
        }
        if entries.x == nil { return }
        let forward = ConvolutionForward(g, weight: kernel, cache: nil, algorithm: algorithm)
        var dx = Tensor<Scalar>(uninitialized: g.outputShape)
        dx.fill { dx in dy.read { forward($0, into: dx, epilogue: nil) } }
        pass.add(dx, to: entries.x)
    }
}
