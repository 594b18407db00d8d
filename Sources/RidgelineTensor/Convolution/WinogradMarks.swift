// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// Where Winograd's error would be larger than what it is relative to: every output of a tile carries an error of about
/// a millionth of the tile's largest input, also where its own window holds nothing of that size.
///
/// A tile has a mark of 32 bits. Bit i says that window i of the tile, row by row, is all zeros: its outputs are set to 0,
/// which is what the direct formula gives. `uneven` says that an input is not finite, or that a window, not all zeros,
/// holds less than 1/`spread` of the tile's largest input; the output's kernel adds `notFinite` where one of the tile's
/// outputs is not. Such tiles are computed by the direct formula.
enum WinogradMarks {
    typealias Mark = UInt32

    static let notFinite: Mark = RIDGELINE_WINOGRAD_NOT_FINITE
    static let uneven: Mark = RIDGELINE_WINOGRAD_UNEVEN
    /// How much larger than what a window holds its tile's largest input may be.
    static let spread = Double(RIDGELINE_WINOGRAD_SPREAD)

    /// Whether the tile is computed by the direct formula.
    @inline(__always)
    static func isDirect(_ mark: Mark) -> Bool { mark & (notFinite | uneven) != 0 }

    /// Sets the marks of one row of tiles by its inputs.
    ///
    /// - Parameters:
    ///   - before: Rows and columns of padding before the image that is read.
    ///   - marks: One for each tile of the row.
    static func set<Scalar: FloatingScalar>(
        _ row: Int, of grid: WinogradGrid, before: Size2D, _ pixels: PixelPointers<Scalar>,
        _ marks: UnsafeMutablePointer<Mark>
    ) {
        let (picture, top) = grid.place(row)
        let start = top - before.height
        let first = Swift.min(Swift.max(start, 0), pixels.height)
        let lines = Swift.max(0, Swift.min(start + grid.tile.side, pixels.height) - first)
        withScratch(of: Scalar.self, count: lines * pixels.width) {
            Scalar._kernels.convolution.marks(
                grid.tile, pixels.image + (picture * pixels.height + first) * pixels.width * pixels.channels,
                lines: lines, width: pixels.width, channels: pixels.channels, top: first - start,
                left: -before.width, outputs: Size2D(grid.image.height - top, grid.image.width),
                tiles: grid.across, magnitudes: $0, marks: marks)
        }
    }
}
