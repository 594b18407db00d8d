// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline
import Synchronization

/// `ridgeline passes`.
struct PassesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passes",
        abstract: "Time forward and backward passes of real-sized models and check their gradients.",
        discussion: """
            In Float, with random weights and inputs, forward in inference and forward and backward in training:

            feed-forward/ACTIVATION/TOKENSxWIDTHxHIDDEN, residual/ACTIVATION/ROWSxWIDTH: fully connected blocks.
            residual-basic/…, residual-bottleneck/ACTIVATION/CHANNELSxHEIGHTxWIDTH: the blocks of ResNet-18 and ResNet-50, of \
            8 images; with '/projection' those that change the shape, named by their output.
            resnet-18/IMAGESxHEIGHTxWIDTH, resnet-50/…, alexnet/…: whole networks; backward from a cross-entropy to all \
            parameters, no optimizer.
            convolution/KERNEL/CHANNELS-CHANNELSxHEIGHTxWIDTH, with the stride after the kernel where it is not 1: those \
            of ResNet-50, of 8 images, named by their input; backward to weight and input.

            elementwise/OPERATION/SHAPE: broadcasts, copies in another order, functions and reductions, forward alone.

            Of these, the blocks with ReLU, without projection, the residual networks at 8 images and all fully \
            connected blocks are measured by default, in about three minutes; --filter and --all choose among all.

            'of GEMM' is the time of the same matrix products by plain OpenBLAS calls with as many threads, over the time of \
            forward and backward; of a convolution, the product of its windows with the weight. 'gradient error' is the \
            largest relative difference by norm to the same model in Double, over the input and every parameter, for \
            networks with 4 images of 64x64; the command fails where it exceeds 1e-4 (1e-2 with ReLU, whose \
            pre-activations near zero may flip between precisions; 0.2 for whole networks of these).
            """)

    @OptionGroup var common: CommonOptions

    @Option(
        name: .customLong("repeat"),
        help: "Timed runs of each pass; the median counts. By default 10, of slow passes 5 or more.")
    var repeats: Int?

    @Option(help: "Of all passes, the one with this name or those whose names contain this text.")
    var filter: String?

    @Flag(help: "All passes. They take some fifteen minutes on two cores.")
    var all = false

    func validate() throws {
        if let repeats, !(1...100_000).contains(repeats) {
            throw ValidationError("--repeat \(repeats) is impossible; expected 1 to 100000")
        }
        if selected.isEmpty && elementwise.isEmpty && !includesSmall {
            let names = PassCase.all.map(\.name) + [SmallOperations.name] + ElementwiseCase.all.map(\.name)
            throw ValidationError(
                "--filter '\(filter ?? "")' matches no pass; there are \(names.joined(separator: ", "))")
        }
    }

    private var selected: [PassCase] {
        if let exact = PassCase.all.first(where: { $0.name == filter }) { return [exact] }
        return PassCase.all.filter { filter.map($0.name.contains) ?? (all || $0.isDefault) }
    }

    /// Only where the filter asks for them, or all.
    private var elementwise: [ElementwiseCase] {
        if let exact = ElementwiseCase.all.first(where: { $0.name == filter }) { return [exact] }
        return ElementwiseCase.all.filter { filter.map($0.name.contains) ?? all }
    }

    private var includesSmall: Bool { filter.map(SmallOperations.name.contains) ?? true }

    func run() throws {
        common.apply()
        let progress = Progress()
        progress.show("measuring plain GEMM …")
        let host = HostDescription.measured()
        let finished = Mutex<[PassResult]>([])
        let runs = repeats.map(PassRuns.exactly) ?? .automatic
        let count = selected.count + elementwise.count + (includesSmall ? 1 : 0)
        let json = common.json
        let interruption = Interruption {
            let results = finished.withLock { $0 }
            progress.clear()
            if !results.isEmpty { try Report(host: host, passes: results).print(json: json) }
            StandardError.print("ridgeline: interrupted; \(results.count) of \(count) passes are finished\n")
        }
        for (index, pass) in selected.enumerated() {
            progress.show("[\(index + 1)/\(count)] \(pass.name) …")
            let result = withRandomSeed(1) { pass.measure(runs) }
            finished.withLock { $0.append(result) }
        }
        for (index, pass) in elementwise.enumerated() {
            progress.show("[\(selected.count + index + 1)/\(count)] \(pass.name) …")
            let result = withRandomSeed(1) { pass.measure(repeats: repeats ?? 10) }
            finished.withLock { $0.append(result) }
        }
        if includesSmall {
            progress.show("[\(count)/\(count)] \(SmallOperations.name) …")
            let result = SmallOperations.measure(repeats: repeats ?? 10)
            finished.withLock { $0.append(result) }
        }
        interruption.end()
        progress.clear()
        let results = finished.withLock { $0 }
        try Report(host: host, passes: results).print(json: json)
        let wrong = results.filter { !$0.isRight }
        if !wrong.isEmpty {
            throw Failure(names: wrong.map(\.name))
        }
    }

    private struct Report: Encodable {
        let host: HostDescription
        let passes: [PassResult]

        func print(json: Bool) throws {
            if json {
                try StandardOutput.print(json: self)
            } else {
                try StandardOutput.print(host.summary + "\n\n" + table(passes))
            }
        }
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
