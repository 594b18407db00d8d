// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Calls `body` for pieces of so many elements, in order or on all threads. Of several errors the first piece's
/// is thrown.
package func forEachPiece(
    of count: Int, length: Int, inOrder: Bool, _ body: (Range<Int>) throws -> Void
) throws {
    let pieces = (count + length - 1) / length
    func range(_ piece: Int) -> Range<Int> { piece * length..<min(count, (piece + 1) * length) }
    if inOrder {
        for piece in 0..<pieces { try body(range(piece)) }
        return
    }
    let failure = Lock<(piece: Int, error: any Error)?>(nil)
    Parallelism.forEach(pieces) { piece in
        // What comes after a piece that failed does not matter any more.
        if failure.withLock({ $0.map { $0.piece < piece } ?? false }) { return }
        do {
            try body(range(piece))
        } catch {
            failure.withLock { if $0 == nil || piece < $0!.piece { $0 = (piece, error) } }
        }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
}

/// Turns the bytes of each element around, in place.
package func swapBytes(_ bytes: UnsafeMutableRawBufferPointer, elementSize: Int) {
    func swap<Word: FixedWidthInteger>(_: Word.Type) {
        let words = bytes.assumingMemoryBound(to: Word.self)
        for index in words.indices { words[index] = words[index].byteSwapped }
    }
    switch elementSize {
    case 2: swap(UInt16.self)
    case 4: swap(UInt32.self)
    case 8: swap(UInt64.self)
    default: break
    }
}
