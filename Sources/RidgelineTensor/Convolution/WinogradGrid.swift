// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The tiles that cover the images a Winograd convolution writes.
struct WinogradGrid {
    let tile: WinogradTile
    let batch: Int
    /// Of each image that is written.
    let image: Size2D

    /// Rows of tiles of an image.
    var down: Int { (image.height + tile.rawValue - 1) / tile.rawValue }
    /// Tiles of a row.
    var across: Int { (image.width + tile.rawValue - 1) / tile.rawValue }
    /// Rows of tiles in the batch.
    var rows: Int { batch * down }

    /// The picture of a row of tiles, and its first line of pixels there.
    @inline(__always)
    func place(_ row: Int) -> (picture: Int, top: Int) {
        let (picture, down) = row.quotientAndRemainder(dividingBy: down)
        return (picture, down * tile.rawValue)
    }

    /// Elements from one matrix of transforms to the next: an odd number of cache lines, so that the matrices do not
    /// compete for the same sets of the caches.
    static func spacing<Scalar>(_ elements: Int, of type: Scalar.Type) -> Int {
        let line = 64 / MemoryLayout<Scalar>.size
        let lines = (elements + line - 1) / line
        return (lines | 1) * line
    }
}
