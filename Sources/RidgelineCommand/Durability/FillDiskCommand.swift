// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline fill-disk`: what `Scripts/full-disk` runs.
struct FillDiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill-disk",
        abstract: "Overwrite files with larger ones until there is no room, and look at what is left.",
        discussion: """
            Every failure must be an error of the library that says why; the old file must be whole and nothing \
            else be there. The folder is to be on a small disk of its own: it is filled.
            """,
        shouldDisplay: false)

    @Option(help: "The folder on the disk to fill.")
    var folder = FileManager.default.temporaryDirectory.path

    @Option(help: "Instead of filling the disk, allow files of so many bytes only.")
    var fileSizeLimit: Int?

    @Flag(help: "Instead of filling the disk, let the library of failing calls fail each call at the end.")
    var failingCalls = false

    @Option(help: "Only this writer.")
    var kind: WriterKind?

    func run() throws {
        if let fileSizeLimit { try limitFileSize(fileSizeLimit) }
        let scratch = try ScratchFolder(in: folder)
        defer { scratch.remove() }
        for kind in kind.map({ [$0] }) ?? WriterKind.safe {
            var filled = try FilledDisk(kind, in: scratch)
            if failingCalls {
                try filled.failCalls()
                try filled.failFolder()
            } else {
                // With a limit one that is noticed while writing, and one that is refused beforehand.
                try filled.grow(to: fileSizeLimit == nil ? [2, 3, 5, 8, 12, 16, 24] : [2, 9])
                if fileSizeLimit == nil { try filled.meetBallast() }
            }
            try StandardOutput.print(filled.tally)
            try scratch.remove(filled.name)
        }
    }

    private func limitFileSize(_ bytes: Int) throws {
        // The signal that comes with the limit would end a writer that does not expect it; ours do.
        if kind == .inPlace { signal(SIGXFSZ, SIG_IGN) }
        #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
            let resource = RLIMIT_FSIZE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { throw Violation(description: "getrlimit failed") }
        limit.rlim_cur = rlim_t(bytes)
        guard setrlimit(resource, &limit) == 0 else { throw Violation(description: "setrlimit failed") }
    }
}

/// One file that is overwritten where there is no room.
private struct FilledDisk {
    private let kind: WriterKind
    private let folder: ScratchFolder
    let name: String
    /// What the file is as long as no writing succeeds.
    private var old: Data
    private var version = 0
    private var written = 0
    private var failures: [String: Int] = [:]

    init(_ kind: WriterKind, in folder: ScratchFolder) throws {
        (self.kind, self.folder) = (kind, folder)
        name = "file.\(kind.rawValue)"
        try kind.content(version: 0, mebibytes: 1).write(folder.file(name))
        old = try folder.bytes(name)
    }

    /// Larger and larger files, beside which the old one has no room at last.
    mutating func grow(to sizes: [Int]) throws {
        for mebibytes in sizes { try overwrite(mebibytes) }
        if failures.isEmpty { throw violation("no file was too large") }
    }

    /// A disk that is full but for 1 MiB, and then has room again.
    mutating func meetBallast() throws {
        let ballast = "ballast"
        let file = open(folder.file(ballast), O_WRONLY | O_CREAT | O_EXCL, 0o600)
        defer { close(file) }
        let block = [UInt8](repeating: 1, count: 1 << 16)
        var size = 0
        while case let count = write(file, block, block.count), count > 0 { size += count }
        guard ftruncate(file, off_t(max(0, size - 1 << 20))) == 0 else { throw violation("no ballast") }
        let before = failures.values.reduce(0, +)
        for mebibytes in [2, 3, 5] { try overwrite(mebibytes, beside: [ballast]) }
        if failures.values.reduce(0, +) < before + 3 { throw violation("a full disk took a file") }
        try folder.remove(ballast)
        guard ftruncate(file, 0) == 0 else { throw violation("the ballast stays") }
        let succeeded = written
        try overwrite(2)
        if written == succeeded { throw violation("a disk with room took no file") }
    }

    /// Each call after the last byte fails, as where a quota is noticed late.
    mutating func failCalls() throws {
        for call in ["ftruncate", "fsync", "close", "rename"] {
            let before = failures.values.reduce(0, +)
            setenv("RIDGELINE_FAILING_CALL", call, 1)
            defer { unsetenv("RIDGELINE_FAILING_CALL") }
            try overwrite(1)
            if failures.values.reduce(0, +) == before { throw violation("\(call) failed unnoticed") }
        }
    }

    /// The disk takes the file but not the entry of its folder: the new file is there, and the error says so.
    mutating func failFolder() throws {
        setenv("RIDGELINE_FAILING_CALL", "fsync-folder", 1)
        defer { unsetenv("RIDGELINE_FAILING_CALL") }
        version += 1
        let content = kind.content(version: version, mebibytes: 1)
        do {
            try content.write(folder.file(name))
        } catch FormatError.cannotWrite(_, let reason)
            where reason.contains("its folder did not reach the disk")
        {
            guard try folder.bytes(name) != old, try folder.names() == [name] else {
                throw violation("the new file is not in its place")
            }
            old = try folder.bytes(name)
            failures["folder"] = 1
            return
        }
        throw violation("fsync of the folder failed unnoticed")
    }

    private mutating func overwrite(_ mebibytes: Int, beside others: [String] = []) throws {
        version += 1
        let path = folder.file(name)
        do {
            try kind.content(version: version, mebibytes: mebibytes).write(path)
            written += 1
            old = try folder.bytes(name)
            guard old.count >= mebibytes << 20 else { throw violation("a file became shorter") }
        } catch FormatError.cannotWrite(path, let reason) where Self.reasons.contains(reason) {
            failures[reason, default: 0] += 1
            guard try folder.bytes(name) == old else { throw violation("the old file is not whole") }
        }
        let names = try folder.names()
        guard names == (others + [name]).sorted() else {
            throw violation("the folder has \(names.joined(separator: ", "))")
        }
    }

    private static let reasons = [ENOSPC, EDQUOT, EFBIG].map { String(cString: strerror($0)) }

    private func violation(_ text: String) -> Violation {
        Violation(description: "\(kind.rawValue): \(text)")
    }

    var tally: String {
        let reasons = failures.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
        return "\(kind.rawValue): \(written) files written, \(failures.values.reduce(0, +)) failures "
            + "(\(reasons.joined(separator: ", "))), a whole file and nothing else after each"
    }
}
