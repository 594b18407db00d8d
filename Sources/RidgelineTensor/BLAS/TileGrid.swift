// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How an m×n product is cut into tiles, each one call of BLAS on one thread.
///
/// The grid depends on the shape and on `Parallelism.gridCores` alone, so that every element is computed by
/// the same call at any number of threads. Tiles are large and near square, because a tile packs its own
/// panels of both factors; there is at least one a core where the product is worth it, and equally many for
/// each core, because the slowest one decides.
struct TileGrid: Equatable {
    let m: Int
    let n: Int
    let rowTiles: Int
    let columnTiles: Int
    let tileRows: Int
    let tileColumns: Int

    var count: Int { rowTiles * columnTiles }

    init(m: Int, n: Int, k: Int, cores: Int) {
        self.m = m
        self.n = n
        var best = (rows: 1, columns: 1, cost: Self.cost(m, n, k, 1, 1, cores))
        let rowLimit = Self.limit(m, cores)
        let columnLimit = Self.limit(n, cores)
        // Every core gets equally many tiles: as few as keep a tile within the cache, or one more.
        let mostRounds = Swift.min(m * n / (Self.cachedElements * cores) + 2, 64)
        for rows in 1...rowLimit {
            for rounds in 1...mostRounds {
                let columns = Swift.min(columnLimit, Swift.max(1, rounds * cores / rows))
                let cost = Self.cost(m, n, k, rows, columns, cores)
                if cost < best.cost { best = (rows, columns, cost) }
                if columns == columnLimit { break }
            }
        }
        tileRows = Self.side(m, best.rows)
        tileColumns = Self.side(n, best.columns)
        rowTiles = Swift.max(1, (m + tileRows - 1) / tileRows)
        columnTiles = Swift.max(1, (n + tileColumns - 1) / tileColumns)
    }

    /// The element ranges of one tile, row by row through the grid.
    @inline(__always)
    func tile(_ index: Int) -> (row: Int, column: Int, rows: Int, columns: Int) {
        let row = index / columnTiles * tileRows
        let column = index % columnTiles * tileColumns
        return (row, column, Swift.min(tileRows, m - row), Swift.min(tileColumns, n - column))
    }

    /// Sides are multiples of 16 elements, a vector of any instruction set, so that only the last tile of a
    /// row has a ragged edge.
    private static func side(_ extent: Int, _ pieces: Int) -> Int {
        let side = (extent + pieces - 1) / pieces
        return Swift.min(Swift.max(extent, 1), (side + 15) / 16 * 16)
    }

    private static func limit(_ extent: Int, _ cores: Int) -> Int {
        // No more candidates than a search may take; a tile of a huge matrix is then larger.
        Swift.max(1, Swift.min(extent / 32, Swift.max(2 * cores, extent / 256), 2 * cores + 256))
    }

    /// Elements of a tile that the caches near a core hold until they are used again.
    private static let cachedElements = 786_432

    /// The time of the core with the most tiles, in units of one multiply-add at full rate: the tile's
    /// products; the packing of its two panels, an element of which costs about as much as 12 multiply-adds;
    /// the start of a call; the waking of other threads; and for tiles beyond the cache, the way to memory
    /// and back for what is applied to them.
    private static func cost(
        _ m: Int, _ n: Int, _ k: Int, _ rows: Int, _ columns: Int, _ cores: Int
    ) -> Double {
        let height = Double(side(m, rows))
        let width = Double(side(n, columns))
        let depth = Double(k)
        let rounds = Double((rows * columns + cores - 1) / cores)
        let beyond = Swift.max(0, height * width - Double(cachedElements))
        let waking = rows * columns > 1 ? 500_000.0 : 0
        return waking + rounds
            * (height * width * depth + 12 * (height + width) * depth + 30_000 + 8 * beyond)
    }
}
