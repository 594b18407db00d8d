// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline passes`.
struct PassesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passes",
        abstract: "Time forward and backward passes of real-sized blocks and check their gradients.",
        discussion: """
            Feed-forward blocks (tokens x width x hidden width) and fully connected residual blocks (rows x \
            width), in Float, with random weights and inputs. 'of GEMM' is the time of the same matrix \
            products by plain OpenBLAS calls with as many threads, over the time of forward and backward. \
            'gradient error' is the largest relative difference by norm to the same block in Double, over the \
            input and every parameter; the command fails where it exceeds 1e-4 (1e-2 with ReLU, whose \
            pre-activations near zero may flip between precisions).
            """)

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("repeat"), help: "Timed runs of each pass; the median counts.")
    var repeats = 10

    @Option(help: "Only passes whose name contains this text.")
    var filter: String?

    func validate() throws {
        if !(1...100_000).contains(repeats) {
            throw ValidationError("--repeat \(repeats) is impossible; expected 1 to 100000")
        }
        if selected.isEmpty && !includesSmall {
            let names = PassCase.all.map(\.name) + [SmallOperations.name]
            throw ValidationError(
                "--filter '\(filter ?? "")' matches no pass; there are \(names.joined(separator: ", "))")
        }
    }

    private var selected: [PassCase] {
        PassCase.all.filter { filter.map($0.name.contains) ?? true }
    }

    private var includesSmall: Bool { filter.map(SmallOperations.name.contains) ?? true }

    func run() throws {
        common.apply()
        let progress = Progress()
        progress.show("measuring plain GEMM …")
        let host = HostDescription.measured()
        var results: [PassResult] = []
        let count = selected.count + (includesSmall ? 1 : 0)
        for pass in selected {
            progress.show("[\(results.count + 1)/\(count)] \(pass.name) …")
            results.append(withRandomSeed(1) { pass.measure(repeats: repeats) })
        }
        if includesSmall {
            progress.show("[\(count)/\(count)] \(SmallOperations.name) …")
            results.append(SmallOperations.measure(repeats: repeats))
        }
        progress.clear()
        if common.json {
            try StandardOutput.print(json: Report(host: host, passes: results))
        } else {
            try StandardOutput.print(host.summary + "\n\n" + Self.table(results))
        }
        let wrong = results.filter { !$0.isRight }
        if !wrong.isEmpty {
            throw Failure(names: wrong.map(\.name))
        }
    }

    private struct Report: Encodable {
        let host: HostDescription
        let passes: [PassResult]
    }

    private struct Failure: Error, CustomStringConvertible {
        let names: [String]
        var description: String { "gradients are wrong: \(names.joined(separator: ", "))" }
    }

    private static func table(_ results: [PassResult]) -> String {
        var table = TextTable(header: [
            "pass", "forward ms", "GFLOP/s", "fwd+bwd ms", "GFLOP/s", "of GEMM", "peak MB", "gradient error",
        ])
        table.rows = results.map {
            [
                $0.name, $0.forwardMilliseconds.text(2), $0.forwardGFLOPS.text(0),
                $0.forwardBackwardMilliseconds.text(2), $0.forwardBackwardGFLOPS.text(0),
                $0.fractionOfGemm?.text(3) ?? "–", (Double($0.peakBytes) / 1e6).text(1),
                String(format: "%.1e", $0.gradientError),
            ]
        }
        return table.text
    }
}
