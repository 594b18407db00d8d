// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The largest value of each window of sequences (N, L, C) (PyTorch: `nn.MaxPool1d`, with length and channels swapped).
public struct MaximumPooling1D<Scalar: FloatingScalar>: Layer {
    /// How many taps.
    public let window: Int
    /// From one window to the next.
    public let stride: Int
    /// Around the sequence, −∞; at most half of what a window spans.
    public let padding: Padding1D
    /// From one tap to the next.
    public let dilation: Int
    /// Whether a last window that reaches beyond the padding counts.
    public let ceilMode: Bool

    /// A layer with these windows; `stride` nil for the window's own size.
    public init(
        window: Int, stride: Int? = nil, padding: Padding1D = .none, dilation: Int = 1, ceilMode: Bool = false
    ) {
        self.window = window
        self.stride = stride ?? window
        self.padding = padding
        self.dilation = dilation
        self.ceilMode = ceilMode
    }

    /// (N, L, C) to (N, L′, C); traps as `maximumPooling1D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        maximumPooling1D(
            x, window: window, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }
}

/// The mean of each window of sequences (N, L, C) (PyTorch: `nn.AvgPool1d`, with length and channels swapped).
public struct AveragePooling1D<Scalar: FloatingScalar>: Layer {
    /// How many taps.
    public let window: Int
    /// From one window to the next.
    public let stride: Int
    /// Around the sequence, zeros; at most half of the window.
    public let padding: Padding1D
    /// Whether a last window that reaches beyond the padding counts.
    public let ceilMode: Bool
    /// Whether padding counts in the divisor (PyTorch: `count_include_pad`).
    public let countsPadding: Bool

    /// A layer with these windows; `stride` nil for the window's own size.
    public init(
        window: Int, stride: Int? = nil, padding: Padding1D = .none, ceilMode: Bool = false,
        countsPadding: Bool = true
    ) {
        self.window = window
        self.stride = stride ?? window
        self.padding = padding
        self.ceilMode = ceilMode
        self.countsPadding = countsPadding
    }

    /// (N, L, C) to (N, L′, C); traps as `averagePooling1D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        averagePooling1D(
            x, window: window, stride: stride, padding: padding, ceilMode: ceilMode,
            countsPadding: countsPadding)
    }
}

/// The largest value of each of so many parts of sequences (PyTorch: `nn.AdaptiveMaxPool1d`).
public struct AdaptiveMaximumPooling1D<Scalar: FloatingScalar>: Layer {
    /// L′.
    public let outputSize: Int

    /// A layer to this length.
    public init(_ outputSize: Int) { self.outputSize = outputSize }

    /// (N, L, C) to (N, L′, C); traps as `adaptiveMaximumPooling1D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        adaptiveMaximumPooling1D(x, outputSize: outputSize)
    }
}

/// The mean of each of so many parts of sequences (PyTorch: `nn.AdaptiveAvgPool1d`).
public struct AdaptiveAveragePooling1D<Scalar: FloatingScalar>: Layer {
    /// L′.
    public let outputSize: Int

    /// A layer to this length.
    public init(_ outputSize: Int) { self.outputSize = outputSize }

    /// (N, L, C) to (N, L′, C); traps as `adaptiveAveragePooling1D`.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        adaptiveAveragePooling1D(x, outputSize: outputSize)
    }
}
