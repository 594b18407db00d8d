// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The size of the output tiles of a Winograd convolution F(m×m, 3×3).
package enum WinogradTile: Int, Sendable, CaseIterable {
    case two = 2
    case four = 4

    /// Pixels along a side of the input tile, m + 2; its square is the number of products.
    var side: Int { rawValue + 2 }
    var matrices: Int { side * side }
    var pixels: Int { rawValue * rawValue }

    /// Where the tile's polynomials are evaluated, besides infinity.
    var points: [Double] { self == .two ? [0, 1, -1] : [0, 0.625, -0.625, 1.5, -1.5] }
}
