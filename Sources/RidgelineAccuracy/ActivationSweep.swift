// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
        return Errors.merged(tables.map(\.instructionSet), chunks: chunks) { chunk in
            let first = chunk * perChunk
            let count = Swift.max(0, Swift.min(perChunk, total - first))
            return sweep(from: Int(patterns.lowerBound) + first * stride, count: count, stride: stride)
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
        var (lastY, lastSlope) = (y, slope)
        var (values, derivatives) = (Errors.Extreme(), Errors.Extreme())
        var results = tables.map { Errors($0.instructionSet) }
        var done = 0
        while done < count {
            let n = Swift.min(width, count - done)
            let first = start + done * stride
            x.withUnsafeMutableBufferPointer { x in
                for i in 0..<n { x[i] = Float(bitPattern: UInt32(truncatingIfNeeded: first + i * stride)) }
            }
            Self.widen(x, &wide, n)
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
                units.withUnsafeMutableBufferPointer { units in
                    for i in 0..<n {
                        let addend = (exact[i] / wide[i]).magnitude
                        units[i] = addend > units[i].magnitude ? addend : units[i]
                    }
                }
            }
            for (index, table) in tables.enumerated() {
                // Where two sets give the same bits, one comparison does for both.
                swap(&y, &lastY)
                swap(&slope, &lastSlope)
                function.forward(table, x, &y, n)
                let isSame = index > 0 && Self.areSame(y, lastY, n)
                if !isSame {
                    values = Errors.Extreme()
                    Self.compare(y, exact, exact, at: x, n, signed: true, &values)
                    if function.savesOutput {
                        Self.widen(y, &wide, n)
                        exactFunction.backward(reference, saved: wide, dy: ones.1, &exactSlope, n)
                    }
                }
                function.backward(
                    table, saved: function.savesOutput ? y : x, dy: ones.0, &slope, n)
                if index == 0 || !Self.areSame(slope, lastSlope, n) || (function.savesOutput && !isSame) {
                    derivatives = Errors.Extreme()
                    Self.compare(
                        slope, exactSlope, function.savesOutput ? exactSlope : units, at: x, n, &derivatives)
                }
                results[index].value.merge(values)
                results[index].derivative.merge(derivatives)
                results[index].count += n
            }
            done += n
        }
        return results
    }

    private static func areSame(_ a: [Float], _ b: [Float], _ count: Int) -> Bool {
        a.withUnsafeBytes { a in
            b.withUnsafeBytes { b in
                memcmp(a.baseAddress!, b.baseAddress!, count * MemoryLayout<Float>.stride) == 0
            }
        }
    }

    private static func widen(_ x: [Float], _ wide: inout [Double], _ n: Int) {
        x.withUnsafeBufferPointer { x in
            wide.withUnsafeMutableBufferPointer { wide in for i in 0..<n { wide[i] = Double(x[i]) } }
        }
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
