// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline kill-writers`: what `Scripts/kill-writers` runs.
struct KillWritersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill-writers",
        abstract: "Kill processes that overwrite a file, at random moments, and look at what is left.",
        discussion: """
            The file must be the old one or the new one, byte for byte. A writer that was killed midway leaves \
            at most one temporary file beside it, which takes nobody's place; it is counted and removed here.
            """,
        shouldDisplay: false)

    @Option(help: "How many writers to kill.")
    var kills = 200

    @Option(help: "Only this writer.")
    var kind: WriterKind?

    @Option(help: "The size of the file in MiB.")
    var size = 2

    @Option(help: "The folder on the disk that is meant.")
    var folder = FileManager.default.temporaryDirectory.path

    func validate() throws {
        if kills < 1 || size < 1 { throw ValidationError("expected --kills and --size of 1 or more") }
    }

    func run() throws {
        let scratch = try ScratchFolder(in: folder)
        defer { scratch.remove() }
        let progress = Progress()
        defer { progress.clear() }
        let kinds = kind.map { [$0] } ?? WriterKind.safe
        var tallies: [String] = []
        for (index, kind) in kinds.enumerated() {
            let share = kills * (index + 1) / kinds.count - kills * index / kinds.count
            var round = try KilledWriter(kind, size: size, in: scratch)
            for number in 0..<share {
                progress.show("\(kind.rawValue): \(number)/\(share) writers killed …")
                try round.kill()
            }
            tallies.append(round.tally)
            try scratch.remove(round.name)
        }
        progress.clear()
        try StandardOutput.print(
            "\(kills) writers killed; the file was whole after each\n" + tallies.joined(separator: "\n"))
    }
}

/// One file whose writers are killed.
private struct KilledWriter {
    private let kind: WriterKind
    private let size: Int
    private let folder: ScratchFolder
    let name: String
    /// What the file may be.
    private let versions: [Data]
    /// How long one writing takes.
    private let writing: Duration
    private var found = [0, 0]
    private var midway = 0

    /// The file is there, whole, before the first writer starts.
    init(_ kind: WriterKind, size: Int, in folder: ScratchFolder) throws {
        self.kind = kind
        self.size = size
        self.folder = folder
        let name = "file.\(kind.rawValue)"
        self.name = name
        var (versions, slowest) = ([Data](), Duration.zero)
        for version in [1, 0] {
            let content = kind.content(version: version, mebibytes: size)
            let time = try ContinuousClock().measure { try content.write(folder.file(name)) }
            slowest = max(slowest, time)
            versions.insert(try folder.bytes(name), at: 0)
        }
        (self.versions, writing) = (versions, slowest)
        if versions[0] == versions[1] { throw Violation(description: "\(kind.rawValue): contents are alike") }
    }

    /// Starts a writer, kills it within its first few files, and looks.
    mutating func kill() throws {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = [
            "write-loop", folder.file(name), "--kind", kind.rawValue, "--size", "\(size)",
            "--parent", "\(getpid())",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let isReady = try pipe.fileHandleForReading.read(upToCount: 1)?.isEmpty == false
        let nanoseconds = Int(writing / .nanoseconds(1))
        usleep(UInt32(clamping: Int.random(in: 0...4 * nanoseconds) / 1000))
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard isReady, process.terminationReason == .uncaughtSignal else {
            throw Violation(description: "\(kind.rawValue): a writer ended by itself")
        }
        let bytes = try folder.bytes(name)
        guard let version = versions.firstIndex(of: bytes) else {
            throw Violation(
                description: "\(kind.rawValue): after a kill the file is neither the old nor the new one; "
                    + "it has \(bytes.count) bytes of \(versions[0].count)")
        }
        found[version] += 1
        let left = try folder.names().filter { $0 != name }
        let prefix = ".\(name).tmp-\(process.processIdentifier)-"
        guard left.count <= 1, left.allSatisfy({ $0.hasPrefix(prefix) }) else {
            throw Violation(description: "\(kind.rawValue): a kill left \(left.joined(separator: ", "))")
        }
        for temporary in left { try folder.remove(temporary) }
        midway += left.count
    }

    var tally: String {
        "\(kind.rawValue): \(found[0] + found[1]) killed, \(midway) of them midway (a temporary file each); "
            + "found one content \(found[0]) times, the other \(found[1]) times"
    }
}
