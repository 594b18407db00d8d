// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// The command `ridgeline`.
@main
struct RidgelineTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ridgeline",
        abstract: "Forward and backward passes on the CPU, checked and timed.",
        discussion: "The exit code is 0 only when all is well.",
        version: "0.1.0",
        subcommands: [
            PassesCommand.self, ActivationsCommand.self, DoctorCommand.self, InspectCommand.self,
            ClassifyCommand.self,
            GemmRateCommand.self, FileRatesCommand.self, WriteLoopCommand.self, KillWritersCommand.self,
            FillDiskCommand.self,
        ])

    /// Runs the command that the arguments name; whatever goes wrong is one line on standard error.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            // Help and version are asked for, not errors.
            if code == .success { exit(withError: error) }
            let line = message(for: error).split(separator: "\n").joined(separator: " ")
            if !line.isEmpty { StandardError.print("ridgeline: \(line.withoutControls)\n") }
            Foundation.exit(code.rawValue)
        }
    }
}

/// Options that every command has.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Option(help: "Compute on this many threads (default: RIDGELINE_THREADS, else all cores).")
    var threads: Int?

    func validate() throws {
        if let threads, !(1...Parallelism.maximumThreads).contains(threads) {
            throw ValidationError(
                "--threads \(threads) is impossible; expected 1 to \(Parallelism.maximumThreads)")
        }
    }

    /// Takes the options up before the command runs.
    func apply() {
        if let threads { Parallelism.threads = threads }
    }
}
