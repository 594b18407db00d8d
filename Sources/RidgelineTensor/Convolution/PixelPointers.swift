// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An image whose pixels are handed out as pointers to their channels; those outside it are zeros.
struct PixelPointers<Scalar: FloatingScalar> {
    let image: UnsafePointer<Scalar>
    let height: Int
    let width: Int
    let channels: Int
    /// As many zeros as there are channels.
    let zeros: UnsafePointer<Scalar>

    /// The square of `side`² pixels whose first is at (row, column) of a picture.
    @inline(__always)
    func square(
        _ picture: Int, row: Int, column: Int, side: Int,
        into taps: UnsafeMutablePointer<UnsafePointer<Scalar>>
    ) {
        var tap = 0
        for y in row..<row + side {
            let line = image + (picture * height + y) * width * channels
            let isInside = y >= 0 && y < height
            for x in column..<column + side {
                taps[tap] = isInside && x >= 0 && x < width ? line + x * channels : zeros
                tap += 1
            }
        }
    }
}

/// Calls `body` with room for `count` pointers to pixels.
@inline(__always)
func withTaps<Scalar: FloatingScalar>(
    _ count: Int, _ body: (UnsafeMutablePointer<UnsafePointer<Scalar>>) -> Void
) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>.self, capacity: count) {
        if let taps = $0.baseAddress { body(taps) }
    }
}

/// Calls `body` with `count` zeros.
@inline(__always)
func withZeros<Scalar: FloatingScalar>(
    _ count: Int, _ body: (UnsafePointer<Scalar>) -> Void
) {
    withScratch(of: Scalar.self, count: count) {
        $0.initialize(repeating: 0, count: count)
        body($0)
    }
}
