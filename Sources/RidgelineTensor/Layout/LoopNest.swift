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

    /// Calls `body` with the operands' element offsets, the inner strides and the count of every run along
    /// the innermost axis. Chunks run on several threads; their bounds depend on the shape alone.
    package func forEachRun(
        parallel: Bool = true,
        _ body: (_ offsets: Operands<Int>, _ strides: Operands<Int>, _ count: Int) -> Void
    ) {
        let inner = extents[extents.count - 1]
        var outer = 1
        for axis in 0..<(extents.count - 1) { outer *= extents[axis] }
        if inner == 0 || outer == 0 { return }
        var steps = Operands<Int>(repeating: 0)
        for operand in 0..<4 { steps[operand] = strides[operand][extents.count - 1] }

        if outer == 1 {
            let pieces = parallel ? Swift.max(1, inner / Self.grain) : 1
            let length = (inner + pieces - 1) / pieces
            Parallelism.forEach(pieces) { piece in
                let start = piece * length
                let count = Swift.min(length, inner - start)
                if count <= 0 { return }
                var position = offsets
                for operand in 0..<4 { position[operand] += start * steps[operand] }
                body(position, steps, count)
            }
            return
        }
        let rowsPerPiece = parallel ? Swift.max(1, Self.grain / inner) : outer
        Parallelism.forEach((outer + rowsPerPiece - 1) / rowsPerPiece) { piece in
            let first = piece * rowsPerPiece
            var cursor = Cursor(of: self, at: first)
            for _ in first..<Swift.min(first + rowsPerPiece, outer) {
                body(cursor.position, steps, inner)
                cursor.advance(in: self)
            }
        }
    }

    /// A place in the outer loops: the index along each axis but the innermost, and the offsets there.
    private struct Cursor {
        var index: InlineIntegers
        var position: Operands<Int>

        init(of nest: LoopNest, at flat: Int) {
            let axes = nest.extents.count - 1
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
