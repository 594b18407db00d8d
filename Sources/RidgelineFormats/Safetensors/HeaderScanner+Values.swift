// Part of Ridgeline. Licensed under the Apache License 2.0.

extension HeaderScanner {
    /// Any value as text: a string without its escapes, anything else as it stands.
    mutating func text() throws -> String {
        if next == UInt8(ascii: "\"") { return try string() }
        let start = position
        try skipValue()
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Lists and objects in each other that are read: as many as the official library does.
    private static let depthLimit = 127

    /// Passes over a value of any kind and checks it.
    mutating func skipValue() throws {
        // What closes each list and object that is open, in place of recursion.
        var closers: [Unicode.Scalar] = []
        repeat {
            if try enters(&closers) { continue }
            try leave(&closers)
        } while !closers.isEmpty
    }

    /// Takes a plain value or an empty list or object as a whole, of others the beginning; whether it is one of those.
    private mutating func enters(_ closers: inout [Unicode.Scalar]) throws -> Bool {
        let start = position
        for (opener, closer) in [("{", "}"), ("[", "]")] as [(Unicode.Scalar, Unicode.Scalar)]
        where take(opener) {
            skipSpace()
            if take(closer) { return false }
            if closers.count == Self.depthLimit {
                throw malformed(
                    "more than \(Self.depthLimit) lists and objects in each other", back: position - start)
            }
            closers.append(closer)
            if closer == "}" { try skipName() }
            return true
        }
        try skipPlainValue()
        return false
    }

    /// After a value: on to the next one, or out of what ends with it.
    private mutating func leave(_ closers: inout [Unicode.Scalar]) throws {
        while let closer = closers.last {
            skipSpace()
            if take(",") {
                skipSpace()
                if closer == "}" { try skipName() }
                return
            }
            guard take(closer) else { throw expected("',' or '\(closer)'") }
            closers.removeLast()
        }
    }

    private mutating func skipPlainValue() throws {
        if next == UInt8(ascii: "\"") { return try skipString() }
        for word in ["true", "false", "null"] where takeWord(word) { return }
        _ = take("-")
        if !take("0") { try skipDigits("a value") }
        if take(".") { try skipDigits("a digit") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try skipDigits("a digit")
        }
    }

    /// Takes a word such as `null`.
    mutating func takeWord(_ word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func skipDigits(_ what: String) throws {
        let start = position
        skip { $0 >= 0x30 && $0 <= 0x39 }
        if position == start { throw expected(what) }
    }
}
