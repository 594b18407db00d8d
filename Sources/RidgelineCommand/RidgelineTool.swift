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

    /// Runs the command that the arguments name; whatever goes wrong is said on standard error, in one line unless it is
    /// a list.
    static func main() {
        do {
            try run(Arguments.given())
            leave(0)
        } catch {
            leave(report(error))
        }
    }

    private static func run(_ arguments: [String]) throws {
        let commands = configuration.subcommands
        let shown = commands.filter { $0.configuration.shouldDisplay }.compactMap {
            $0.configuration.commandName
        }
        if let unknown = UnknownCommand(arguments, known: shown),
            !commands.contains(where: { $0.configuration.commandName == unknown.name })
        {
            throw unknown
        }
        var command = try parseAsRoot(arguments)
        if let problem = EngineEnvironment.problem { throw Misconfiguration(description: problem) }
        try command.run()
    }

    /// Says what went wrong, or prints help and version, which are asked for; the exit code.
    private static func report(_ error: any Error) -> Int32 {
        let code = exitCode(for: error)
        if code == .success {
            do {
                try StandardOutput.print(fullMessage(for: error, columns: Terminal.output.width))
                return code.rawValue
            } catch {
                return report(error)
            }
        }
        let lines = (error is ModelLoadingError ? "\(error)" : message(for: error)).split(separator: "\n")
        let text = lines.map { String($0).withoutControls }.joined(
            separator: error is ModelLoadingError ? "\n" : " ")
        if !text.isEmpty { StandardError.print("ridgeline: \(text)\n") }
        return code.rawValue
    }

    /// Ends the process without OpenBLAS's shutdown, which waits for its threads: they may be asking the system in vain
    /// for memory that nobody needs any more.
    private static func leave(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    private struct Misconfiguration: Error, CustomStringConvertible {
        let description: String
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
