// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Reads lines of fields from bytes in memory.
struct CSVScanner {
    private let bytes: UnsafeRawBufferPointer
    private let path: String
    private let separator: UInt8
    private var position = 0
    private var line = 1
    private var lineStart = 0

    private static let newline = UInt8(ascii: "\n")
    private static let mark = UInt8(ascii: "\"")

    init(_ bytes: UnsafeRawBufferPointer, path: String, separator: CSVSeparator) {
        self.path = path
        self.separator = separator.byte
        // Some programs begin a text with a mark of its byte order.
        self.bytes =
            bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
        skipBlankLines()
    }

    /// The names in the next line; none where the file is empty.
    mutating func header() throws -> [String] {
        var names: [String] = []
        guard !isAtEnd else { return names }
        repeat {
            let start = position
            let field = try field()
            guard let name = String(validating: field.text, as: UTF8.self) else {
                throw malformed("a name that is not UTF-8", at: start)
            }
            names.append(field.isQuoted ? name.replacing("\"\"", with: "\"") : name)
        } while takeSeparator()
        endLine()
        return names
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
                try readLine(into: next, columns)
                next += columns
            }
        }
        return values.reshaped(to: [rows, columns])
    }

    private mutating func readLine<Scalar: TextScalar>(
        into target: UnsafeMutablePointer<Scalar>, _ columns: Int
    ) throws {
        for column in 0..<columns {
            if column > 0, !takeSeparator() {
                throw malformed("the line ends after \(column) numbers; expected \(columns)", at: position)
            }
            let start = position
            let field = try field()
            guard let value = Scalar._parse(field.text) else {
                let text = quoted(String(decoding: field.text.prefix(40), as: UTF8.self))
                throw malformed("\(text) is not a number of type \(Scalar.self)", at: start)
            }
            target[column] = value
        }
        guard isAtEnd || bytes[position] == Self.newline else {
            throw malformed("expected the end of the line after \(columns) numbers", at: position)
        }
        endLine()
    }

    private var isAtEnd: Bool { position == bytes.count }

    private func malformed(_ reason: String, at position: Int) -> FormatError {
        .malformedText(path: path, line: line, column: position - lineStart + 1, reason: reason)
    }

    private mutating func takeSeparator() -> Bool {
        guard !isAtEnd, bytes[position] == separator else { return false }
        position += 1
        return true
    }

    private mutating func endLine() {
        if !isAtEnd { startLine(position + 1) }
        skipBlankLines()
    }

    private mutating func startLine(_ start: Int) {
        (position, lineStart) = (start, start)
        line += 1
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0D || byte == 0x09 && byte != separator
    }

    private mutating func skipBlankLines() {
        while let end = endOfBlank(from: position) {
            if end == bytes.count {
                position = end
                return
            }
            startLine(end + 1)
        }
    }

    /// Where the line that starts here ends, if nothing is in it; nil also at the end of the file.
    private func endOfBlank(from start: Int) -> Int? {
        var index = start
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { return start < bytes.count ? index : nil }
        return bytes[index] == Self.newline ? index : nil
    }

    /// The fields of the line that starts here.
    private func columnCount() -> Int {
        guard !isAtEnd else { return 0 }
        var count = 1
        for byte in bytes[position...] {
            if byte == Self.newline { break }
            if byte == separator { count += 1 }
        }
        return count
    }

    /// The lines from here on that are not blank.
    private func rowCount() -> Int {
        var count = 0
        var hasText = false
        for byte in bytes[position...] {
            if byte == Self.newline {
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
        while !isAtEnd, bytes[position] != separator, bytes[position] != Self.newline { position += 1 }
        var end = position
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
            guard !isAtEnd, bytes[position] != Self.newline else {
                throw malformed("the quotation mark is not closed in its line", at: start - 1)
            }
            position += 1
            guard bytes[position - 1] == Self.mark else { continue }
            guard !isAtEnd, bytes[position] == Self.mark else { break }
            position += 1
        }
        let end = position - 1
        skipSpace()
        guard isAtEnd || bytes[position] == separator || bytes[position] == Self.newline else {
            throw malformed("text after the closing quotation mark", at: position)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
