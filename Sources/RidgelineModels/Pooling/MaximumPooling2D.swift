// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The largest value of each window (PyTorch: `nn.MaxPool2d`, channels last).
public struct MaximumPooling2D<Scalar: FloatingScalar>: Layer {
    /// How many taps.
    public let window: Size2D
    /// From one window to the next.
    public let stride: Size2D
    /// Around the image, −∞; at most half of what a window spans.
    public let padding: Padding2D
    /// From one tap to the next.
    public let dilation: Size2D
    /// Whether a last window that reaches beyond the padding counts.
    public let ceilMode: Bool

    /// A layer with these windows; `stride` nil for the window's own size.
    public init(
        window: Size2D, stride: Size2D? = nil, padding: Padding2D = .none, dilation: Size2D = 1,
        ceilMode: Bool = false
    ) {
        self.window = window
        self.stride = stride ?? window
        self.padding = padding
        self.dilation = dilation
        self.ceilMode = ceilMode
    }

    /// (N, H, W, C) to (N, H′, W′, C); traps as `maximumPooling2D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        maximumPooling2D(
            x, window: window, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }
}

/// The largest value of each of so many parts of the image (PyTorch: `nn.AdaptiveMaxPool2d`, channels last).
public struct AdaptiveMaximumPooling2D<Scalar: FloatingScalar>: Layer {
    /// H′ and W′.
    public let outputSize: Size2D

    /// A layer to this height and width.
    public init(_ outputSize: Size2D) { self.outputSize = outputSize }

    /// (N, H, W, C) to (N, H′, W′, C); traps as `adaptiveMaximumPooling2D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        adaptiveMaximumPooling2D(x, outputSize: outputSize)
    }
}
