// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// These elements row-major without gaps: the tensor itself where they lie so already, else a copy.
    /// Values and gradients are the same either way.
    public func contiguous() -> Tensor {
        let plain = unchanged
        return layout.isContiguous
            ? plain : Tensor(storage: copied().storage, layout: Layout(contiguous: shape), trace: plain.trace)
    }

    /// An unrecorded, row-major copy in storage of its own.
    package func copied() -> Tensor {
        var result = Tensor(uninitialized: shape)
        result.copyElements(from: self)
        return result
    }

    /// Overwrites every element with those of `source`, which has the same shape. The storage must be this
    /// value's alone.
    package mutating func copyElements(from source: Tensor) {
        let nest = LoopNest(layout, source.layout)
        if layout.isContiguous, let (count, rows, columns) = nest.transposition(ofOperand: 1) {
            source.read { from in
                fill { Self.copyTransposed(from, to: $0, count, rows: rows, columns: columns) }
            }
            return
        }
        let from = source.storage.pointer(as: Scalar.self)
        let to = storage.pointer(as: Scalar.self)
        nest.forEachRun { offsets, strides, count in
            let to = to + offsets[0]
            let from = from + offsets[1]
            if strides[0] == 1 && strides[1] == 1 {
                to.update(from: from, count: count)
            } else if strides[0] == 1 && strides[1] == 0 {
                to.update(repeating: from[0], count: count)
            } else {
                copyStrided(from, strides[1], to, strides[0], count)
            }
        }
        withExtendedLifetime((storage, source.storage)) {}
    }

    /// Copies `count` matrices, each turned over.
    private static func copyTransposed(
        _ source: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, _ count: Int, rows: Int,
        columns: Int
    ) {
        // A band is a block high; small matrices are one band.
        let height = rows * columns <= LoopNest.grain ? rows : blockSide
        let bands = (rows + height - 1) / height
        let bandsPerPiece = Swift.max(1, LoopNest.grain / (height * columns))
        let pieces = (count * bands + bandsPerPiece - 1) / bandsPerPiece
        Parallelism.forEach(pieces) { piece in
            for index in piece * bandsPerPiece..<Swift.min(count * bands, (piece + 1) * bandsPerPiece) {
                let (matrix, band) = index.quotientAndRemainder(dividingBy: bands)
                let lines = band * height..<Swift.min((band + 1) * height, rows)
                let from = source + matrix * rows * columns
                let to = target + matrix * rows * columns
                switch MemoryLayout<Scalar>.size {
                case 8: transposeBand(from, to, rows, columns, lines, as: UInt64.self)
                case 4: transposeBand(from, to, rows, columns, lines, as: UInt32.self)
                case 2: transposeBand(from, to, rows, columns, lines, as: UInt16.self)
                default: transposeBand(from, to, rows, columns, lines, as: UInt8.self)
                }
            }
        }
    }
}

extension LoopNest {
    /// The extents where an operand has matrices that lie one after another, each turned over, which row by row would
    /// miss the cache at every element.
    fileprivate func transposition(ofOperand operand: Int) -> (count: Int, rows: Int, columns: Int)? {
        let (axes, strides) = (extents.count, strides[operand])
        guard axes == 2 || axes == 3 else { return nil }
        let (rows, columns) = (extents[axes - 2], extents[axes - 1])
        guard rows > 8, columns > 8, strides[axes - 2] == 1, strides[axes - 1] == rows,
            axes == 2 || strides[0] == rows * columns
        else { return nil }
        return (axes == 2 ? 1 : extents[0], rows, columns)
    }
}

/// A square of this side keeps its rows on both sides in the first-level cache.
private let blockSide = 32

/// `target[row][column] = source[column][row]` for a band of rows, in square blocks.
@inline(__always)
private func transposeBand<Word: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ rows: Int, _ columns: Int,
    _ band: Range<Int>, as type: Word.Type
) {
    let source = source.assumingMemoryBound(to: Word.self)
    let target = target.assumingMemoryBound(to: Word.self)
    for first in stride(from: 0, to: columns, by: blockSide) {
        let last = Swift.min(first + blockSide, columns)
        for row in band {
            for column in first..<last { target[row * columns + column] = source[column * rows + row] }
        }
    }
}

/// Sets `count` elements to one value, by size as below.
func fillContiguous<Scalar: BitwiseCopyable>(
    _ target: UnsafeMutablePointer<Scalar>, _ value: Scalar, _ count: Int
) {
    @inline(__always) func fill<Word: BitwiseCopyable>(_ type: Word.Type) {
        UnsafeMutableRawPointer(target).assumingMemoryBound(to: Word.self)
            .update(repeating: unsafeBitCast(value, to: Word.self), count: count)
    }
    switch MemoryLayout<Scalar>.size {
    case 8: fill(UInt64.self)
    case 4: fill(UInt32.self)
    case 2: fill(UInt16.self)
    default: fill(UInt8.self)
    }
}

/// Copies `count` elements, each side with its own step. By size rather than by type, so that one
/// specialisation serves all scalar types even where the caller is generic.
func copyStrided<Scalar: BitwiseCopyable>(
    _ source: UnsafePointer<Scalar>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Scalar>,
    _ targetStride: Int, _ count: Int
) {
    @inline(__always) func loop<Word: BitwiseCopyable>(_ type: Word.Type) {
        let from = UnsafeRawPointer(source).assumingMemoryBound(to: Word.self)
        let to = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Word.self)
        for index in 0..<count { to[index * targetStride] = from[index * sourceStride] }
    }
    switch MemoryLayout<Scalar>.size {
    case 8: loop(UInt64.self)
    case 4: loop(UInt32.self)
    case 2: loop(UInt16.self)
    default: loop(UInt8.self)
    }
}
