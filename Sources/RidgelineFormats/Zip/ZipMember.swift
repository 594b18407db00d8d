// Part of Ridgeline. Licensed under the Apache License 2.0.

/// One file of a zip archive, as the archive's directory describes it.
struct ZipMember: Sendable {
    let name: String
    let method: Method
    let checksum: UInt32
    /// The bytes in the archive.
    let storedCount: Int
    /// The bytes that they stand for.
    let byteCount: Int
    /// Where its own header starts.
    let headerStart: Int
    /// Where its bytes start.
    var start: Int

    enum Method: UInt16, Sendable {
        case stored = 0
        case deflated = 8
    }

    static let headerSignature: UInt32 = 0x0403_4B50
    static let headerCount = 30
    /// The value in 32 bits that says that the extra field has the true one.
    static let wide: UInt32 = 0xFFFF_FFFF

    /// The member's bytes, as the archive has them.
    var range: Range<Int> { start..<start + storedCount }

    /// Reads the member's own header, which repeats what the directory says and says where the bytes start.
    /// `limit` is where the directory starts.
    mutating func locate(in source: any ByteFile, before limit: Int) throws {
        let nameBytes = Array(name.utf8)
        guard Self.headerCount + nameBytes.count <= limit - headerStart else {
            throw malformed(source, "a member that reaches into the directory")
        }
        let bytes = try source.bytes(headerStart..<headerStart + Self.headerCount + nameBytes.count)
        var cursor = ByteCursor(bytes, path: source.path, origin: headerStart)
        guard try cursor.littleEndian(UInt32.self, "a header") == Self.headerSignature else {
            throw malformed(source, "no header of a member, which the directory has here")
        }
        _ = try cursor.bytes(2, "a version")
        let flags = try cursor.littleEndian(UInt16.self, "the flags")
        let method = try cursor.littleEndian(UInt16.self, "a method")
        _ = try cursor.bytes(4, "a time")
        let checksum = try cursor.littleEndian(UInt32.self, "a checksum")
        let storedCount = try cursor.littleEndian(UInt32.self, "a size")
        let byteCount = try cursor.littleEndian(UInt32.self, "a size")
        let nameCount = Int(try cursor.littleEndian(UInt16.self, "a length"))
        let extraCount = Int(try cursor.littleEndian(UInt16.self, "a length"))
        let isDescribed = flags & ZipFlags.descriptor != 0
        func agrees(_ count: UInt32, _ truth: Int) -> Bool { count == Self.wide || Int(count) == truth }
        guard method == self.method.rawValue, nameCount == nameBytes.count,
            try Array(cursor.bytes(nameCount, "a name")) == nameBytes,
            isDescribed
                || checksum == self.checksum && agrees(storedCount, self.storedCount)
                    && agrees(byteCount, self.byteCount)
        else { throw malformed(source, "a header that says otherwise than the directory") }
        start = headerStart + bytes.count + extraCount
        guard start <= limit, self.storedCount <= limit - start else {
            throw malformed(source, "a member that reaches into the directory")
        }
    }

    private func malformed(_ source: any ByteFile, _ reason: String) -> FormatError {
        .malformedHeader(path: source.path, position: headerStart, reason: reason)
    }
}

/// Bits of a member's flags.
enum ZipFlags {
    static let encrypted: UInt16 = 1 << 0
    /// The sizes and the checksum follow the data, and are not in the header before it.
    static let descriptor: UInt16 = 1 << 3
    static let utf8: UInt16 = 1 << 11
}
