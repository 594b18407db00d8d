// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline
import Synchronization

/// `ridgeline activations`.
struct ActivationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activations",
        abstract: "List, time, check and draw every activation function.",
        discussion: """
            Times are those of act(x + b) and of its backward with the bias gradient, on 2048 x 3072 floats; for \
            radial functions of 2048 points and 3072 centres in 64 dimensions, for folds of pairs. '× move' is \
            the time over that of a kernel that only moves the same bytes, measured in turn with it: forward, \
            the engine's identity kernel with a bias (reads x and b, writes y); backward, the engine's addition \
            of the saved values to dy (reads both, writes dz in its place). Backward is handed a dy of its \
            own, as in a training step, and may write over it; so is PyTorch's. 'ulp' is the largest error in units in the last \
            place on any instruction set of this machine, against the Double kernels, over a stride of all \
            floats, or all of them with --exhaustive, then the bound it keeps; for the derivative at the saved \
            value, as backward computes it. Of the plain Swift kernels, one float in 251 is compared. \
            --exhaustive compares Double too, at ten million random and all special values, with Float80. \
            '--pytorch python3' adds how many times as long PyTorch takes, run in turn with ours, once as it is \
            and once with a C library that keeps its memory, of which the faster counts, and both libraries' values far to the left. '--plot' draws instead of measuring, an SVG, or a PNG where \
            rsvg-convert is installed.
            """)

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("function"), help: "Only this function, as 'gelu' or 'leaky-relu(0.2)'.")
    var name: String?

    @Option(help: "Draw all curves and derivatives to this file, .svg or .png, and do nothing else.")
    var plot: String?

    @Flag(help: "Compare all 2^32 floats (about a minute a function).")
    var exhaustive = false

    @Option(help: "Compare every N-th float (default: 8209).")
    var stride: Int?

    @Option(name: .customLong("repeat"), help: "Timed runs of each function; the median counts.")
    var repeats = 11

    @Option(help: "A Python that has PyTorch, to measure it in the same run.")
    var pytorch: String?

    func validate() throws {
        if let stride, !(1...Int(UInt32.max)).contains(stride) {
            throw ValidationError("--stride \(stride) is impossible; expected 1 to \(UInt32.max)")
        }
        if let plot { try Drawing.check(plot) }
        if stride != nil && exhaustive {
            throw ValidationError("--exhaustive and --stride exclude each other")
        }
        if !(1...100_000).contains(repeats) {
            throw ValidationError("--repeat \(repeats) is impossible; expected 1 to 100000")
        }
    }

    func run() throws {
        common.apply()
        // Radial and folding functions go by their names; any other name is an activation or an error.
        let chosen = OtherFunction.all.filter { name == nil || $0.name == name }
        let functions =
            try chosen.isEmpty || name == nil
            ? name.map { [try Activation(named: $0)] } ?? Activation.family : []
        if let plot {
            guard name == nil else {
                throw ValidationError("--plot draws all functions; leave --function out")
            }
            return try Self.draw(to: plot)
        }
        let progress = Progress()
        progress.show("measuring …")
        let peer = try pytorch.map { try PyTorchPeer(python: $0, threads: Parallelism.threads) }
        let timing = ActivationTiming(repeats: repeats)
        let finished = Mutex<[ActivationResult]>([])
        let json = common.json
        let version = peer?.version
        @Sendable func report(_ functions: [ActivationResult], _ others: [OtherResult], _ tails: [FarTail]?)
            -> ActivationsReport
        {
            ActivationsReport(
                cpu: HostDescription.cpuName, threads: Parallelism.threads,
                isa: InstructionSet.current.rawValue,
                rows: ActivationTiming.rows, columns: ActivationTiming.columns, pytorch: version,
                functions: functions, others: others, tails: tails)
        }
        let count = functions.count
        let interruption = Interruption {
            let results = finished.withLock { $0 }
            progress.clear()
            if !results.isEmpty { try report(results, [], nil).print(json: json) }
            StandardError.print(
                "ridgeline: interrupted; \(results.count) of \(count) activations are finished\n")
        }
        for (index, function) in functions.enumerated() {
            let prefix = "[\(index + 1)/\(functions.count)] \(function) "
            progress.show(prefix + "…")
            let times = timing.measure(function)
            let theirs = try peer?.measure(function, repeats: repeats)
            let errors = ActivationErrors.measured(function, stride: exhaustive ? 1 : stride ?? 8_209) {
                progress.show(prefix + "\($0.text(0)) % of all floats …")
            }
            let double = exhaustive ? ActivationErrors.measuredDouble(function) : nil
            let result = ActivationResult(function, times, errors, double: double, theirs)
            finished.withLock { $0.append(result) }
        }
        let others = try chosen.map { function in
            progress.show(function.name + " …")
            return OtherResult(
                function, timing.measure(function), try peer?.measure(function.name, repeats: repeats))
        }
        let tails = try peer.map { try FarTail.compared(functions, with: $0) }
        interruption.end()
        progress.clear()
        let results = finished.withLock { $0 }
        try report(results, others, tails).print(json: json)
        let wrong = results.filter { !$0.isRight }
        if !wrong.isEmpty { throw Failure(names: wrong.map(\.name)) }
    }

    private static func draw(to path: String) throws {
        try Drawing.write(WallChart.svg(), to: path)
    }

    private struct Failure: Error, CustomStringConvertible {
        let names: [String]
        var description: String {
            "values or derivatives are farther off than they should be: \(names.joined(separator: ", "))"
        }
    }
}
