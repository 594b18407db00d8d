// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What the windows of a convolution see, a row for each of its outputs (im2col; PyTorch: `nn.Unfold`, of which this is
/// the transpose, as channels are last here):
/// y[n, i·W′ + j, (c·height + u)·width + v] = x[n, i·s + u·d − p, j·s + v·d − p, c], zeros outside x.
///
/// Times the transpose of a weight (out, C·height·width) it is the convolution. The gradient is the sum of the copies,
/// `fold2D`. Nothing is saved.
///
/// - Parameters:
///   - x: (N, H, W, C).
///   - kernel: The window's height and width.
///   - stride: Pixels from one window to the next.
///   - padding: Zeros around the image.
///   - dilation: Pixels from one tap of the window to the next.
/// - Returns: (N, H′·W′, C·height·width), H′ and W′ as of `convolution2D`. Traps on another rank, on numbers below 1 and
///   on windows larger than the padded image.
public func unfold2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, kernel: Size2D, stride: Size2D = 1, padding: Padding2D = .none, dilation: Size2D = 1
) -> Tensor<Scalar> {
    let operation = "unfold2D"
    require(x.rank == 4, "\(operation): input \(x.shape); expected (N, H, W, C)")
    let (vertical, horizontal) = WindowAxis.pair(
        image: Size2D(x.shape[1], x.shape[2]), kernel: kernel, stride: stride, dilation: dilation,
        padding: padding, of: x.shape, for: operation)
    let isPadded = vertical.paddedInput > vertical.input || horizontal.paddedInput > horizontal.input
    let image =
        isPadded
        ? x.padded([
            (0, 0), (vertical.before, vertical.after), (horizontal.before, horizontal.after), (0, 0),
        ]) : x
    return
        image
        .unfolded(axis: 1, size: kernel.height, step: stride.height, dilation: dilation.height)
        .unfolded(axis: 2, size: kernel.width, step: stride.width, dilation: dilation.width)
        .reshaped(to: [
            x.shape[0], vertical.output * horizontal.output, x.shape[3] * kernel.height * kernel.width,
        ])
}

/// The images that such rows add up to, the transpose of `unfold2D` (col2im; PyTorch: `nn.Fold`): each pixel is the sum of
/// what the windows hold for it. What they hold of the padding is dropped.
///
/// The gradient is `unfold2D`. Nothing is saved.
///
/// - Parameters:
///   - columns: (N, H′·W′, C·height·width), as `unfold2D` gives them.
///   - outputSize: H and W.
///   - kernel: The window's height and width; `stride`, `padding` and `dilation` as of `unfold2D`.
/// - Returns: (N, H, W, C). Traps on other shapes, with what the sizes expect.
public func fold2D<Scalar: FloatingScalar>(
    _ columns: Tensor<Scalar>, outputSize: Size2D, kernel: Size2D, stride: Size2D = 1,
    padding: Padding2D = .none, dilation: Size2D = 1
) -> Tensor<Scalar> {
    let operation = "fold2D"
    let (vertical, horizontal) = WindowAxis.pair(
        image: outputSize, kernel: kernel, stride: stride, dilation: dilation, padding: padding,
        for: operation)
    let taps = kernel.height * kernel.width
    let positions = vertical.output * horizontal.output
    require(
        columns.rank == 3 && columns.shape[1] == positions && columns.shape[2] % taps == 0,
        "\(operation): columns \(columns.shape) for images of \(outputSize) by windows of \(kernel); expected "
            + "(N, \(positions), channels·\(taps))")
    let channels = columns.shape[2] / taps
    let image =
        columns
        .reshaped(to: [
            columns.shape[0], vertical.output, horizontal.output, channels, kernel.height, kernel.width,
        ])
        .overlapAdded(
            axis: 2, step: stride.width, dilation: dilation.width, extent: horizontal.folded
        )
        .overlapAdded(axis: 1, step: stride.height, dilation: dilation.height, extent: vertical.folded)
    // Where the stride leaves pixels over, the windows reach less than the padded image.
    return image.padded([
        (0, 0), (0, vertical.paddedInput - vertical.folded), (0, horizontal.paddedInput - horizontal.folded),
        (0, 0),
    ])[
        0..<image.shape[0], vertical.before..<vertical.before + vertical.input,
        horizontal.before..<horizontal.before + horizontal.input]
}

extension WindowAxis {
    /// What the windows reach.
    fileprivate var folded: Int { (output - 1) * stride + reach }
}
