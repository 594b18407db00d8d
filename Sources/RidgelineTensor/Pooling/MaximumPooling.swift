// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The largest value of each window, channel by channel (PyTorch: `max_pool2d`, channels last).
///
/// y[n, i, j, c] = max over the window's taps (s, t) of x[n, i·stride − top + s·dilation,
/// j·stride − left + t·dilation, c]; what lies outside the image is −∞. A NaN in the window is the largest. The
/// gradient goes to the winner: the first of equal ones, the last NaN. Saves, only where it is recorded, which
/// tap won, in a byte for windows of up to 256 taps.
///
/// - Parameters:
///   - x: (N, H, W, C).
///   - window: How many taps.
///   - stride: From one window to the next; nil for the window's own size.
///   - padding: At most half of what a window spans.
///   - dilation: From one tap to the next.
///   - ceilMode: Whether a last window that reaches beyond the padding counts, where it starts before it.
/// - Returns: (N, H′, W′, C). Traps on other shapes, more padding and windows larger than the padded image.
public func maximumPooling2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, window: Size2D, stride: Size2D? = nil, padding: Padding2D = .none,
    dilation: Size2D = 1, ceilMode: Bool = false
) -> Tensor<Scalar> {
    maximumPooling(
        x,
        PoolingWindows(
            maximumOf: x.shape, window: window, stride: stride, padding: padding, dilation: dilation,
            ceilMode: ceilMode, for: "maximumPooling2D"))
}

extension PoolingWindows {
    /// Windows of which the largest value is taken.
    init(
        maximumOf shape: Shape, window: Size2D, stride: Size2D?, padding: Padding2D, dilation: Size2D,
        ceilMode: Bool, for operation: String
    ) {
        let axes = WindowAxis.pooling(
            shape, window: window, stride: stride ?? window, dilation: dilation, padding: padding,
            ceilMode: ceilMode, for: operation)
        self.init(
            shape, vertical: PoolingAxis(axes.vertical), horizontal: PoolingAxis(axes.horizontal))
    }
}

/// The largest value of each of `outputSize` parts of the image, which overlap where they do not divide it
/// (PyTorch: `adaptive_max_pool2d`): row i is of the rows from ⌊i·H / H′⌋ up to ⌈(i + 1)·H / H′⌉, columns likewise.
///
/// NaN, gradient and what is saved as by `maximumPooling2D`. (N, H, W, C) to (N, H′, W′, C); traps on other
/// shapes and on sizes below 1.
public func adaptiveMaximumPooling2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, outputSize: Size2D
) -> Tensor<Scalar> {
    maximumPooling(x, PoolingWindows(x.shape, adaptingTo: outputSize, for: "adaptiveMaximumPooling2D"))
}

func maximumPooling<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ windows: PoolingWindows
) -> Tensor<Scalar> {
    windows.vertical.longest * windows.horizontal.longest <= 256
        ? maximumPooling(x, windows, winners: Tensor<UInt8>?.none)
        : maximumPooling(x, windows, winners: Tensor<Int32>?.none)
}

/// The largest values; `winners` is written where it is not nil, or where they are recorded.
func maximumPooling<Scalar: FloatingScalar, Index: TensorScalar>(
    _ x: Tensor<Scalar>, _ windows: PoolingWindows, winners: Tensor<Index>?
) -> Tensor<Scalar> {
    let input = x.detached.contiguous()
    guard let recording = Recording.tracking(x.trace) else {
        return windows.maximum(input, winners: winners)
    }
    let entry = recording.entry(x.trace)
    let winners = winners ?? Tensor<Index>(uninitialized: windows.outputShape)
    let out = windows.maximum(input, winners: winners)
    return recording.record(.maximumPooling, out) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        pass.add(windows.gradient(of: dy, winners: winners), to: entry)
    }
}
