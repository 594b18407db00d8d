// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The members of a zip archive, checked as far as that goes without expanding them. What is kept is the directory as it
/// stands and the place of each entry in it; a member is read out of it where it is asked for.
struct ZipDirectory: Sendable {
    private let source: any ByteFile
    private let bytes: [UInt8]
    /// Where the directory starts in the archive.
    private let start: Int
    /// Where each entry starts in the directory.
    private let entries: [Int]

    /// The bytes of an entry without its name, and where it has the name's length.
    static let entryCount = 46
    private static let nameLengthOffset = 28
    static let entrySignature: UInt32 = 0x0201_4B50

    init(_ source: any ByteFile) throws {
        let end = try ZipEndRecord(source)
        self.source = source
        start = end.directory.lowerBound
        bytes = try source.bytes(end.directory)
        var cursor = ByteCursor(bytes, path: source.path, origin: start)
        var entries: [Int] = []
        entries.reserveCapacity(end.memberCount)
        // As a rule the members lie in the order of the directory, and nothing needs to be sorted.
        var (isInOrder, last) = (true, 0)
        for _ in 0..<end.memberCount {
            entries.append(cursor.position)
            var member = try ZipMember(entry: &cursor, path: source.path, before: start)
            try member.locate(in: source, before: start)
            isInOrder = isInOrder && member.headerStart >= last
            last = member.range.upperBound
        }
        guard cursor.isAtEnd else { throw cursor.malformed("expected the end of the directory") }
        self.entries = entries
        try requireDistinctNames()
        if !isInOrder { try checkPlaces() }
    }

    /// The number of members, which are counted in the order of the directory.
    var count: Int { entries.count }

    /// What the directory says about a member, and where its bytes lie; throws where the file has changed.
    func member(_ index: Int) throws -> ZipMember {
        var cursor = ByteCursor(bytes, path: source.path, origin: start)
        cursor.position = entries[index]
        var member = try ZipMember(entry: &cursor, path: source.path, before: start)
        try member.locate(in: source, before: start)
        return member
    }

    func name(_ index: Int) -> String {
        bytes.withUnsafeBytes { String(decoding: name(index, in: $0), as: UTF8.self) }
    }

    /// Sorts members by the bytes of their names, without the last so many.
    func sort(_ members: inout [UInt32], droppingLast suffix: Int = 0) {
        bytes.withUnsafeBytes { bytes in
            members.sort {
                name(Int($0), in: bytes).dropLast(suffix)
                    .lexicographicallyPrecedes(name(Int($1), in: bytes).dropLast(suffix))
            }
        }
    }

    /// The place, among members that are sorted, of the one of that name; the last bytes do not count in the order.
    func index(of name: String, in members: [UInt32], droppingLast suffix: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            let key = name.utf8.dropLast(suffix)
            var range = members.indices
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                let candidate = self.name(Int(members[middle]), in: bytes).dropLast(suffix)
                if candidate.lexicographicallyPrecedes(key) {
                    range = middle + 1..<range.upperBound
                } else if key.lexicographicallyPrecedes(candidate) {
                    range = range.lowerBound..<middle
                } else {
                    return middle
                }
            }
            return nil
        }
    }

    private func name(_ index: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let length = entries[index] + Self.nameLengthOffset
        let count = Int(bytes[length]) | Int(bytes[length + 1]) << 8
        let start = entries[index] + Self.entryCount
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }

    private func requireDistinctNames() throws {
        var members = (0..<count).map { UInt32($0) }
        sort(&members)
        let same = bytes.withUnsafeBytes { bytes in
            zip(members, members.dropFirst()).first {
                name(Int($0), in: bytes).elementsEqual(name(Int($1), in: bytes))
            }
        }
        if let same { throw FormatError.duplicateName(path: source.path, name: name(Int(same.0))) }
    }

    /// No byte belongs to two members: archives that expand beyond all bounds are made that way.
    private func checkPlaces() throws {
        var places: [(start: Int, member: UInt32)] = []
        for index in 0..<count { places.append((try member(index).headerStart, UInt32(index))) }
        places.sort { $0 < $1 }
        for (one, next) in zip(places, places.dropFirst())
        where try member(Int(one.member)).range.upperBound > next.start {
            throw FormatError.overlappingMembers(
                path: source.path, first: name(Int(one.member)), second: name(Int(next.member)))
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
