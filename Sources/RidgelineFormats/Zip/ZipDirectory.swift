// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The members of a zip archive, checked as far as that goes without expanding them.
struct ZipDirectory: Sendable {
    /// In the order of the directory.
    let members: [ZipMember]

    /// The bytes of an entry without its name.
    static let entryCount = 46
    static let entrySignature: UInt32 = 0x0201_4B50

    init(_ source: any ByteFile) throws {
        let end = try ZipEndRecord(source)
        let start = end.directory.lowerBound
        var cursor = ByteCursor(try source.bytes(end.directory), path: source.path, origin: start)
        var members: [ZipMember] = []
        members.reserveCapacity(end.memberCount)
        for _ in 0..<end.memberCount {
            var member = try ZipMember(entry: &cursor, path: source.path, before: start)
            try member.locate(in: source, before: start)
            members.append(member)
        }
        guard cursor.isAtEnd else { throw cursor.malformed("expected the end of the directory") }
        try requireDistinct(members.map(\.name), source.path)
        try Self.checkPlaces(members, source.path)
        self.members = members
    }

    /// No byte belongs to two members: archives that expand beyond all bounds are made that way.
    private static func checkPlaces(_ members: [ZipMember], _ path: String) throws {
        let sorted = members.sorted { $0.headerStart < $1.headerStart }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.range.upperBound > next.headerStart {
            throw FormatError.overlappingMembers(path: path, first: one.name, second: next.name)
        }
    }
}

extension ZipMember {
    /// The next entry of the directory.
    fileprivate init(entry cursor: inout ByteCursor, path: String, before limit: Int) throws {
        let first = cursor.position
        guard try cursor.littleEndian(UInt32.self, "an entry") == ZipDirectory.entrySignature else {
            throw cursor.malformed("expected an entry of the directory", back: 4)
        }
        _ = try cursor.bytes(4, "a version")
        let flags = try cursor.littleEndian(UInt16.self, "the flags")
        let code = try cursor.littleEndian(UInt16.self, "a method")
        _ = try cursor.bytes(4, "a time")
        checksum = try cursor.littleEndian(UInt32.self, "a checksum")
        let narrow = try (0..<2).map { _ in try cursor.littleEndian(UInt32.self, "a size") }
        let lengths = try (0..<3).map { _ in Int(try cursor.littleEndian(UInt16.self, "a length")) }
        let disk = try cursor.littleEndian(UInt16.self, "a disk number")
        _ = try cursor.bytes(6, "the attributes")
        let offset = try cursor.littleEndian(UInt32.self, "an offset")
        guard let name = String(validating: try cursor.bytes(lengths[0], "a name"), as: UTF8.self) else {
            throw cursor.malformed("a name that is not UTF-8", back: lengths[0])
        }
        var extra = try ZipWideNumbers(&cursor, count: lengths[1])
        _ = try cursor.bytes(lengths[2], "a comment")
        func malformed(_ reason: String) -> FormatError {
            cursor.malformed(reason, back: cursor.position - first)
        }
        guard disk == 0 || disk == 0xFFFF else { throw malformed("a member on another disk") }
        // In this order: the extra field has only those numbers that do not fit here.
        guard let byteCount = extra.next(narrow[1]), let storedCount = extra.next(narrow[0]),
            let start = extra.next(offset)
        else { throw malformed("a member without its 64-bit numbers") }
        guard start <= UInt64(limit), storedCount <= UInt64(limit) - start else {
            throw malformed("a member that reaches into the directory")
        }
        if flags & ZipFlags.encrypted != 0 { throw FormatError.encryptedMember(path: path, member: name) }
        guard let method = Method(rawValue: code) else {
            throw FormatError.unsupportedCompression(path: path, member: name, method: Int(code))
        }
        let expansion = method == .stored ? 1 : UInt64(InflatedBytes.largestExpansion)
        let (most, overflow) = storedCount.multipliedReportingOverflow(by: expansion)
        guard byteCount <= UInt64(Int.max), overflow || byteCount <= most,
            method == .deflated || byteCount == storedCount
        else {
            throw FormatError.impossibleExpansion(
                path: path, member: name, stored: storedCount, expanded: byteCount)
        }
        self.name = name
        self.method = method
        self.storedCount = Int(storedCount)
        self.byteCount = Int(byteCount)
        headerStart = Int(start)
        self.start = headerStart
    }
}
