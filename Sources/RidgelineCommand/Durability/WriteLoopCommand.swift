// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation

/// `ridgeline write-loop`: what `ridgeline kill-writers` kills.
struct WriteLoopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write-loop", abstract: "Overwrite a file with two contents in turn.",
        shouldDisplay: false)

    @Argument(help: "The file.")
    var path: String

    @Option(help: "The writer: \(WriterKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind: WriterKind

    @Option(help: "The size of a content in MiB.")
    var size: Int

    @Option(help: "The process that kills this one; where it ends first, so does this.")
    var parent: Int

    func run() throws {
        let contents = [0, 1].map { kind.content(version: $0, mebibytes: size) }
        try StandardOutput.print("ready")
        while Int(getppid()) == parent {
            for content in contents { try content.write(path) }
        }
    }
}
