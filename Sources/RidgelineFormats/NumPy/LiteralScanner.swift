// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Reads the part of Python's literals that an .npy header uses: a dictionary, strings, truth values and
/// tuples of integers. Strictly: anything else throws, with its place.
struct LiteralScanner: HeaderBytes {
    let bytes: [UInt8]
    let path: String
    let origin: Int
    var position = 0

    init(_ bytes: [UInt8], path: String, origin: Int) {
        self.bytes = bytes
        self.path = path
        self.origin = origin
    }

    private mutating func skipSpace() { skip { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D } }

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

    /// A string in either quotation mark, perhaps with the mark of Python 2's Unicode (`u'descr'`) before it. Escapes
    /// are refused: no name in a header needs one.
    mutating func string() throws -> String {
        if next == UInt8(ascii: "u") || next == UInt8(ascii: "U"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "'") || bytes[position + 1] == UInt8(ascii: "\"")
        {
            position += 1
        }
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
            skipSpace()
            _ = take("L")
            // With a comma, (3,) is a tuple; without one, (3) is a number.
            if !take(","), values.count == 1 || next != UInt8(ascii: ")") { throw expected("','") }
        }
        return values
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
