// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The largest errors of an activation's Float kernels against its Double kernels, over all bit patterns of Float or
/// a stride of them.
///
/// The derivative is that from what backward reads: where that is the output, the error is counted at the output's
/// own rounded value. Those of Swish and Mish, which cross zero, are counted in units of the larger of two addends.
package struct ActivationSweep: Sendable {
    /// What was found: the error in units of the last place of the exact result, infinite where one of the two is
    /// NaN or infinite alone, and the bit pattern where it is.
    package struct Extreme: Sendable, Equatable {
        package var ulps = 0.0
        package var bits: UInt32 = 0
        /// The argument.
        package var x: Float { Float(bitPattern: bits) }
    }

    /// The largest errors.
    package struct Result: Sendable, Equatable {
        package var value = Extreme()
        package var derivative = Extreme()
        /// How many arguments were compared.
        package var count = 0
    }

    package let kind: ActivationKind
    package let parameters: ActivationParameters<Float>
    let float: KernelTable<Float>
    let double: KernelTable<Double>

    /// - Parameters:
    ///   - parameters: those of the function; nil for PyTorch's defaults.
    ///   - set: the instruction set of the Float kernels.
    package init(
        _ kind: ActivationKind, parameters: ActivationParameters<Float>? = nil,
        instructionSet set: InstructionSet = .current
    ) {
        self.kind = kind
        self.parameters = parameters ?? kind.standardParameters.converted()
        float = .table(for: set)
        double = .table(for: .best)
    }

    /// Compares every `stride`-th of the bit patterns, on all threads.
    package func run(over patterns: ClosedRange<UInt32> = 0...UInt32.max, stride: Int = 1) -> Result {
        require(stride > 0, "ActivationSweep: the stride \(stride) is not positive")
        let total = (Int(patterns.upperBound) - Int(patterns.lowerBound)) / stride + 1
        // So many chunks that threads finish together, and progress would be even.
        let chunks = Swift.min((total + Self.width - 1) / Self.width, 1 << 12)
        let perChunk = (total + chunks - 1) / chunks
        var results = [Result](repeating: Result(), count: chunks)
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
        return results.reduce(into: Result()) { $0.merge($1) }
    }

    /// Elements at a time: those of all arrays below fit the second-level cache.
    private static let width = 4096

    /// Whether the function is x·s(x) with a derivative s + x·s' that crosses zero in plain arithmetic, so that its
    /// first addend is the value divided by x. (GELU's are not: their roots are fitted.)
    private var crossesZero: Bool { [.silu, .geluSigmoid, .mish].contains(kind) }

    private func sweep(from start: Int, count: Int, stride: Int) -> Result {
        let width = Swift.min(Self.width, count)
        let ones = ([Float](repeating: 1, count: width), [Double](repeating: 1, count: width))
        var (x, y, slope) = (ones.0, ones.0, ones.0)
        var (wide, exact, exactSlope) = (ones.1, ones.1, ones.1)
        let savesOutput = kind.savesOutput(parameters)
        let doubles: ActivationParameters<Double> = parameters.converted()
        var result = Result(count: count)
        var done = 0
        while done < count {
            let n = Swift.min(width, count - done)
            let first = start + done * stride
            for i in 0..<n { x[i] = Float(bitPattern: UInt32(truncatingIfNeeded: first + i * stride)) }
            for i in 0..<n { wide[i] = Double(x[i]) }
            float.biasActivation(
                kind: kind, parameters: parameters, z: x, zStride: n, bias: nil, y: &y, yStride: n, rows: 1,
                columns: n)
            double.biasActivation(
                kind: kind, parameters: doubles, z: wide, zStride: n, bias: nil, y: &exact, yStride: n,
                rows: 1, columns: n)
            float.biasActivationBackward(
                kind: kind, parameters: parameters, saved: savesOutput ? y : x, savedStride: n, bias: nil,
                dy: ones.0, dyStride: n, dz: &slope, dzStride: n, rows: 1, columns: n)
            if savesOutput { for i in 0..<n { wide[i] = Double(y[i]) } }
            double.biasActivationBackward(
                kind: kind, parameters: doubles, saved: wide, savedStride: n, bias: nil, dy: ones.1,
                dyStride: n, dz: &exactSlope, dzStride: n, rows: 1, columns: n)
            Self.compare(y, exact, exact, first, stride, n, &result.value)
            if crossesZero {
                for i in 0..<n {
                    let addend = (exact[i] / wide[i]).magnitude
                    exact[i] = addend > exactSlope[i].magnitude ? addend : exactSlope[i]
                }
                Self.compare(slope, exactSlope, exact, first, stride, n, &result.derivative)
            } else {
                Self.compare(slope, exactSlope, exactSlope, first, stride, n, &result.derivative)
            }
            done += n
        }
        return result
    }

    /// Finds the largest error first, without branches, and only then looks for its place.
    static func compare(
        _ values: [Float], _ exact: [Double], _ units: [Double], _ first: Int, _ stride: Int, _ count: Int,
        _ extreme: inout Extreme
    ) {
        var worst = extreme.ulps
        for i in 0..<count {
            let error = error(values[i], exact[i], units[i])
            worst = error > worst ? error : worst
        }
        guard worst > extreme.ulps else { return }
        for i in 0..<count where error(values[i], exact[i], units[i]) == worst {
            extreme = Extreme(ulps: worst, bits: UInt32(truncatingIfNeeded: first + i * stride))
            return
        }
    }

    /// |value - exact| in units of Float's last place at `unit`.
    @inline(__always)
    private static func error(_ value: Float, _ exact: Double, _ unit: Double) -> Double {
        // 2^(exponent - 23), from 2^-149 where Float is subnormal.
        let exponent = Swift.max((unit.bitPattern >> 52) & 0x7FF, 1023 - 126)
        let perUnit = Double(bitPattern: (2 * 1023 + 23 - exponent) << 52)
        let difference = (Double(value) - exact).magnitude * perUnit
        if difference < 1e12 { return difference }
        // Infinities and NaN, which the difference turns into NaN: those of the rounded result, or wrong.
        let rounded = Float(exact)
        return value == rounded || (value.isNaN && rounded.isNaN) ? 0 : .infinity
    }
}

extension ActivationSweep.Result {
    fileprivate mutating func merge(_ other: Self) {
        if other.value.ulps > value.ulps { value = other.value }
        if other.derivative.ulps > derivative.ulps { derivative = other.derivative }
        count += other.count
    }
}
