// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The bytes of a header and how far they have been read: what all readers of headers have in common.
protocol HeaderBytes {
    var bytes: [UInt8] { get }
    /// What errors call the file.
    var path: String { get }
    /// Where in the file the first byte lies; positions in errors count from the file's start.
    var origin: Int { get }
    /// The next byte's index.
    var position: Int { get set }
}

extension HeaderBytes {
    /// The next byte, nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The error that something is wrong at the next byte, or some bytes before.
    func malformed(_ reason: String, back: Int = 0) -> FormatError {
        .malformedHeader(path: path, position: origin + position - back, reason: reason)
    }

    /// The error that something else should come next.
    func expected(_ what: String) -> FormatError {
        malformed("expected \(what)" + (next == nil ? ", found the end of the header" : ""))
    }

    /// Steps over bytes that need no further look.
    mutating func skip(while condition: (UInt8) -> Bool) {
        while let byte = next, condition(byte) { position += 1 }
    }

    /// A non-negative integer in decimal digits.
    mutating func integer() throws -> Int {
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
        return value
    }
}
