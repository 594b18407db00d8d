// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The mean of each window (PyTorch: `nn.AvgPool2d`, channels last).
public struct AveragePooling2D<Scalar: FloatingScalar>: Layer {
    /// How many taps.
    public let window: Size2D
    /// From one window to the next.
    public let stride: Size2D
    /// Around the image, zeros; at most half of the window.
    public let padding: Padding2D
    /// Whether a last window that reaches beyond the padding counts.
    public let ceilMode: Bool
    /// Whether padding counts in the divisor (PyTorch: `count_include_pad`).
    public let countsPadding: Bool

    /// A layer with these windows; `stride` nil for the window's own size.
    public init(
        window: Size2D, stride: Size2D? = nil, padding: Padding2D = .none, ceilMode: Bool = false,
        countsPadding: Bool = true
    ) {
        self.window = window
        self.stride = stride ?? window
        self.padding = padding
        self.ceilMode = ceilMode
        self.countsPadding = countsPadding
    }

    /// (N, H, W, C) to (N, H′, W′, C); traps as `averagePooling2D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        averagePooling2D(
            x, window: window, stride: stride, padding: padding, ceilMode: ceilMode,
            countsPadding: countsPadding)
    }
}

/// The mean of each of so many parts of the image (PyTorch: `nn.AdaptiveAvgPool2d`, channels last).
public struct AdaptiveAveragePooling2D<Scalar: FloatingScalar>: Layer {
    /// H′ and W′.
    public let outputSize: Size2D

    /// A layer to this height and width.
    public init(_ outputSize: Size2D) { self.outputSize = outputSize }

    /// (N, H, W, C) to (N, H′, W′, C); traps as `adaptiveAveragePooling2D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        adaptiveAveragePooling2D(x, outputSize: outputSize)
    }
}

/// The mean of each channel over the image.
public struct GlobalAveragePooling2D<Scalar: FloatingScalar>: Layer {
    /// The layer.
    public init() {}

    /// (N, H, W, C) to (N, C); traps as `globalAveragePooling`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { globalAveragePooling(x) }
}
