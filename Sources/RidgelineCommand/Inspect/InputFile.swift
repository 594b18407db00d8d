// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation

/// A file to be read: one with a name, or what comes through the standard input.
struct InputFile {
    /// Where the library finds it.
    let path: String
    /// What it is called.
    let name: String

    /// Holds the link by which the library finds the standard input.
    private var folder: String?

    var isNamed: Bool { folder == nil }

    /// The file of this name, or where that is "-" the standard input. A pipe is copied to a temporary file first, which
    /// is there as long as the process: formats are not read from front to back.
    init(_ name: String) throws {
        guard name == "-" else {
            (path, self.name) = (name, name)
            return
        }
        self.name = "standard input"
        var status = stat()
        let isFile = fstat(0, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let descriptor = isFile ? 0 : try Self.copied()
        // Readers call a tensor without a name after its file.
        var template = Array((NSTemporaryDirectory() + "/ridgeline-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(doing: "make a temporary folder for") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        (path, self.folder) = (folder + "/input", folder)
        guard symlink("/dev/fd/\(descriptor)", path) == 0 else { throw Failure(doing: "name") }
    }

    /// Removes what was made for it.
    func remove() {
        guard let folder else { return }
        unlink(path)
        rmdir(folder)
    }

    /// The text of an error about it, under its name.
    func describe(_ error: any Error) -> String { "\(error)".replacing(path, with: name) }

    /// The descriptor of a file without a name that has everything that comes.
    private static func copied() throws -> Int32 {
        var template = Array((NSTemporaryDirectory() + "/ridgeline-XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw Failure(doing: "make a temporary file for") }
        unlink(template)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(0, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Failure(doing: "read") }
            if count == 0 { return file }
            var done = 0
            while done < count {
                let written = piece[done..<count].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if written < 0 && errno != EINTR { throw Failure(doing: "copy") }
                done += max(written, 0)
            }
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String

        init(doing what: String) {
            description = "cannot \(what) the standard input: \(String(cString: strerror(errno)))"
        }
    }
}
