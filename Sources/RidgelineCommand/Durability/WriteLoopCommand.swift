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

    @Option(help: "When to end, if nobody ends it.")
    var seconds = 20

    func run() throws {
        let contents = [0, 1].map { kind.content(version: $0, mebibytes: size) }
        let end = ContinuousClock.now + .seconds(seconds)
        try StandardOutput.print("ready")
        while ContinuousClock.now < end {
            for content in contents { try content.write(path) }
        }
    }
}
