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
        try members { try member($1.text(from: $0), &$1) }
    }

    /// The same with the place where each name starts.
    mutating func members(_ member: (Int, inout HeaderScanner) throws -> Void) throws {
        guard take("{") else { throw expected("'{'") }
        skipSpace()
        if take("}") { return }
        while true {
            let start = position
            try skipName()
            try member(start, &self)
            skipSpace()
            if take("}") { return }
            guard take(",") else { throw expected("',' or '}'") }
            skipSpace()
        }
    }

    /// A member's name and what stands between it and the value.
    mutating func skipName() throws {
        let start = position
        try skipString()
        if position - start > Self.nameLimit {
            throw malformed("a name of more than \(Self.nameLimit) bytes", back: position - start)
        }
        skipSpace()
        guard take(":") else { throw expected("':'") }
        skipSpace()
    }

    /// The longest name that is read, as it stands with its quotation marks.
    static let nameLimit = 1 << 16

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
        let start = position
        try skipString()
        return text(from: start)
    }

    /// The string that starts there, which has been passed over already.
    func text(from start: Int) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: Array(EscapedText($0, from: start)), as: UTF8.self) }
    }

    /// Passes over a string and checks it.
    mutating func skipString() throws {
        guard take("\"") else { throw expected("a string") }
        let start = position
        while !take("\"") {
            guard let byte = next else { throw expected("'\"'") }
            if byte < 0x20 { throw malformed("a control character in a string") }
            position += 1
            if byte == UInt8(ascii: "\\") { try skipEscape() }
        }
        guard (try? UTF8Span(validating: bytes.span.extracting(start..<position - 1))) != nil else {
            throw malformed("a string that is not UTF-8", back: position - start)
        }
    }

    private mutating func skipEscape() throws {
        guard let byte = next else { throw expected("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            break
        case UInt8(ascii: "u"): try skipScalar()
        default: throw malformed("an escape that JSON does not have", back: 1)
        }
    }

    /// The rest of `\uXXXX`, with the second half of a surrogate pair where it needs one.
    private mutating func skipScalar() throws {
        let first = try fourDigits()
        guard UTF16.isSurrogate(first) else { return }
        guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else {
            throw malformed("half a surrogate pair")
        }
        guard UTF16.isTrailSurrogate(try fourDigits()) else { throw malformed("half a surrogate pair") }
    }

    private mutating func fourDigits() throws -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap(hexadecimalDigit) else { throw expected("a hexadecimal digit") }
            value = value << 4 | digit
            position += 1
        }
        return value
    }
}
