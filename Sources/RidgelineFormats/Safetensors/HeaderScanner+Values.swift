// Part of Ridgeline. Licensed under the Apache License 2.0.

extension HeaderScanner {
    /// Any value as text: a string without its escapes, anything else as it stands.
    mutating func text() throws -> String {
        if next == UInt8(ascii: "\"") { return try string() }
        let start = position
        // What closes each list and object that is open, in place of recursion.
        var closers: [UInt8] = []
        repeat {
            skipSpace()
            switch next {
            case UInt8(ascii: "{"): closers.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): closers.append(UInt8(ascii: "]"))
            case UInt8(ascii: "\""):
                _ = try string()
                continue
            case let byte? where byte == closers.last: closers.removeLast()
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if closers.isEmpty { throw expected("a value") }
            default:
                let first = position
                skip(while: isLiteral)
                if position == first { throw expected("a value") }
                continue
            }
            position += 1
        } while !closers.isEmpty
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}

/// Of a number, `true`, `false` or `null`.
private func isLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x61...0x7A, 0x45, 0x2B, 0x2D, 0x2E: true
    default: false
    }
}
