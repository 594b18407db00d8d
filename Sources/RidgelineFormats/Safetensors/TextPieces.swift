// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A text in a header, however long, in pieces of bounded size: a string without its escapes, another value as it
/// stands.
package struct TextPieces: Sequence, IteratorProtocol, Sendable {
    private let bytes: [UInt8]
    private var rest: Rest

    private enum Rest {
        case string(EscapedText.Place)
        case plain(Range<Int>)
    }

    private static let length = 1 << 16

    /// The value that stands next, which is passed over and checked.
    init(_ scanner: inout HeaderScanner) throws {
        bytes = scanner.bytes
        let start = scanner.position
        if scanner.next == UInt8(ascii: "\"") {
            try scanner.skipString()
            rest = .string(EscapedText.Place(after: start))
        } else {
            try scanner.skipValue()
            rest = .plain(start..<scanner.position)
        }
    }

    /// The next piece, which does not end within a character's bytes.
    package mutating func next() -> String? {
        var piece: [UInt8] = []
        bytes.withUnsafeBufferPointer { bytes in
            switch rest {
            case .string(let place):
                var text = EscapedText(bytes, from: place)
                var end = place
                while let byte = text.next(), piece.count < Self.length || UTF8.isContinuation(byte) {
                    piece.append(byte)
                    end = text.place
                }
                rest = .string(end)
            case .plain(let range):
                var end = Swift.min(range.upperBound, range.lowerBound + Self.length)
                while end < range.upperBound, UTF8.isContinuation(bytes[end]) { end += 1 }
                piece += bytes[range.lowerBound..<end]
                rest = .plain(end..<range.upperBound)
            }
        }
        return piece.isEmpty ? nil : String(decoding: piece, as: UTF8.self)
    }
}
