// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Writes a zip archive's members and then its directory, without times, so that equal members make equal
/// files. The fields are those of Python's zipfile, which NumPy writes with.
final class ZipWriter {
    private let append: (UnsafeRawBufferPointer) throws -> Void
    private var position: UInt64 = 0
    private var directory: [UInt8] = []
    private var memberCount: UInt64 = 0

    /// From this on a number stands in 64 bits; zipfile leaves the sign bit unused.
    private static let narrowLimit: UInt64 = 1 << 31
    /// The version that has 64-bit numbers, and the Unix that attributes are for.
    private static let (version, unix): (UInt8, UInt8) = (45, 3)
    /// The first day there is: 1 January 1980, at midnight.
    private static let (time, date): (UInt16, UInt16) = (0, 1 << 5 | 1)
    /// A file that its owner may read and write.
    private static let attributes: UInt32 = 0o600 << 16

    /// `append` takes the archive's bytes, in their order.
    init(append: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.append = append }

    /// Adds a member. `contents` hands its bytes on, in order, and does so twice.
    func add(
        _ name: String, isCompressed: Bool,
        contents: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        var (sum, byteCount): (UInt32, UInt64) = (0, 0)
        let compressed = isCompressed ? CompressedBytes() : nil
        try contents {
            sum = checksum($0, after: sum)
            byteCount += UInt64($0.count)
            try compressed?.append($0)
        }
        try compressed?.finish()
        let storedCount = compressed.map { UInt64($0.bytes.count) } ?? byteCount
        let start = position

        let isPlain = name.utf8.allSatisfy { $0 < 0x80 }
        var common: [UInt8] = [Self.version, 0]
        common.appendLittleEndian(isPlain ? 0 : ZipFlags.utf8)
        common.appendLittleEndian(
            compressed == nil ? ZipMember.Method.stored.rawValue : ZipMember.Method.deflated.rawValue)
        common.appendLittleEndian(Self.time)
        common.appendLittleEndian(Self.date)
        common.appendLittleEndian(sum)

        var header: [UInt8] = []
        header.appendLittleEndian(ZipMember.headerSignature)
        header += common
        // Always in 64 bits, as NumPy has it.
        header.appendLittleEndian(ZipMember.wide)
        header.appendLittleEndian(ZipMember.wide)
        header.appendLittleEndian(UInt16(name.utf8.count))
        let extra = Self.extra([byteCount, storedCount])
        header.appendLittleEndian(UInt16(extra.count))
        try write(header + Array(name.utf8) + extra)
        if let compressed { try write(compressed.bytes) } else { try contents(write) }

        let areWide = byteCount >= Self.narrowLimit || storedCount >= Self.narrowLimit
        let isFar = start >= Self.narrowLimit
        let wide = Self.extra((areWide ? [byteCount, storedCount] : []) + (isFar ? [start] : []))
        directory.appendLittleEndian(ZipDirectory.entrySignature)
        directory += [Self.version, Self.unix] + common
        directory.appendLittleEndian(areWide ? ZipMember.wide : UInt32(storedCount))
        directory.appendLittleEndian(areWide ? ZipMember.wide : UInt32(byteCount))
        directory.appendLittleEndian(UInt16(name.utf8.count))
        directory.appendLittleEndian(UInt16(wide.count))
        // Neither a comment, nor another disk, nor attributes of the contents.
        directory += [0, 0, 0, 0, 0, 0]
        directory.appendLittleEndian(Self.attributes)
        directory.appendLittleEndian(isFar ? ZipMember.wide : UInt32(start))
        directory += Array(name.utf8) + wide
        memberCount += 1
    }

    /// Writes the directory. Nothing may be added after this.
    func finish() throws {
        let (start, length) = (position, UInt64(directory.count))
        try write(directory)
        var end: [UInt8] = []
        if memberCount > 0xFFFF || start >= Self.narrowLimit || length >= Self.narrowLimit {
            let record = position
            end.appendLittleEndian(ZipEndRecord.wideSignature)
            end.appendLittleEndian(UInt64(ZipEndRecord.wideCount - 12))
            end += [Self.version, 0, Self.version, 0] + Array(repeating: 0, count: 8)
            for number in [memberCount, memberCount, length, start] { end.appendLittleEndian(number) }
            end.appendLittleEndian(ZipEndRecord.locatorSignature)
            end.appendLittleEndian(UInt32(0))
            end.appendLittleEndian(record)
            end.appendLittleEndian(UInt32(1))
        }
        end.appendLittleEndian(ZipEndRecord.signature)
        end.appendLittleEndian(UInt32(0))
        let narrowCount = UInt16(min(memberCount, 0xFFFF))
        for number in [narrowCount, narrowCount] { end.appendLittleEndian(number) }
        for number in [length, start] { end.appendLittleEndian(UInt32(min(number, 0xFFFF_FFFF))) }
        end.appendLittleEndian(UInt16(0))
        try write(end)
    }

    private static func extra(_ numbers: [UInt64]) -> [UInt8] {
        guard !numbers.isEmpty else { return [] }
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(ZipWideNumbers.identifier)
        bytes.appendLittleEndian(UInt16(8 * numbers.count))
        for number in numbers { bytes.appendLittleEndian(number) }
        return bytes
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        try append(bytes)
        position += UInt64(bytes.count)
    }

    private func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
}

/// Deflated bytes in memory: a member's size stands before it.
private final class CompressedBytes {
    private(set) var bytes: [UInt8] = []
    private var deflater: Deflater?

    init() {
        deflater = Deflater(wrapper: .none) { [unowned self] in bytes.append(contentsOf: $0) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws { try deflater?.append(bytes) }

    func finish() throws {
        try deflater?.finish()
        deflater = nil
    }
}
