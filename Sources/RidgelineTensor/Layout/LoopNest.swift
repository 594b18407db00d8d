// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The loops over the elements of up to four operands of one shape, with as few axes as their strides allow.
///
/// Axes of extent 1 are dropped and neighbours over which every operand steps evenly are merged, so that
/// contiguous operands become one long inner loop, whatever their rank.
package struct LoopNest {
    package typealias Operands<Element> = InlineArray<4, Element>

    private(set) var extents = InlineIntegers()
    private(set) var strides: Operands<InlineIntegers>
    private let offsets: Operands<Int>

    /// The loops over layouts of one shape; operands beyond those given stay at offset 0.
    package init(_ first: Layout, _ second: Layout? = nil, _ third: Layout? = nil, _ fourth: Layout? = nil) {
        let layouts: Operands<Layout?> = [first, second, third, fourth]
        strides = .init(repeating: InlineIntegers())
        offsets = [first.offset, second?.offset ?? 0, third?.offset ?? 0, fourth?.offset ?? 0]
        for axis in 0..<first.rank {
            let extent = first.shape.extents[axis]
            if extent == 1 { continue }
            var merges = !extents.isEmpty
            let last = extents.count - 1
            for operand in 0..<4 where merges {
                guard let layout = layouts[operand] else { continue }
                merges = strides[operand][last] == layout.strides[axis] * extent
            }
            if merges {
                extents[last] *= extent
                for operand in 0..<4 { strides[operand][last] = layouts[operand]?.strides[axis] ?? 0 }
            } else {
                extents.append(extent)
                for operand in 0..<4 { strides[operand].append(layouts[operand]?.strides[axis] ?? 0) }
            }
        }
        if extents.isEmpty {
            extents.append(1)
            for operand in 0..<4 { strides[operand].append(0) }
        }
    }

    /// Elements below which a loop runs on the calling thread alone, and about how many one chunk holds.
    package static let grain = 32_768

    /// A part of the two innermost loops: `rows` × `columns` elements, of which each operand's first is at its offset.
    package struct Block {
        package var offsets: Operands<Int>
        package let rows: Int
        package let columns: Int
    }

    /// The extent of the innermost axis.
    package var columns: Int { extents[extents.count - 1] }

    /// The operands' strides along the innermost axis.
    package var steps: Operands<Int> { strides(fromEnd: 1) }

    /// The operands' strides along the axis outside it, 0 where there is none.
    package var rowSteps: Operands<Int> { strides(fromEnd: 2) }

    private func strides(fromEnd position: Int) -> Operands<Int> {
        var result = Operands<Int>(repeating: 0)
        guard extents.count >= position else { return result }
        for operand in 0..<4 { result[operand] = strides[operand][extents.count - position] }
        return result
    }

    /// The same loops with an axis, given by its place among these, moved to just outside the innermost one.
    package func movingToRows(_ axis: Int) -> LoopNest {
        var result = self
        let last = extents.count - 1
        guard axis < last - 1 else { return self }
        result.extents.remove(at: axis)
        result.extents.insert(extents[axis], at: last - 1)
        for operand in 0..<4 {
            result.strides[operand].remove(at: axis)
            result.strides[operand].insert(strides[operand][axis], at: last - 1)
        }
        return result
    }

    /// Calls `body` with blocks that cover every element once. Chunks of them run on several threads; their bounds
    /// depend on the shape alone.
    ///
    /// - Parameters:
    ///   - band: as many rows are kept together where there are so many, for what is quicker done with several.
    ///   - scratch: bytes that each chunk has for itself.
    package func forEachBlock(
        parallel: Bool = true, band: Int = 1, scratch: Int = 0,
        _ body: (_ block: Block, _ scratch: UnsafeMutableRawPointer) -> Void
    ) {
        let cut = Cut(of: self, band: band, parallel: parallel)
        if cut.rows == 0 || cut.columns == 0 { return }
        let (steps, rowSteps) = (steps, rowSteps)
        Parallelism.forEach(cut.pieces) { piece in
            let (rowPiece, columnPiece) = piece.quotientAndRemainder(dividingBy: cut.columnPieces)
            let column = columnPiece * cut.columnsPerPiece
            let columns = Swift.min(cut.columnsPerPiece, cut.columns - column)
            var row = rowPiece * cut.rowsPerPiece
            let end = Swift.min(row + cut.rowsPerPiece, cut.rows)
            var (outer, first) = row.quotientAndRemainder(dividingBy: cut.rowsEach)
            var cursor = Cursor(of: self, at: outer)
            withUnsafeTemporaryAllocation(byteCount: scratch, alignment: 64) { room in
                // An empty one has no address.
                let room = room.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 64)!
                while row < end {
                    let rows = Swift.min(cut.rowsEach - first, end - row)
                    var offsets = cursor.position
                    for operand in 0..<4 {
                        offsets[operand] += first * rowSteps[operand] + column * steps[operand]
                    }
                    body(Block(offsets: offsets, rows: rows, columns: columns), room)
                    row += rows
                    first = 0
                    outer += 1
                    if row < end { cursor.advance(in: self) }
                }
            }
        }
    }

    /// Calls `body` with the operands' element offsets, the inner strides and the count of every run along
    /// the innermost axis, in chunks as above.
    package func forEachRun(
        parallel: Bool = true,
        _ body: (_ offsets: Operands<Int>, _ strides: Operands<Int>, _ count: Int) -> Void
    ) {
        let (steps, rowSteps) = (steps, rowSteps)
        forEachBlock(parallel: parallel) { block, _ in
            var offsets = block.offsets
            for _ in 0..<block.rows {
                body(offsets, steps, block.columns)
                for operand in 0..<4 { offsets[operand] += rowSteps[operand] }
            }
        }
    }

    /// How the loops are cut into chunks: by rows of the innermost axis, and by columns where rows are long.
    private struct Cut {
        /// Rows of the innermost axis, in all and along the axis outside it.
        let rows, rowsEach: Int
        let columns: Int
        var rowsPerPiece, columnsPerPiece: Int

        var columnPieces: Int { (columns + columnsPerPiece - 1) / columnsPerPiece }
        var pieces: Int { (rows + rowsPerPiece - 1) / rowsPerPiece * columnPieces }

        init(of nest: LoopNest, band: Int, parallel: Bool) {
            let axes = nest.extents.count
            columns = nest.extents[axes - 1]
            rowsEach = axes > 1 ? nest.extents[axes - 2] : 1
            var rows = 1
            for axis in 0..<(axes - 1) { rows *= nest.extents[axis] }
            self.rows = rows
            (rowsPerPiece, columnsPerPiece) = (Swift.max(rows, 1), Swift.max(columns, 1))
            if !parallel { return }
            let band = Swift.min(band, Swift.max(rowsEach, 1))
            if columns * band > 2 * grain {
                // Of much work twice as large ones, which take less of the time to hand out.
                let share = columns > 8 * grain ? 2 * grain : grain
                columnsPerPiece = (share / band + 63) / 64 * 64
            }
            let rowsForGrain = columnsPerPiece < columns ? 1 : grain / columnsPerPiece
            rowsPerPiece = Swift.max((rowsForGrain + band - 1) / band * band, band)
        }
    }

    /// A place in the outer loops: the index along each axis but the two innermost, and the offsets there.
    private struct Cursor {
        var index: InlineIntegers
        var position: Operands<Int>

        init(of nest: LoopNest, at flat: Int) {
            let axes = Swift.max(nest.extents.count - 2, 0)
            index = InlineIntegers(repeating: 0, count: axes)
            position = nest.offsets
            var rest = flat
            for axis in stride(from: axes - 1, through: 0, by: -1) {
                index[axis] = rest % nest.extents[axis]
                rest /= nest.extents[axis]
                for operand in 0..<4 { position[operand] += index[axis] * nest.strides[operand][axis] }
            }
        }

        mutating func advance(in nest: LoopNest) {
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                for operand in 0..<4 { position[operand] += nest.strides[operand][axis] }
                if index[axis] < nest.extents[axis] { return }
                for operand in 0..<4 {
                    position[operand] -= nest.strides[operand][axis] * nest.extents[axis]
                }
                index[axis] = 0
                axis -= 1
            }
        }
    }
}
