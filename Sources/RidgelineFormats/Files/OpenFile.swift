// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file open for reading, for as long as this object lives.
///
/// It stays the file that was opened even where another takes its place by a rename meanwhile.
package final class OpenFile: Sendable {
    /// The path as the caller gave it.
    package let path: String
    /// The file's size when it was opened.
    package let byteCount: Int
    let descriptor: Int32
    /// Which file it is, in which state.
    let identity: FileIdentity

    /// Opens the file. Symbolic links are followed; anything but a regular file is refused, and a pipe does
    /// not block.
    package init(path: String) throws {
        guard let system = SystemPath.bytes(path) else {
            throw FormatError.cannotOpen(path: path, reason: "a path contains no zero byte")
        }
        let descriptor = open(system, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw FormatError.cannotOpen(path: path, reason: systemErrorText()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = systemErrorText()
            close(descriptor)
            throw FormatError.cannotOpen(path: path, reason: reason)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FormatError.notARegularFile(path: path)
        }
        self.path = path
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
        identity = FileIdentity(status)
    }

    deinit { close(descriptor) }

    /// Fills the buffer with the bytes from `offset` on. Safe from several threads at once.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < buffer.count {
            let wanted = min(buffer.count - done, largestTransfer)
            let count = pread(descriptor, buffer.baseAddress! + done, wanted, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw FormatError.cannotRead(path: path, reason: systemErrorText()) }
            if count == 0 {
                // The file became shorter after it was opened.
                throw FormatError.truncated(
                    path: path, expected: UInt64(offset + buffer.count), found: UInt64(offset + done))
            }
            done += count
        }
    }
}

/// Which file it is and when it was last changed: what another file, or the same with other contents, differs in.
struct FileIdentity: Sendable, Equatable {
    private let device: UInt64
    private let number: UInt64
    private let byteCount: Int
    private let seconds: Int
    private let nanoseconds: Int

    fileprivate init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(status.st_ino)
        byteCount = Int(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
    }
}
