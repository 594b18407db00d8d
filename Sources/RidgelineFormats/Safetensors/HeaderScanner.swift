// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Reads the part of JSON that a safetensors header uses: objects, strings, and lists of integers. Strictly:
/// whatever is not JSON by RFC 8259 throws, with its place.
///
/// No recursion, so a deeply nested header cannot exhaust the stack.
struct HeaderScanner: HeaderBytes {
    let bytes: [UInt8]
    let path: String
    let origin: Int
    var position = 0

    init(_ bytes: [UInt8], path: String, origin: Int) {
        self.bytes = bytes
        self.path = path
        self.origin = origin
    }

    mutating func skipSpace() { skip { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 } }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Nothing but white space follows.
    mutating func end() throws {
        skipSpace()
        if next != nil { throw expected("the end of the header") }
    }

    /// An object; `member` reads the value of each name.
    mutating func object(_ member: (String, inout HeaderScanner) throws -> Void) throws {
        guard take("{") else { throw expected("'{'") }
        skipSpace()
        if take("}") { return }
        while true {
            let name = try string()
            skipSpace()
            guard take(":") else { throw expected("':'") }
            skipSpace()
            try member(name, &self)
            skipSpace()
            if take("}") { return }
            guard take(",") else { throw expected("',' or '}'") }
            skipSpace()
        }
    }

    /// A list of non-negative integers; nil where it has more than `limit`.
    mutating func integers(limit: Int) throws -> [Int]? {
        guard take("[") else { throw expected("'['") }
        var values: [Int] = []
        skipSpace()
        if take("]") { return values }
        while true {
            if values.count == limit { return nil }
            values.append(try integer())
            skipSpace()
            if take("]") { return values }
            guard take(",") else { throw expected("',' or ']'") }
            skipSpace()
        }
    }

    /// A string without its escapes.
    mutating func string() throws -> String {
        guard take("\"") else { throw expected("a string") }
        let start = position
        var text: [UInt8] = []
        while !take("\"") {
            guard let byte = next else { throw expected("'\"'") }
            if byte < 0x20 { throw malformed("a control character in a string") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                try escape(into: &text)
            } else {
                text.append(byte)
            }
        }
        guard let result = String(validating: text, as: UTF8.self) else {
            throw malformed("a string that is not UTF-8", back: position - start)
        }
        return result
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = next else { throw expected("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw malformed("an escape that JSON does not have", back: 1)
        }
    }

    /// The rest of `\uXXXX`, with the second half of a surrogate pair where it needs one.
    private mutating func escapedScalar() throws -> Character {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard first < 0xDC00, take("\\"), take("u") else { throw malformed("half a surrogate pair") }
        let second = try fourDigits()
        guard second >= 0xDC00 && second < 0xE000,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw malformed("half a surrogate pair") }
        return Character(scalar)
    }

    private mutating func fourDigits() throws -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else {
                throw expected("a hexadecimal digit")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
