// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "List the tensors of a file, with statistics where they are wanted.",
        discussion: """
            Reads safetensors, the index of safetensors in several files, .npy, .npz and IDX (also compressed by \
            gzip), told apart by their content, and numbers in .csv and .tsv. Without --statistics only headers \
            are read. Minimum, maximum and mean are those of the finite elements; NaNs and infinities are \
            counted apart. Control characters in names and metadata are escaped.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The file.")
    var file: String?

    @Option(
        defaultAsFlag: "", parsing: .next,
        help: "Read the tensor of this name, or all of them, for minimum, maximum, mean, NaNs and infinities."
    )
    var statistics: String?

    mutating func validate() throws {
        // `--statistics FILE` is meant for all of the file's tensors.
        if file == nil, let name = statistics, !name.isEmpty { (file, statistics) = (name, "") }
        if file == nil { throw ValidationError("expected a file to inspect") }
    }

    func run() throws {
        common.apply()
        let inspected = try InspectedFile(contentsOf: file ?? "")
        var report = InspectReport(inspected)
        if let name = statistics {
            let progress = Progress()
            defer { progress.clear() }
            try report.addStatistics(of: name.isEmpty ? nil : name, progress)
        }
        if common.json {
            try StandardOutput.print { try report.writeJSON(&$0) }
        } else {
            try StandardOutput.print { try report.writeText(&$0) }
        }
    }
}
