// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The bytes of a file as they are.
final class PlainBytes: ByteStream {
    private let file: any ByteFile
    private let range: Range<Int>
    let path: String
    private(set) var position = 0

    /// The whole file, or a part of it that has a path of its own.
    init(_ file: any ByteFile, _ range: Range<Int>? = nil, path: String? = nil) {
        self.file = file
        self.range = range ?? 0..<file.byteCount
        self.path = path ?? file.path
    }

    var extent: ByteExtent { .exactly(range.count) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(buffer.count, range.count - position)
        try file.read(into: .init(rebasing: buffer[..<count]), at: range.lowerBound + position)
        position += count
        return count
    }

    func finish() throws {
        if position < range.count {
            throw FormatError.trailingData(
                path: path, expected: UInt64(position), found: UInt64(range.count))
        }
    }
}
