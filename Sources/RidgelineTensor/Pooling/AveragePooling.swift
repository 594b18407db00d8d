// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The mean of each window, channel by channel, summed in double and rounded once (PyTorch: `avg_pool2d`, channels last).
///
/// y[n, i, j, c] = Σ over the window of x[n, i·stride − top + s, j·stride − left + t, c] / divisor; what lies
/// outside the image is 0. The divisor is the number of taps that are on the image or its padding, or with
/// `countsPadding: false` on the image. Each input's gradient is the sum of its windows' dy / divisor. Saves
/// nothing.
///
/// - Parameters:
///   - x: (N, H, W, C).
///   - window: How many taps.
///   - stride: From one window to the next; nil for the window's own size.
///   - padding: At most half of the window.
///   - ceilMode: Whether a last window that reaches beyond the padding counts, where it starts before it. What it
///     sees there is in no divisor.
///   - countsPadding: Whether padding counts in the divisor (PyTorch: `count_include_pad`).
/// - Returns: (N, H′, W′, C). Traps on other shapes, more padding and windows larger than the padded image.
public func averagePooling2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, window: Size2D, stride: Size2D? = nil, padding: Padding2D = .none,
    ceilMode: Bool = false, countsPadding: Bool = true
) -> Tensor<Scalar> {
    averaged(
        x,
        PoolingWindows(
            averageOf: x.shape, window: window, stride: stride, padding: padding, ceilMode: ceilMode,
            countsPadding: countsPadding, for: "averagePooling2D"), .averagePooling)
}

extension PoolingWindows {
    /// Windows of which the mean is taken.
    init(
        averageOf shape: Shape, window: Size2D, stride: Size2D?, padding: Padding2D, ceilMode: Bool,
        countsPadding: Bool, for operation: String
    ) {
        let axes = WindowAxis.pooling(
            shape, window: window, stride: stride ?? window, dilation: 1, padding: padding,
            ceilMode: ceilMode, for: operation)
        self.init(
            shape, vertical: PoolingAxis(axes.vertical, countsPadding: countsPadding),
            horizontal: PoolingAxis(axes.horizontal, countsPadding: countsPadding))
    }
}

/// The mean of each of `outputSize` parts of the image, which overlap where they do not divide it (PyTorch:
/// `adaptive_avg_pool2d`): row i is of the rows from ⌊i·H / H′⌋ up to ⌈(i + 1)·H / H′⌉, columns likewise.
///
/// (N, H, W, C) to (N, H′, W′, C); traps on other shapes and on sizes below 1. Saves nothing.
public func adaptiveAveragePooling2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, outputSize: Size2D
) -> Tensor<Scalar> {
    averaged(
        x, PoolingWindows(x.shape, adaptingTo: outputSize, for: "adaptiveAveragePooling2D"), .averagePooling)
}

/// The mean of each channel over the image: (N, H, W, C) to (N, C), as `adaptiveAveragePooling2D` to one pixel.
/// Traps on other shapes and on images without a pixel. Saves nothing.
public func globalAveragePooling<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let windows = PoolingWindows(x.shape, adaptingTo: 1, for: "globalAveragePooling")
    return averaged(x, windows, .averagePooling).reshaped(to: [x.shape[0], x.shape[3]])
}

/// The mean of each window, recorded as `operation`.
func averaged<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ windows: PoolingWindows, _ operation: DifferentiableOperation
) -> Tensor<Scalar> {
    let out = windows.average(x.detached.contiguous())
    guard let recording = Recording.tracking(x.trace) else { return out }
    let entry = recording.entry(x.trace)
    return recording.record(operation, out) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        pass.add(windows.gradient(of: dy, winners: Tensor<UInt8>?.none), to: entry)
    }
}
