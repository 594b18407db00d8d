// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Reads the part of Python's literals that an .npy header uses: a dictionary, strings, truth values and
/// tuples of integers. Strictly: anything else throws, with its place.
struct LiteralScanner {
    private let bytes: [UInt8]
    private let path: String
    /// Where in the file the first byte lies; positions in errors count from the file's start.
    private let origin: Int
    private var position = 0

    init(_ bytes: [UInt8], path: String, origin: Int) {
        self.bytes = bytes
        self.path = path
        self.origin = origin
    }

    /// The error that something is wrong at the next byte, or some bytes before.
    func malformed(_ reason: String, back: Int = 0) -> FormatError {
        .malformedHeader(path: path, position: origin + position - back, reason: reason)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte >= 0x09 && byte <= 0x0D { position += 1 }
    }

    /// Takes a character and the space after it.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        skipSpace()
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        if !take(character) { throw expected("'\(character)'") }
    }

    private func expected(_ what: String) -> FormatError {
        malformed("expected \(what)" + (next == nil ? ", found the end of the header" : ""))
    }

    /// The header's dictionary, and nothing after it; `member` reads the value of each key.
    mutating func dictionary(_ member: (String, inout LiteralScanner) throws -> Void) throws {
        skipSpace()
        try expect("{")
        while !take("}") {
            let key = try string()
            try expect(":")
            try member(key, &self)
            if !take(",") && next != UInt8(ascii: "}") { throw expected("',' or '}'") }
        }
        if next != nil { throw expected("the end of the header") }
    }

    /// A string in either quotation mark. Escapes are refused: no name in a header needs one.
    mutating func string() throws -> String {
        guard let mark = next, mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\"") else {
            throw expected("a string")
        }
        position += 1
        let start = position
        while let byte = next, byte != mark {
            guard byte >= 0x20, byte != UInt8(ascii: "\\") else { throw malformed("an escape in a string") }
            position += 1
        }
        guard next != nil else { throw expected("the end of the string") }
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw malformed("a string that is not UTF-8", back: position - start)
        }
        position += 1
        skipSpace()
        return text
    }

    /// `True` or `False`.
    mutating func truth() throws -> Bool {
        for (word, value) in [("True", true), ("False", false)]
        where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            skipSpace()
            return value
        }
        throw expected("True or False")
    }

    /// A tuple of non-negative integers, as `(3, 4)` or Python 2's `(3L, 4L)`; nil where it has more than
    /// `limit`.
    mutating func integers(limit: Int) throws -> [Int]? {
        try expect("(")
        var values: [Int] = []
        while !take(")") {
            if values.count == limit { return nil }
            values.append(try integer())
            // With a comma, (3,) is a tuple; without one, (3) is a number.
            if !take(","), values.count == 1 || next != UInt8(ascii: ")") { throw expected("','") }
        }
        return values
    }

    private mutating func integer() throws -> Int {
        let start = position
        var value = 0
        while let byte = next, byte >= 0x30 && byte <= 0x39 {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(byte - 0x30))
            if overflow || carry { throw malformed("an integer above \(Int.max)", back: position - start) }
            value = sum
            position += 1
        }
        if position == start { throw expected("a non-negative integer") }
        if position - start > 1 && bytes[start] == 0x30 {
            throw malformed("an integer with a leading zero", back: position - start)
        }
        if next == UInt8(ascii: "L") { position += 1 }
        skipSpace()
        return value
    }

    /// A string, or the text of a list or tuple of whatever kind up to the bracket that closes it.
    mutating func stringOrNesting() throws -> String {
        guard next == UInt8(ascii: "[") || next == UInt8(ascii: "(") else { return try string() }
        let start = position
        var depth = 0
        repeat {
            switch next {
            case nil: throw expected("a closing bracket")
            case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                _ = try string()
                continue
            default: break
            }
            position += 1
        } while depth > 0
        defer { skipSpace() }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
