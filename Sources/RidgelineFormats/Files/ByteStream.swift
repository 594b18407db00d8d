// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Bytes that come one after another: a part of a file, or what a compressed part expands to.
protocol ByteStream: AnyObject {
    /// What errors call it.
    var path: String { get }
    /// How many bytes come in all.
    var extent: ByteExtent { get }
    /// How many have been read.
    var position: Int { get }
    /// Reads on into the buffer; how many bytes there were, 0 only at the end or for an empty buffer.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
    /// Checks, after the last byte that is wanted, that no more follow and that they are those that were
    /// stored.
    func finish() throws
}

/// The number of bytes in a stream, as far as it is known beforehand.
enum ByteExtent: Equatable {
    case exactly(Int)
    case atMost(Int)
}

extension ByteStream {
    /// Fills the buffer with the next bytes.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
        let expected = position + buffer.count
        var done = 0
        while done < buffer.count {
            let count = try read(into: .init(rebasing: buffer[done...]))
            if count == 0 {
                throw FormatError.truncated(path: path, expected: UInt64(expected), found: UInt64(position))
            }
            done += count
        }
    }

    /// The next bytes in an array, which is made only where there can be as many.
    func bytes(_ count: Int) throws -> [UInt8] {
        try expect(atLeast: UInt64(position) + UInt64(count))
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            try fill(.init(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
            initialized = count
        }
    }

    /// Throws where the stream cannot have so many bytes in all.
    func expect(atLeast count: UInt64) throws {
        if count > UInt64(extent.limit) {
            throw FormatError.truncated(path: path, expected: count, found: UInt64(extent.limit))
        }
    }

    /// Throws where the stream cannot have just so many bytes in all, before anything is allocated for them.
    func expect(exactly count: UInt64) throws {
        try expect(atLeast: count)
        if case .exactly(let all) = extent, count < UInt64(all) {
            throw FormatError.trailingData(path: path, expected: count, found: UInt64(all))
        }
    }
}

extension ByteExtent {
    /// The most bytes that can come.
    var limit: Int {
        switch self {
        case .exactly(let count), .atMost(let count): count
        }
    }
}

/// What is left of a stream, as the bytes of a tensor.
struct StreamedElements: ByteSource {
    let stream: any ByteStream

    var isRandomAccess: Bool { false }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws { try stream.fill(buffer) }

    func finish() throws { try stream.finish() }
}
