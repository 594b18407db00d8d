// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that takes its place whole or not at all.
///
/// The bytes go to a temporary file in the same folder, which is flushed to the disk and then renamed. On any
/// error the temporary file is removed, and what was at the path before is as it was.
package struct AtomicFile {
    private let descriptor: Int32
    private let path: String

    /// Writes what `body` appends to a file at `path`.
    ///
    /// Where the path is a symbolic link, the file it leads to is replaced, or made where it leads nowhere. An
    /// existing file keeps its permissions; one that may not be written, or is not a regular file, is left alone
    /// and an error thrown.
    ///
    /// - Parameter byteCount: How much is coming, where that is known: a disk without the room refuses at once,
    ///   and one with it is faster.
    package static func write(
        to path: String, expecting byteCount: Int = 0, _ body: (AtomicFile) throws -> Void
    ) throws {
        try prepare(for: path, expecting: byteCount, body).commit()
    }

    /// A file that is written and on the disk, but not in its place yet.
    package struct Prepared {
        fileprivate let target: Target
        fileprivate let temporary: String
        fileprivate let path: String

        /// Puts it in its place.
        package func commit() throws {
            if rename(systemPath(temporary), systemPath(target.folder + target.name)) != 0 {
                let error = AtomicFile.failure(path)
                discard()
                throw error
            }
            try AtomicFile.synchronizeFolder(target.folder, path)
        }

        /// Removes it, for good.
        package func discard() { unlink(systemPath(temporary)) }
    }

    /// The same up to the rename, for files that are to take their places together.
    package static func prepare(
        for path: String, expecting byteCount: Int = 0, _ body: (AtomicFile) throws -> Void
    ) throws -> Prepared {
        let target = try Target(path)
        let temporary = target.folder + temporaryName(for: target.name)
        let mode = target.permissions ?? 0o666
        let descriptor = open(systemPath(temporary), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path) }
        var isOpen = true
        do {
            // The mask of the process takes bits away from those that `open` sets.
            if target.permissions != nil, fchmod(descriptor, mode) != 0 { throw failure(path) }
            if let number = withoutFileSizeSignal({ reserve(byteCount, descriptor) }) {
                throw failure(path, number)
            }
            try body(AtomicFile(descriptor: descriptor, path: path))
            // What was set aside and not used.
            if ftruncate(descriptor, lseek(descriptor, 0, SEEK_CUR)) != 0 { throw failure(path) }
            if let number = synchronize(descriptor) { throw failure(path, number) }
            isOpen = false
            if close(descriptor) != 0 && errno != EINTR { throw failure(path) }
        } catch {
            if isOpen { close(descriptor) }
            unlink(systemPath(temporary))
            throw error
        }
        return Prepared(target: target, temporary: temporary, path: path)
    }

    /// What goes to the system at once; larger pieces are slower.
    private static let pieceByteCount = 8 << 20

    /// Adds bytes to the end.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let count = withoutFileSizeSignal {
                systemWrite(
                    descriptor, bytes.baseAddress! + done, min(bytes.count - done, Self.pieceByteCount))
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw Self.failure(path) }
            done += count
        }
    }

    private static func failure(_ path: String, _ number: Int32 = errno) -> FormatError {
        .cannotWrite(path: path, reason: systemErrorText(number))
    }

    /// Unique, hidden, and short enough wherever the name itself is.
    private static func temporaryName(for name: String) -> String {
        var stem = name
        while stem.utf8.count > 200 { stem.unicodeScalars.removeLast() }
        // The first half of a byte that is no character.
        if stem.unicodeScalars.last == "\0" { stem.unicodeScalars.removeLast() }
        return ".\(stem).tmp-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
    }

    /// Sets room aside for a large file; the error's number where there is none. A file system that cannot do
    /// that is no error.
    private static func reserve(_ byteCount: Int, _ descriptor: Int32) -> Int32? {
        #if os(Linux)
            guard byteCount >= pieceByteCount else { return nil }
            let number = posix_fallocate(descriptor, 0, off_t(byteCount))
            return number == ENOSPC || number == EFBIG || number == EDQUOT ? number : nil
        #else
            return nil
        #endif
    }

    /// The bytes reach the disk; the error's number where they do not.
    private static func synchronize(_ descriptor: Int32) -> Int32? {
        while fsync(descriptor) != 0 {
            if errno != EINTR { return errno }
        }
        return nil
    }

    /// Makes the rename last. A folder that cannot be opened for reading, or a file system that does not
    /// flush folders, is no error: the file is in its place.
    private static func synchronizeFolder(_ folder: String, _ path: String) throws {
        let descriptor = open(systemPath(folder.isEmpty ? "." : folder), O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if synchronize(descriptor) == EIO {
            let reason =
                "the new file is in place, but its folder did not reach the disk: \(systemErrorText(EIO))"
            throw FormatError.cannotWrite(path: path, reason: reason)
        }
    }

    /// Where the bytes finally go.
    fileprivate struct Target {
        /// The folder with its final slash, or nothing for the current one.
        let folder: String
        let name: String
        /// Those of the file that is there already.
        let permissions: mode_t?

        init(_ path: String) throws {
            guard let system = SystemPath.bytes(path) else {
                throw FormatError.cannotWrite(path: path, reason: "a path contains no zero byte")
            }
            var target = path
            var status = stat()
            if stat(system, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFREG else {
                    throw FormatError.notARegularFile(path: path)
                }
                guard faccessat(AT_FDCWD, system, W_OK, AT_EACCESS) == 0 else { throw failure(path) }
                guard let resolved = realpath(system, nil) else { throw failure(path) }
                target = SystemPath.text(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
                free(resolved)
                permissions = status.st_mode & 0o777
            } else {
                guard errno == ENOENT else { throw failure(path) }
                permissions = nil
                while let next = linkDestination(target) { target = next }
            }
            let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
            folder = slash.map { String(target[...$0]) } ?? ""
            name = slash.map { String(target[target.utf8.index(after: $0)...]) } ?? target
            guard !name.isEmpty else {
                throw FormatError.cannotWrite(
                    path: path, reason: systemErrorText(target.isEmpty ? ENOENT : EISDIR))
            }
        }
    }
}

/// Where a symbolic link leads; nil for anything else. Links that lead in a circle have failed before.
private func linkDestination(_ path: String) -> String? {
    let text = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
        count = buffer.withMemoryRebound(to: CChar.self) {
            max(0, readlink(systemPath(path), $0.baseAddress!, $0.count))
        }
    }
    if text.isEmpty { return nil }
    let link = SystemPath.text(text)
    guard !link.utf8.starts(with: "/".utf8), let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
        return link
    }
    return String(path[...slash]) + link
}

/// The bytes of a path that was looked at before, or is made of such.
private func systemPath(_ text: String) -> [CChar] { SystemPath.bytes(text) ?? [0] }

/// The system's `write`, which the type's own hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
