// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A height and a width, in pixels or steps of pixels. A whole number stands for a square: `kernel: 3`.
public struct Size2D: Sendable, Hashable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// Along the second axis of an image batch (N, H, W, C).
    public var height: Int
    /// Along its third axis.
    public var width: Int

    /// This height and width.
    public init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    /// A square.
    public init(_ side: Int) { self.init(side, side) }

    /// A square.
    public init(integerLiteral side: Int) { self.init(side) }

    /// As `3×5`.
    public var description: String { "\(height)×\(width)" }
}
