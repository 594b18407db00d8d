// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How a normalisation over rows goes through its matrix: blocks of rows (images, or one for all) with statistics of
/// their own, cut into pieces for the threads. The cut depends on the extents alone.
struct ChannelGrid {
    /// How many blocks have statistics of their own.
    let blocks: Int
    /// The rows of each.
    let rows: Int
    /// The channels.
    let columns: Int
    /// How many neighbouring channels share their statistics.
    let groupSize: Int
    /// How many rows are taken as one, so that vectors are full.
    let fold: Int
    private let cut: RowPieces

    init(blocks: Int, rows: Int, columns: Int, groupSize: Int = 1) {
        (self.blocks, self.rows, self.columns, self.groupSize) = (blocks, rows, columns, groupSize)
        let fold = Self.fold(columns)
        self.fold = rows >= 2 * fold ? fold : 1
        cut = RowPieces(
            rows: rows / self.fold, columns: self.fold * columns,
            atMost: Swift.max(1, 64 / Swift.max(1, blocks)))
    }

    /// As many rows as make whole vectors of any instruction set, and a few of them; 1 where they are wide.
    private static func fold(_ columns: Int) -> Int {
        if columns == 0 || columns >= 256 { return 1 }
        let whole = 16 >> Swift.min(4, columns.trailingZeroBitCount)
        return whole * Swift.max(1, 256 / (whole * columns))
    }

    /// The columns of folded rows.
    var width: Int { fold * columns }
    /// The values of each channel that share their statistics, over all channels of a group.
    var count: Int { rows * groupSize }
    /// The pieces of each block.
    var piecesPerBlock: Int { columns == 0 ? 0 : cut.count }
    /// All pieces.
    var pieces: Int { blocks * piecesPerBlock }

    /// Rows of one piece, folded or, where they were left over, plain.
    struct Part {
        /// The piece among all.
        let piece: Int
        let block: Int
        /// The first element in the matrix.
        let start: Int
        let rows: Int
        /// The columns of such a row.
        let width: Int
        /// Whether these are the rows that the fold left over.
        let isRest: Bool
    }

    /// Calls `body` with the parts of all pieces on all threads, those of one piece one after another.
    ///
    /// - Parameter backwards: Whether to begin at the end, whose elements the walk before has left in cache.
    @inline(__always)
    func forEachPart(backwards: Bool = false, _ body: (Part) -> Void) {
        let pieces = pieces
        Parallelism.forEach(pieces) { index in
            let piece = backwards ? pieces - 1 - index : index
            let (block, own) = piece.quotientAndRemainder(dividingBy: piecesPerBlock)
            let (first, count) = cut[own]
            let base = block * rows * columns
            body(
                Part(
                    piece: piece, block: block, start: base + first * width, rows: count, width: width,
                    isRest: false))
            let rest = rows % fold
            guard rest > 0, own == piecesPerBlock - 1 else { return }
            body(
                Part(
                    piece: piece, block: block, start: base + (rows - rest) * columns, rows: rest,
                    width: columns, isRest: true))
        }
    }
}

extension ChannelGrid.Part {
    /// The part in stretches that fit into the second-level cache.
    @inline(__always)
    func forEachCached(_ body: (ChannelGrid.Part) -> Void) {
        // Eight rows are what the sums take at a time.
        let height = Swift.max(1, LoopNest.grain / Swift.max(1, width) / 8) * 8
        for row in stride(from: 0, to: rows, by: height) {
            body(
                Self(
                    piece: piece, block: block, start: start + row * width,
                    rows: Swift.min(height, rows - row), width: width, isRest: isRest))
        }
    }

    /// The same rows unfolded, as a tile of the whole matrix.
    func tile(columns: Int) -> MatrixMultiply.Tile {
        (row: start / columns, column: 0, rows: rows * width / columns, columns: columns)
    }
}

extension ChannelGrid {
    /// The sums of a kind over the pieces of each block and the rows folded into one, in their order: (kinds, pieces,
    /// width) to (blocks, channels).
    func merged(_ totals: Tensor<Double>, _ kind: Int) -> Tensor<Double> {
        let sums = Tensor<Double>.zeros([blocks, columns])
        let (from, to) = (totals.pointer + kind * pieces * width, sums.storage.pointer(as: Double.self))
        for block in 0..<blocks {
            Double._kernels.columnSums(
                x: from + block * piecesPerBlock * width, stride: columns, total: to + block * columns,
                rows: piecesPerBlock * fold, columns: columns)
        }
        withExtendedLifetime(totals.storage) {}
        return sums
    }
}
