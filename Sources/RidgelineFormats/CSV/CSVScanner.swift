// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Reads lines of fields from bytes in memory. A line ends with a line feed, a carriage return, or both in this
/// order; a text may have them mixed.
struct CSVScanner {
    private let bytes: UnsafeRawBufferPointer
    private let path: String
    private let separator: UInt8
    /// How far it has been read.
    private(set) var place = Place()

    /// A place in the text.
    struct Place: Sendable {
        fileprivate var position = 0
        fileprivate(set) var line = 1
        fileprivate var lineStart = 0
    }

    private static let mark = UInt8(ascii: "\"")

    /// Reads from the first line on that is not blank, or from where another scanner of these bytes was.
    init(
        _ bytes: UnsafeRawBufferPointer, path: String, separator: CSVSeparator, from place: Place? = nil
    ) {
        self.path = path
        self.separator = separator.byte
        // Some programs begin a text with a mark of its byte order.
        self.bytes =
            bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
        if let place { self.place = place } else { skipBlankLines() }
    }

    private var position: Int {
        get { place.position }
        set { place.position = newValue }
    }

    /// The names in the next line; none where the file is empty. Of more than `limit` the first ones, of longer
    /// ones than `lengthLimit` bytes the beginnings, and how many there are.
    mutating func header(limit: Int = .max, lengthLimit: Int = .max) throws -> (names: [String], count: Int) {
        var names: [String] = []
        var count = 0
        guard !isAtEnd else { return (names, count) }
        repeat {
            let start = position
            let field = try field()
            let text = field.text.assumingMemoryBound(to: UInt8.self)
            guard (try? UTF8Span(validating: text.span)) != nil else {
                throw malformed("a name that is not UTF-8", at: start)
            }
            if count < limit {
                let isCut = field.text.count > lengthLimit
                let name =
                    String(decoding: field.text.prefix(lengthLimit), as: UTF8.self) + (isCut ? "…" : "")
                names.append(field.isQuoted ? name.replacing("\"\"", with: "\"") : name)
            }
            count += 1
        } while takeSeparator()
        endLine()
        return (names, count)
    }

    /// The numbers in all lines that are left: [rows, columns].
    mutating func numbers<Scalar: TextScalar>(columns: Int?) throws -> Tensor<Scalar> {
        let columns = columns ?? columnCount()
        let rows = rowCount()
        // A number needs a byte and one after it. Where the lines seem to have more, one is too short and
        // will throw.
        let (product, overflow) = rows.multipliedReportingOverflow(by: columns)
        let limit = bytes.count / 2 + 1
        var values = Tensor<Scalar>(uninitialized: [overflow ? limit : min(product, limit)])
        try values.fill { target in
            var next = target
            while !isAtEnd {
                for column in 0..<columns { next[column] = try number(column, of: columns) }
                next += columns
            }
        }
        return values.reshaped(to: [rows, columns])
    }

    /// Checks the numbers in all lines that are left, without memory for them: how many rows and columns there are.
    mutating func survey<Scalar: TextScalar>(
        columns: Int?, as _: Scalar.Type
    ) throws -> (rows: Int, columns: Int) {
        let columns = columns ?? columnCount()
        var rows = 0
        while !isAtEnd {
            for column in 0..<columns { _ = try number(column, of: columns) as Scalar }
            rows += 1
        }
        return (rows, columns)
    }

    /// The next number, which is that of this column; after the last one the line ends.
    @inline(__always)
    mutating func number<Scalar: TextScalar>(_ column: Int, of columns: Int) throws -> Scalar {
        if column > 0, !takeSeparator() {
            throw malformed("the line ends after \(column) numbers; expected \(columns)", at: position)
        }
        let start = position
        let field = try field()
        guard let value = Scalar._parse(field.text) else {
            let text = quoted(String(decoding: field.text.prefix(40), as: UTF8.self))
            throw malformed("\(text) is not a number of type \(Scalar.self)", at: start)
        }
        if column == columns - 1 {
            guard isAtEnd || isLineEnd(bytes[position]) else {
                throw malformed("expected the end of the line after \(columns) numbers", at: position)
            }
            endLine()
        }
        return value
    }

    private var isAtEnd: Bool { position == bytes.count }

    private func malformed(_ reason: String, at position: Int) -> FormatError {
        .malformedText(path: path, line: place.line, column: position - place.lineStart + 1, reason: reason)
    }

    private mutating func takeSeparator() -> Bool {
        guard !isAtEnd, bytes[position] == separator else { return false }
        position += 1
        return true
    }

    private mutating func endLine() {
        if !isAtEnd { startLine(after: position) }
        skipBlankLines()
    }

    /// Goes on after the line end that is there.
    private mutating func startLine(after end: Int) {
        let isPair =
            bytes[end] == UInt8(ascii: "\r") && end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "\n")
        let start = end + (isPair ? 2 : 1)
        place = Place(position: start, line: place.line + 1, lineStart: start)
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 && byte != separator }

    private mutating func skipBlankLines() {
        while let end = endOfBlank(from: position) {
            if end == bytes.count {
                position = end
                return
            }
            startLine(after: end)
        }
    }

    /// Where the line that starts here ends, if nothing is in it; nil also at the end of the file.
    private func endOfBlank(from start: Int) -> Int? {
        var index = start
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { return start < bytes.count ? index : nil }
        return isLineEnd(bytes[index]) ? index : nil
    }

    /// The fields of the line that starts here.
    private func columnCount() -> Int {
        guard !isAtEnd else { return 0 }
        var count = 1
        for byte in bytes[position...] {
            if isLineEnd(byte) { break }
            if byte == separator { count += 1 }
        }
        return count
    }

    /// The lines from here on that are not blank.
    private func rowCount() -> Int {
        var count = 0
        var hasText = false
        for byte in bytes[position...] {
            if isLineEnd(byte) {
                if hasText { count += 1 }
                hasText = false
            } else if !isSpace(byte) {
                hasText = true
            }
        }
        return hasText ? count + 1 : count
    }

    /// The next field, up to a separator or the end of the line, without the space and the quotation marks
    /// around it.
    private mutating func field() throws -> (text: UnsafeRawBufferPointer, isQuoted: Bool) {
        skipSpace()
        let start = position
        if !isAtEnd, bytes[position] == Self.mark { return (try quotedText(), true) }
        var end = start
        while end < bytes.count, bytes[end] != separator, !isLineEnd(bytes[end]) { end += 1 }
        position = end
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return (UnsafeRawBufferPointer(rebasing: bytes[start..<end]), false)
    }

    private mutating func skipSpace() {
        while !isAtEnd, isSpace(bytes[position]) { position += 1 }
    }

    /// What is between quotation marks, where two stand for one.
    private mutating func quotedText() throws -> UnsafeRawBufferPointer {
        let start = position + 1
        position = start
        while true {
            guard !isAtEnd, !isLineEnd(bytes[position]) else {
                throw malformed("the quotation mark is not closed in its line", at: start - 1)
            }
            position += 1
            guard bytes[position - 1] == Self.mark else { continue }
            guard !isAtEnd, bytes[position] == Self.mark else { break }
            position += 1
        }
        let end = position - 1
        skipSpace()
        guard isAtEnd || bytes[position] == separator || isLineEnd(bytes[position]) else {
            throw malformed("text after the closing quotation mark", at: position)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
