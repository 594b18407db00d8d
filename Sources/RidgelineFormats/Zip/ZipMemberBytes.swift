// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The bytes of a zip archive's member, expanded and checked against its size and its checksum.
final class ZipMemberBytes: ByteStream {
    private let member: ZipMember
    private let inner: any ByteStream
    private var sum: UInt32 = 0

    init(_ member: ZipMember, of source: any ByteFile) {
        self.member = member
        let path = source.path + "[" + quoted(member.name) + "]"
        inner =
            switch member.method {
            case .stored: PlainBytes(source, member.range, path: path)
            case .deflated: InflatedBytes(source, member.range, wrapper: .none, path: path)
            }
    }

    var path: String { inner.path }
    var position: Int { inner.position }
    var extent: ByteExtent { .exactly(member.byteCount) }

    /// In pieces that are still in cache where they are summed.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = min(buffer.count, member.byteCount - position, 1 << 18)
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        let count = try inner.read(into: piece)
        sum = checksum(.init(rebasing: piece[..<count]), after: sum)
        return count
    }

    func finish() throws {
        try inner.finish()
        guard sum == member.checksum else {
            throw FormatError.wrongChecksum(path: path, expected: member.checksum, found: sum)
        }
    }
}
