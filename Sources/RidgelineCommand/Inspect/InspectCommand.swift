// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "List the tensors of files, with statistics where they are wanted.",
        discussion: """
            Reads safetensors, the index of safetensors in several files, .npy, .npz and IDX (also compressed by \
            gzip), told apart by their content, and numbers in .csv and .tsv; from the standard input any text is taken \
            for such a table. Of several files, one that cannot be read is reported on the standard error. Without --statistics only headers \
            are read. Minimum, maximum and mean are those of the finite elements; NaNs and infinities are \
            counted apart. Control characters in names and metadata are escaped.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The files; '-', or none, for the standard input.")
    var files: [String] = []

    @Option(
        defaultAsFlag: "", parsing: .next,
        help: "Read the tensor of this name, or all of them, for minimum, maximum, mean, NaNs and infinities."
    )
    var statistics: String?

    mutating func validate() throws {
        if files.isEmpty, let name = statistics, !name.isEmpty {
            // `--statistics FILE` is meant for all of the file's tensors.
            (files, statistics) = ([name], "")
        }
        if files.isEmpty {
            if Terminal(0).isTerminal { throw ValidationError("expected files to inspect") }
            files = ["-"]
        }
    }

    func run() throws {
        common.apply()
        var (files, tensor) = (files, statistics)
        if let name = tensor, !name.isEmpty, isFile(name), !files.contains(where: { has(name, $0) }) {
            (files, tensor) = ([name] + files, "")
        }
        var failed = 0
        if common.json && files.count > 1 { try StandardOutput.print("{\n\"files\" : [") }
        for (index, file) in files.enumerated() {
            do {
                let input = try InputFile(file)
                defer { input.remove() }
                let report = try Self.report(on: input, statisticsOf: tensor)
                do {
                    try print(report, isFirst: index == 0, isLast: index == files.count - 1)
                } catch {
                    throw Unwritable(reason: error)
                }
            } catch let error as Unwritable {
                throw error.reason
            } catch {
                guard files.count > 1 else { throw error }
                failed += 1
                StandardError.print("ridgeline: \("\(error)".withoutControls)\n")
                if common.json {
                    let entry = try StandardOutput.text(json: ["error": "\(error)", "path": file])
                    try StandardOutput.print(entry + (index == files.count - 1 ? "" : ","))
                }
            }
        }
        if common.json && files.count > 1 { try StandardOutput.print("]\n}") }
        if failed > 0 {
            throw Failure(description: "\(failed) of \(files.count) files could not be inspected")
        }
    }

    /// One report after another, none of which is kept.
    private func print(_ report: InspectReport, isFirst: Bool, isLast: Bool) throws {
        try StandardOutput.print { output in
            if common.json {
                try report.writeJSON(&output)
                if !isLast { try output.append(",\n") }
            } else {
                if !isFirst { try output.append("\n") }
                try report.writeText(&output)
            }
        }
    }

    private static func report(on input: InputFile, statisticsOf tensor: String?) throws -> InspectReport {
        do {
            let inspected = try InspectedFile(contentsOf: input.path, isNamed: input.isNamed)
            var report = InspectReport(inspected, name: input.name)
            if let tensor {
                let progress = Progress()
                defer { progress.clear() }
                try report.addStatistics(of: tensor.isEmpty ? nil : tensor, progress)
            }
            return report
        } catch  where !input.isNamed {
            throw Failure(description: input.describe(error))
        }
    }

    /// Whether `--statistics` was given a file and not a tensor's name.
    private func isFile(_ name: String) -> Bool { (try? OpenFile(path: name)) != nil }

    private func has(_ tensor: String, _ file: String) -> Bool {
        file != "-" && (try? InspectedFile(contentsOf: file))?.source.info(tensor) != nil
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Standard output takes no more, which ends everything.
    private struct Unwritable: Error {
        let reason: any Error
    }
}
