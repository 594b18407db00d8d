// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The record at the end of a zip archive: where its directory lies and how many members it has.
struct ZipEndRecord {
    let directory: Range<Int>
    let memberCount: Int

    private static let byteCount = 22
    static let signature: UInt32 = 0x0605_4B50
    private static let longestComment = 0xFFFF
    private static let locatorCount = 20
    static let locatorSignature: UInt32 = 0x0706_4B50
    static let wideCount = 56
    static let wideSignature: UInt32 = 0x0606_4B50

    /// Finds the record: it is the last whose comment ends where the file does.
    init(_ source: any ByteFile) throws {
        let size = source.byteCount
        guard size >= Self.byteCount else {
            throw FormatError.truncated(
                path: source.path, expected: UInt64(Self.byteCount), found: UInt64(size))
        }
        let tail = max(0, size - Self.byteCount - Self.longestComment)
        let bytes = try source.bytes(tail..<size)
        let mark = withUnsafeBytes(of: Self.signature.littleEndian) { Array($0) }
        let start = (0...bytes.count - Self.byteCount).last { start in
            bytes[start] == mark[0] && bytes[start..<start + 4].elementsEqual(mark)
                && start + Self.byteCount + Int(bytes[start + 20]) + Int(bytes[start + 21]) << 8
                    == bytes.count
        }
        guard let start else {
            throw FormatError.malformedHeader(
                path: source.path, position: size, reason: "no zip directory ends here")
        }
        var cursor = ByteCursor(
            Array(bytes[(start + 4)...]), path: source.path, origin: tail + start + 4)
        let disks = try cursor.littleEndian(UInt32.self, "a disk number")
        let countHere = try cursor.littleEndian(UInt16.self, "a count")
        let count = try cursor.littleEndian(UInt16.self, "a count")
        let length = try cursor.littleEndian(UInt32.self, "a size")
        let offset = try cursor.littleEndian(UInt32.self, "an offset")
        let end = tail + start
        let isWide = count == 0xFFFF || length == ZipMember.wide || offset == ZipMember.wide
        // Some programs write the record with 64-bit numbers although these are enough.
        if let wide = try Self.wideRecord(source, before: end, isNeeded: isWide) {
            guard countHere == count, count == 0xFFFF || Int(count) == wide.memberCount,
                length == ZipMember.wide || Int(length) == wide.directory.count,
                offset == ZipMember.wide || Int(offset) == wide.directory.lowerBound
            else { throw cursor.malformed("an end that says otherwise than the one with 64-bit numbers") }
            self = wide
            return
        }
        guard disks == 0, countHere == count else { throw cursor.malformed("an archive on several disks") }
        try self.init(source, UInt64(offset), UInt64(length), UInt64(count), end: end)
    }

    /// The checked record: the directory ends where the record starts, and has room for its members.
    private init(
        _ source: any ByteFile, _ offset: UInt64, _ length: UInt64, _ count: UInt64, end: Int
    ) throws {
        let limit = UInt64(end)
        guard offset <= limit, length == limit - offset else {
            throw FormatError.malformedHeader(
                path: source.path, position: end,
                reason: "a directory of \(length) bytes at \(offset), which does not end here")
        }
        guard count <= length / UInt64(ZipDirectory.entryCount) else {
            throw FormatError.malformedHeader(
                path: source.path, position: end,
                reason: "a directory of \(length) bytes for \(count) members, which need more")
        }
        directory = Int(offset)..<end
        memberCount = Int(count)
    }

    /// The record with 64-bit numbers, where a locator stands before the other. One that nobody needs may be no record
    /// at all: what looks like its locator is then the end of the directory.
    private static func wideRecord(
        _ source: any ByteFile, before end: Int, isNeeded: Bool
    ) throws -> ZipEndRecord? {
        guard end >= locatorCount else { return nil }
        let start = end - locatorCount
        var cursor = ByteCursor(try source.bytes(start..<end), path: source.path, origin: start)
        guard try cursor.littleEndian(UInt32.self, "a locator") == locatorSignature else { return nil }
        let disk = try cursor.littleEndian(UInt32.self, "a disk number")
        let offset = try cursor.littleEndian(UInt64.self, "an offset")
        let disks = try cursor.littleEndian(UInt32.self, "a number of disks")
        guard offset <= UInt64(start), start - Int(offset) >= wideCount else {
            if !isNeeded { return nil }
            throw cursor.malformed("a directory's end at \(offset), which is not before here")
        }
        let record = Int(offset)
        var wide = ByteCursor(
            try source.bytes(record..<record + wideCount), path: source.path, origin: record)
        guard try wide.littleEndian(UInt32.self, "a directory's end") == wideSignature else {
            if !isNeeded { return nil }
            throw wide.malformed("no end of a zip directory, which is expected here", back: 4)
        }
        guard disk == 0, disks <= 1 else { throw cursor.malformed("an archive on several disks") }
        _ = try wide.bytes(12, "a size")
        let numbers = try (0..<2).map { _ in try wide.littleEndian(UInt32.self, "a disk number") }
        let countHere = try wide.littleEndian(UInt64.self, "a count")
        let count = try wide.littleEndian(UInt64.self, "a count")
        guard numbers == [0, 0], countHere == count else {
            throw wide.malformed("an archive on several disks")
        }
        let length = try wide.littleEndian(UInt64.self, "a size")
        let directory = try wide.littleEndian(UInt64.self, "an offset")
        return try ZipEndRecord(source, directory, length, count, end: record)
    }
}
