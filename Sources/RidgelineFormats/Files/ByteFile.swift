// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Bytes of known number that can be read at any place: a file, or memory that stands for one.
package protocol ByteFile: Sendable {
    /// What errors call it.
    var path: String { get }
    var byteCount: Int { get }
    /// Fills the buffer with the bytes from `offset` on. Safe from several threads at once.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws
}

extension OpenFile: ByteFile {}

extension ByteFile {
    /// A part of the bytes in an array; it lies within them.
    package func bytes(_ range: Range<Int>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            let target = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
            try read(into: target, at: range.lowerBound)
            count = range.count
        }
    }
}

/// Bytes in memory that are read like a file's.
struct MemoryBytes: ByteFile {
    let path: String
    let bytes: [UInt8]

    var byteCount: Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        guard offset <= bytes.count, buffer.count <= bytes.count - offset else {
            throw FormatError.truncated(
                path: path, expected: UInt64(offset + buffer.count), found: UInt64(bytes.count))
        }
        bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[offset..<offset + buffer.count])) }
    }
}
