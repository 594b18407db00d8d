// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Copies a block of rows whose elements lie otherwise in the source: `to[r·toRow + c] = from[r·fromRow + c·fromStep]`.
///
/// By size rather than by type, so that one specialisation serves all scalar types even where the caller is generic;
/// elements of four and eight bytes by the vector kernels. The two do not overlap.
func copyBlock<Scalar: BitwiseCopyable>(
    _ from: UnsafePointer<Scalar>, row fromRow: Int, step fromStep: Int, to: UnsafeMutablePointer<Scalar>,
    row toRow: Int, rows: Int, columns: Int
) {
    let (from, to) = (UnsafeRawPointer(from), UnsafeMutableRawPointer(to))
    switch MemoryLayout<Scalar>.size {
    case 8:
        Double._kernels.elementwise.copyBlock(
            from.assumingMemoryBound(to: Double.self), row: fromRow, step: fromStep,
            to: to.assumingMemoryBound(to: Double.self), row: toRow, rows: rows, columns: columns)
    case 4:
        Float._kernels.elementwise.copyBlock(
            from.assumingMemoryBound(to: Float.self), row: fromRow, step: fromStep,
            to: to.assumingMemoryBound(to: Float.self), row: toRow, rows: rows, columns: columns)
    case 2:
        copyWords(
            from.assumingMemoryBound(to: UInt16.self), fromRow, fromStep,
            to.assumingMemoryBound(to: UInt16.self), toRow, rows, columns)
    default:
        copyWords(
            from.assumingMemoryBound(to: UInt8.self), fromRow, fromStep,
            to.assumingMemoryBound(to: UInt8.self), toRow, rows, columns)
    }
}

/// A square of this side keeps its rows on both sides in the first-level cache.
private let blockSide = 32

/// The plain loops, in square blocks where the source lies across.
@inline(__always)
func copyWords<Word: BitwiseCopyable>(
    _ from: UnsafePointer<Word>, _ fromRow: Int, _ fromStep: Int, _ to: UnsafeMutablePointer<Word>,
    _ toRow: Int,
    _ rows: Int, _ columns: Int
) {
    if fromStep == 1 {
        for row in 0..<rows { (to + row * toRow).update(from: from + row * fromRow, count: columns) }
        return
    }
    if fromStep == 0 {
        for row in 0..<rows { (to + row * toRow).update(repeating: from[row * fromRow], count: columns) }
        return
    }
    for first in stride(from: 0, to: columns, by: blockSide) {
        let last = Swift.min(first + blockSide, columns)
        for row in 0..<rows {
            for column in first..<last { to[row * toRow + column] = from[row * fromRow + column * fromStep] }
        }
    }
}

/// Sets `count` elements to one value.
func fillContiguous<Scalar: BitwiseCopyable>(
    _ target: UnsafeMutablePointer<Scalar>, _ value: Scalar, _ count: Int
) {
    withUnsafePointer(to: value) {
        copyBlock($0, row: 0, step: 0, to: target, row: 0, rows: 1, columns: count)
    }
}

/// Copies `count` elements, each side with its own step.
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
