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

    /// Calls `first` with all parts, `between` with each block once all of its own are done, and then `second` with
    /// all parts, the last first, which the walk before has left in cache.
    ///
    /// Where there are blocks for all threads, each goes through the three steps while it is in cache; else all
    /// threads share each step. What is computed is the same.
    func forEachBlock(first: ((Part) -> Void)?, between: (Int) -> Void, second: ((Part) -> Void)?) {
        let threads = Parallelism.threads
        let isEven = blocks % threads == 0 || blocks >= 4 * threads
        if blocks > 1 && isEven {
            Parallelism.forEach(blocks) { block in
                let pieces = block * piecesPerBlock..<(block + 1) * piecesPerBlock
                if let first { for piece in pieces { forEachPart(of: piece, first) } }
                between(block)
                if let second { for piece in pieces.reversed() { forEachPart(of: piece, second) } }
            }
            return
        }
        if let first { Parallelism.forEach(pieces) { forEachPart(of: $0, first) } }
        for block in 0..<blocks { between(block) }
        if let second { Parallelism.forEach(pieces) { forEachPart(of: pieces - 1 - $0, second) } }
    }

    /// Calls `body` with the parts of a piece, one after another.
    @inline(__always)
    private func forEachPart(of piece: Int, _ body: (Part) -> Void) {
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

    /// How many pieces the moments of a block are gathered in: one for each row that is folded into one, and one for
    /// the rows left over.
    var momentPieces: Int { piecesPerBlock * fold + 1 }

    /// The piece of the moments that a part is, with its folded rows the first of several side by side.
    func momentPiece(_ part: Part) -> Int {
        let own = part.isRest ? momentPieces - 1 : part.piece % piecesPerBlock * fold
        return part.block * momentPieces + own
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
    /// Adds up sums over the pieces of a block and the rows folded into one, in their order: of (pieces, width) to
    /// (channels).
    func merge(_ sums: UnsafePointer<Double>, _ block: Int, into total: UnsafeMutablePointer<Double>) {
        for column in 0..<columns { total[column] = 0 }
        Double._kernels.columnSums(
            x: sums + block * piecesPerBlock * width, stride: columns, total: total,
            rows: piecesPerBlock * fold, columns: columns)
    }

    /// Replaces the values of a block's channels by their means over the channels of each group.
    func averageGroups(_ values: UnsafeMutablePointer<Double>) {
        if groupSize == 1 { return }
        for group in stride(from: 0, to: columns, by: groupSize) {
            let channels = group..<group + groupSize
            let mean = channels.reduce(0.0) { $0 + values[$1] } / Double(groupSize)
            for channel in channels { values[channel] = mean }
        }
    }
}
