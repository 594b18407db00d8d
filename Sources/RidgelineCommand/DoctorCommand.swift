// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Ridgeline

/// `ridgeline doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what the engine runs on, check OpenBLAS, measure it, and advise.",
        discussion: """
            Multiplies small, odd and large matrices in both precisions and compares every element with a \
            plain loop; measures products on one and on all threads; where the environment chooses \
            OpenBLAS's kernels, measures its own choice as well. Exit code 0: all is well; 1: OpenBLAS \
            multiplies wrongly; 2: results are right, but something makes them slow.
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        common.apply()
        let progress = Progress()
        progress.show("checking and measuring …")
        let diagnosis = Diagnosis.made()
        progress.clear()
        if common.json {
            try StandardOutput.print(json: diagnosis)
        } else {
            try StandardOutput.print(Self.text(diagnosis))
        }
        if !diagnosis.selfCheck.failures.isEmpty { throw ExitCode(1) }
        if !diagnosis.advice.isEmpty { throw ExitCode(2) }
    }

    private static func text(_ diagnosis: Diagnosis) -> String {
        let check = diagnosis.selfCheck
        let verdict =
            check.failures.isEmpty
            ? "\(check.products) products, all right"
            : "\(check.failures.count) of \(check.products) products WRONG, the first: \(check.failures[0])"
        let rates = diagnosis.gemmGFLOPS.map {
            "\($0.oneThread.text(0)) GFLOP/s on one thread, \($0.allThreads.text(0)) on \(diagnosis.threads)"
        }
        let set = diagnosis.environment.sorted { $0.key < $1.key }.map {
            "\($0.key)=\($0.value.withoutControls)"
        }
        let facts = [
            ("processor", diagnosis.cpu),
            ("cores", "\(diagnosis.cores), \(diagnosis.threads) threads in use"),
            ("instruction sets", diagnosis.instructionSets.joined(separator: ", ")),
            ("kernels", diagnosis.kernels),
            ("OpenBLAS", "\(diagnosis.openblas.version), core \(diagnosis.openblas.core)"),
            ("its build", diagnosis.openblas.configuration),
            ("threading", diagnosis.openblas.threading),
            ("environment", set.isEmpty ? "nothing set" : set.joined(separator: " ")),
            ("self-check", verdict),
            ("matrix products", rates ?? "not measured"),
        ]
        let width = facts.map(\.0.count).max() ?? 0
        let lines = facts.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
        let advice =
            diagnosis.advice.isEmpty ? ["All is well."] : diagnosis.advice.map { "! " + $0.withoutControls }
        return (lines + [""] + advice).joined(separator: "\n")
    }
}
