// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The bytes of one tensor, wherever they come from.
package protocol ByteSource {
    /// Whether pieces may be read in any order and from several threads at once; else they are read one after
    /// another from the first to the last.
    var isRandomAccess: Bool { get }
    /// Fills the buffer with the bytes from `offset` on, counted from the tensor's first.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws
    /// Checks, after the last byte, what can only be checked then.
    func finish() throws
}

extension ByteSource {
    /// There is nothing left to check.
    package func finish() throws {}
}

/// A stretch of an open file.
package struct FileSection: ByteSource {
    private let file: OpenFile
    private let start: Int

    /// The bytes from `start` on.
    package init(_ file: OpenFile, from start: Int) {
        self.file = file
        self.start = start
    }

    package var isRandomAccess: Bool { true }

    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        try file.read(into: buffer, at: start + offset)
    }
}
