// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// Which inputs along one axis of an image each output sees, and turned round, for backward, which outputs see
/// each input.
struct PoolingAxis: Sendable {
    /// One output's window, cut to what lies within the image.
    struct Window: Sendable {
        /// Its first input.
        var first: Int
        /// How many it sees.
        var count: Int
        /// Its factor of an average's divisor.
        var divisor: Int
    }

    /// The most outputs that may be asked for where the inputs do not bound them: the table has a row for each.
    static let mostOutputs = 1 << 26

    let inputs: Int
    let outputs: Int
    /// From one input of a window to the next.
    let step: Int
    /// The most inputs that a window sees.
    let longest: Int
    /// First inputs, counts and divisors of the outputs, then the offsets of the inputs' lists of outputs and
    /// taps, then these: `ridgeline_pooling_axis` says which.
    private let table: [Int32]

    init(inputs: Int, step: Int = 1, windows: [Window]) {
        self.inputs = inputs
        self.step = step
        outputs = windows.count
        longest = windows.reduce(1) { Swift.max($0, $1.count) }
        let pairs = windows.reduce(0) { $0 + $1.count }
        var table = [Int32](repeating: 0, count: 3 * outputs + inputs + 1 + 2 * pairs)
        let offset = 3 * outputs
        let turned = offset + inputs + 1
        for (output, window) in windows.enumerated() {
            table[output] = Int32(window.first)
            table[outputs + output] = Int32(window.count)
            table[2 * outputs + output] = Int32(window.divisor)
            for tap in 0..<window.count { table[offset + window.first + tap * step + 1] += 1 }
        }
        for input in 0..<inputs { table[offset + input + 1] += table[offset + input] }
        var next = table[offset..<turned]
        for (output, window) in windows.enumerated() {
            for tap in 0..<window.count {
                let input = offset + window.first + tap * step
                let place = turned + Int(next[input])
                table[place] = Int32(output)
                table[place + pairs] = Int32(tap)
                next[input] += 1
            }
        }
        self.table = table
    }

    /// The windows of a pooling. An average's divisor counts the padding, but for what a window in ceiling mode
    /// sees beyond it, or only the inputs.
    init(_ axis: WindowAxis, countsPadding: Bool = false) {
        let windows = (0..<axis.output).map { output in
            let start = output * axis.stride - axis.before
            let end = Swift.min(start + axis.reach, axis.input + axis.after)
            // The first tap that is not in the padding.
            let skipped = start < 0 ? (-start + axis.dilation - 1) / axis.dilation : 0
            let first = start + skipped * axis.dilation
            let room = Swift.min(end, axis.input) - first
            let count = room > 0 ? (room - 1) / axis.dilation + 1 : 0
            return Window(first: first, count: count, divisor: countsPadding ? end - start : count)
        }
        self.init(inputs: axis.input, step: axis.dilation, windows: windows)
    }

    /// `outputs` windows over all inputs, as even as can be: output o sees those from ⌊o·inputs / outputs⌋ up to
    /// ⌈(o + 1)·inputs / outputs⌉.
    init(inputs: Int, adaptingTo outputs: Int) {
        self.init(
            inputs: inputs,
            windows: (0..<outputs).map { output in
                let first = output * inputs / outputs
                let count = ((output + 1) * inputs + outputs - 1) / outputs - first
                return Window(first: first, count: count, divisor: count)
            })
    }

    /// Outputs that each are one input: `sources[o]`.
    init(inputs: Int, copying sources: [Int]) {
        self.init(inputs: inputs, windows: sources.map { Window(first: $0, count: 1, divisor: 1) })
    }

    /// The first input that an output sees.
    func first(of output: Int) -> Int { Int(table[output]) }

    /// Calls `body` with what the kernels take.
    func withKernelAxis<Result>(_ body: (ridgeline_pooling_axis) -> Result) -> Result {
        table.withUnsafeBufferPointer { table in
            guard let first = table.baseAddress else { fatalError("a table has at least one offset") }
            let offset = first + 3 * outputs
            let output = offset + inputs + 1
            return body(
                ridgeline_pooling_axis(
                    first: first, count: first + outputs, divisor: first + 2 * outputs, offset: offset,
                    output: output, tap: output + Int(offset[inputs]), inputs: inputs, outputs: outputs,
                    step: step, longest: longest))
        }
    }
}
