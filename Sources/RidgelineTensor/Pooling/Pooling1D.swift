// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The largest value of each window of sequences, channel by channel (PyTorch: `max_pool1d`, with length and channels
/// swapped): y[n, i, c] = max over the window's taps t of x[n, i·stride − before + t·dilation, c]. It is
/// `maximumPooling2D` of images of height 1; NaN, gradient and what is saved as there.
///
/// - Parameters:
///   - x: (N, L, C).
///   - window: How many taps.
///   - stride: From one window to the next; nil for the window's own size.
///   - padding: At most half of what a window spans.
///   - dilation: From one tap to the next.
///   - ceilMode: Whether a last window that reaches beyond the padding counts, where it starts before it.
/// - Returns: (N, L′, C). Traps as there.
public func maximumPooling1D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, window: Int, stride: Int? = nil, padding: Padding1D = .none, dilation: Int = 1,
    ceilMode: Bool = false
) -> Tensor<Scalar> {
    let operation = "maximumPooling1D"
    let images = sequences(x, for: operation)
    return maximumPooling(
        images,
        PoolingWindows(
            maximumOf: images.shape, window: Size2D(1, window), stride: Size2D(1, stride ?? window),
            padding: padding.ofRow, dilation: Size2D(1, dilation), ceilMode: ceilMode,
            for: operation + asImages)
    ).squeezed([1])
}

/// The mean of each window of sequences, channel by channel (PyTorch: `avg_pool1d`, with length and channels swapped): as
/// `averagePooling2D` of images of height 1. (N, L, C) to (N, L′, C); traps as there. Saves nothing.
public func averagePooling1D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, window: Int, stride: Int? = nil, padding: Padding1D = .none, ceilMode: Bool = false,
    countsPadding: Bool = true
) -> Tensor<Scalar> {
    let operation = "averagePooling1D"
    let images = sequences(x, for: operation)
    return averaged(
        images,
        PoolingWindows(
            averageOf: images.shape, window: Size2D(1, window), stride: Size2D(1, stride ?? window),
            padding: padding.ofRow, ceilMode: ceilMode, countsPadding: countsPadding,
            for: operation + asImages), .averagePooling
    ).squeezed([1])
}

/// The largest value of each of `outputSize` parts of sequences (PyTorch: `adaptive_max_pool1d`, with length and channels
/// swapped): as `adaptiveMaximumPooling2D` of images of height 1. (N, L, C) to (N, outputSize, C).
public func adaptiveMaximumPooling1D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, outputSize: Int
) -> Tensor<Scalar> {
    let operation = "adaptiveMaximumPooling1D"
    let images = sequences(x, for: operation)
    return maximumPooling(
        images, PoolingWindows(images.shape, adaptingTo: Size2D(1, outputSize), for: operation + asImages)
    ).squeezed([1])
}

/// The mean of each of `outputSize` parts of sequences (PyTorch: `adaptive_avg_pool1d`, with length and channels swapped):
/// as `adaptiveAveragePooling2D` of images of height 1. (N, L, C) to (N, outputSize, C). Saves nothing.
public func adaptiveAveragePooling1D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, outputSize: Int
) -> Tensor<Scalar> {
    let operation = "adaptiveAveragePooling1D"
    let images = sequences(x, for: operation)
    return averaged(
        images, PoolingWindows(images.shape, adaptingTo: Size2D(1, outputSize), for: operation + asImages),
        .averagePooling
    ).squeezed([1])
}

/// Sequences as images of height 1. Traps on another rank.
private func sequences<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, for operation: String) -> Tensor<Scalar> {
    require(x.rank == 3, "\(operation): input \(x.shape); expected (N, L, C)")
    return x.asImages
}
