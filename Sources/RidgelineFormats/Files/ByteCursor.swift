// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Takes numbers from bytes in memory, one after another.
struct ByteCursor: HeaderBytes {
    let bytes: [UInt8]
    let path: String
    let origin: Int
    var position = 0

    init(_ bytes: [UInt8], path: String, origin: Int) {
        self.bytes = bytes
        self.path = path
        self.origin = origin
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func bytes(_ count: Int, _ what: @autoclosure () -> String) throws -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw malformed("\(what()) is cut off") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// The next integer, its lowest byte first.
    mutating func littleEndian<Integer: FixedWidthInteger>(
        _: Integer.Type, _ what: @autoclosure () -> String
    ) throws -> Integer {
        try bytes(Integer.bitWidth / 8, what()).reversed().reduce(0) { $0 << 8 | Integer($1) }
    }

    /// The next integer, its highest byte first.
    mutating func bigEndian<Integer: FixedWidthInteger>(
        _: Integer.Type, _ what: @autoclosure () -> String
    ) throws -> Integer {
        try bytes(Integer.bitWidth / 8, what()).reduce(0) { $0 << 8 | Integer($1) }
    }
}

extension [UInt8] {
    /// Adds an integer, its lowest byte first.
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Adds an integer, its highest byte first.
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
