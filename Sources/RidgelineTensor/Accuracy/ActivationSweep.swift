// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The largest errors of an activation's Float kernels against its Double kernels, over all bit patterns of Float or
/// a stride of them, on several instruction sets at once: the reference, which takes most of the time, is computed
/// once. (`DoubleActivationSweep` checks it.)
///
/// The derivative is that from what backward reads: where that is the output, the error is counted at the output's
/// own rounded value. Those of Swish and Mish, which cross zero, are counted in units of the larger of two addends.
package struct ActivationSweep: Sendable {
    package typealias Errors = LargestErrors<Float>

    let function: SweptFunction<Float>
    private let exactFunction: SweptFunction<Double>
    private let tables: [KernelTable<Float>]
    private let reference: KernelTable<Double> = .table(for: .best)

    /// - Parameter sets: the instruction sets of the Float kernels.
    package init(_ activation: Activation, on sets: [InstructionSet] = [.current]) {
        self.init(SweptFunction(activation, width: Self.width), on: sets)
    }

    init(_ function: SweptFunction<Float>, on sets: [InstructionSet]) {
        self.function = function
        exactFunction = function.converted()
        tables = sets.map { .table(for: $0) }
    }

    /// Compares every `stride`-th of the bit patterns, on all threads.
    package func run(over patterns: ClosedRange<UInt32> = 0...UInt32.max, stride: Int = 1) -> [Errors] {
        require(stride > 0, "ActivationSweep: the stride \(stride) is not positive")
        let total = (Int(patterns.upperBound) - Int(patterns.lowerBound)) / stride + 1
        // So many chunks that threads finish together, and progress would be even.
        let chunks = Swift.min((total + Self.width - 1) / Self.width, 1 << 12)
        let perChunk = (total + chunks - 1) / chunks
        let none = tables.map { Errors($0.instructionSet) }
        var results = [[Errors]](repeating: none, count: chunks)
        results.withUnsafeMutableBufferPointer { results in
            let start = results.baseAddress!
            Parallelism.forEach(chunks) { chunk in
                let first = chunk * perChunk
                let count = Swift.min(perChunk, total - first)
                if count > 0 {
                    start[chunk] = sweep(
                        from: Int(patterns.lowerBound) + first * stride, count: count, stride: stride)
                }
            }
        }
        return results.reduce(none) { sum, chunk in
            zip(sum, chunk).map { sum, errors in
                var sum = sum
                sum.merge(errors)
                return sum
            }
        }
    }

    /// Elements at a time: those of all arrays below fit the second-level cache.
    private static let width = 4096

    /// Whether the function is x·s(x) with a derivative s + x·s' that crosses zero in plain arithmetic, so that its
    /// first addend is the value divided by x. (GELU's are not: their roots are fitted.)
    private var crossesZero: Bool {
        function.kind.map { [.silu, .geluSigmoid, .mish].contains($0) } ?? false
    }

    private func sweep(from start: Int, count: Int, stride: Int) -> [Errors] {
        let width = Swift.min(Self.width, count)
        let ones = ([Float](repeating: 1, count: width), [Double](repeating: 1, count: width))
        var (x, y, slope) = (ones.0, ones.0, ones.0)
        var (wide, exact, exactSlope, units) = (ones.1, ones.1, ones.1, ones.1)
        var results = tables.map { Errors($0.instructionSet) }
        var done = 0
        while done < count {
            let n = Swift.min(width, count - done)
            let first = start + done * stride
            for i in 0..<n { x[i] = Float(bitPattern: UInt32(truncatingIfNeeded: first + i * stride)) }
            for i in 0..<n { wide[i] = Double(x[i]) }
            if function.kind == .sine {
                exactSine(x, &wide, &exact, &exactSlope, n)
            } else {
                exactFunction.forward(reference, wide, &exact, n)
                if !function.savesOutput {
                    exactFunction.backward(reference, saved: wide, dy: ones.1, &exactSlope, n)
                }
            }
            if !function.savesOutput { units = exactSlope }
            if crossesZero {
                for i in 0..<n {
                    let addend = (exact[i] / wide[i]).magnitude
                    if addend > units[i].magnitude { units[i] = addend }
                }
            }
            for (index, table) in tables.enumerated() {
                function.forward(table, x, &y, n)
                Self.compare(y, exact, exact, at: x, n, signed: true, &results[index].value)
                if function.savesOutput {
                    for i in 0..<n { wide[i] = Double(y[i]) }
                    exactFunction.backward(reference, saved: wide, dy: ones.1, &exactSlope, n)
                    function.backward(table, saved: y, dy: ones.0, &slope, n)
                    Self.compare(slope, exactSlope, exactSlope, at: x, n, &results[index].derivative)
                } else {
                    function.backward(table, saved: x, dy: ones.0, &slope, n)
                    Self.compare(slope, exactSlope, units, at: x, n, &results[index].derivative)
                }
                results[index].count += n
            }
            done += n
        }
        return results
    }

    /// Sine and cosine: those of far arguments from the rest after quarters of a turn.
    private func exactSine(
        _ x: [Float], _ wide: inout [Double], _ sine: inout [Double], _ cosine: inout [Double], _ n: Int
    ) {
        let ones = [Double](repeating: 1, count: n)
        var quarters = [UInt64](repeating: 0, count: n)
        for i in 0..<n where !(x[i].magnitude < FarSine.start) {
            (wide[i], quarters[i]) = FarSine.reduced(x[i])
        }
        exactFunction.forward(reference, wide, &sine, n)
        exactFunction.backward(reference, saved: wide, dy: ones, &cosine, n)
        for i in 0..<n where quarters[i] & 3 != 0 {
            let (s, c) = (sine[i], cosine[i])
            (sine[i], cosine[i]) =
                switch quarters[i] & 3 {
                case 1: (c, -s)
                case 2: (-s, -c)
                default: (-c, s)
                }
        }
    }
}
