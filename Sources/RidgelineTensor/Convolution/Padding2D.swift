// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How many zeros stand around an image where a window of a convolution or a pooling reaches beyond it.
public enum Padding2D: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// None: the window stays within the image (TensorFlow: `VALID`).
    case none
    /// So many rows above and below, columns left and right; each 0 or more.
    case each(top: Int, bottom: Int, left: Int, right: Int)
    /// As many as give ⌈extent / stride⌉ outputs, half of them on each side, the odd one below and right
    /// (TensorFlow: `SAME`; PyTorch's `padding='same'`, which takes stride 1 only).
    case same

    /// As many rows above as below, and columns left as right (PyTorch: `padding=(height, width)`).
    public static func symmetric(_ size: Size2D) -> Padding2D {
        .each(top: size.height, bottom: size.height, left: size.width, right: size.width)
    }

    /// The same number on all four sides.
    public init(integerLiteral value: Int) { self = .symmetric(Size2D(value)) }
}
