// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A file to read: one that stays open, or one that is opened where it is needed.
protocol FileOpening: Sendable {
    var path: String { get }
    /// The file, open as long as the result lives.
    func opened() throws -> OpenFile
}

extension OpenFile: FileOpening {
    func opened() -> OpenFile { self }
}

/// Some of many files, open: those that were used last. The others are closed, as soon as nobody reads from them.
final class OpenFilePool: Sendable {
    /// The files that are open, the one used last at the end.
    private let files = Lock<[OpenFile]>([])

    /// Far below the number that a process may have.
    static let limit = 16

    /// The file of that path and identity, opened if it is not; throws where it is another one by now.
    fileprivate func file(_ path: String, _ identity: FileIdentity) throws -> OpenFile {
        let open = files.withLock { files in
            files.lastIndex { $0.identity == identity && $0.path == path }.map { index in
                let file = files.remove(at: index)
                files.append(file)
                return file
            }
        }
        if let open { return open }
        let file = try OpenFile(path: path)
        guard file.identity == identity else {
            throw FormatError.cannotRead(path: path, reason: "the file has changed since it was opened")
        }
        keep(file)
        return file
    }

    fileprivate func keep(_ file: OpenFile) {
        // Closed outside of the lock.
        let closed: OpenFile? = files.withLock { files in
            files.append(file)
            return files.count > Self.limit ? files.removeFirst() : nil
        }
        _ = closed
    }
}

/// A file that is opened anew where the pool has closed it.
struct PooledFile: FileOpening {
    let path: String
    private let identity: FileIdentity
    private let pool: OpenFilePool

    /// Opens the file.
    init(_ path: String, in pool: OpenFilePool) throws {
        let file = try OpenFile(path: path)
        (self.path, self.pool, identity) = (path, pool, file.identity)
        pool.keep(file)
    }

    func opened() throws -> OpenFile { try pool.file(path, identity) }
}
