// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

#if arch(x86_64)
    /// The largest errors of an activation's Double kernels against Float80, over random and special numbers, on several
    /// instruction sets at once.
    ///
    /// Derivatives that cross zero are counted in units of their larger addend.
    package struct DoubleActivationSweep: Sendable {
        package typealias Errors = LargestErrors<Double>

        private let function: SweptFunction<Double>
        private let tables: [KernelTable<Double>]

        /// - Parameter sets: the instruction sets of the kernels.
        package init(_ activation: Activation, on sets: [InstructionSet] = [.current]) {
            self.init(SweptFunction(activation, width: Self.width), on: sets)
        }

        init(_ function: SweptFunction<Double>, on sets: [InstructionSet]) {
            self.function = function
            tables = sets.map { .table(for: $0) }
        }

        /// Compares all special numbers and as many random ones, on all threads.
        package func run(random count: Int) -> [Errors] {
            let total = SpecialNumbers.doubles.count + count
            let chunks = (total + Self.width - 1) / Self.width
            return Errors.merged(tables.map(\.instructionSet), chunks: chunks) { chunk in
                let first = chunk * Self.width
                return sweep((first..<Swift.min(first + Self.width, total)).map(Self.point))
            }
        }

        private static let width = 1024

        /// The special numbers, then random ones: half of them any bit pattern, half where functions bend.
        private static func point(_ index: Int) -> Double {
            if index < SpecialNumbers.doubles.count { return SpecialNumbers.doubles[index] }
            let bits = SpecialNumbers.random(UInt64(index))
            if index % 2 == 0 { return Double(bitPattern: bits) }
            let range = [2.0, 12, 50, 760][index / 2 % 4]
            return range * (Double(Int64(bitPattern: bits)) * 0x1p-63)
        }

        private func sweep(_ x: [Double]) -> [Errors] {
            let n = x.count
            let ones = [Double](repeating: 1, count: n)
            var (y, slope) = (ones, ones)
            let exact = x.indices.map { exactValue(x[$0], at: $0) }
            var slopes = function.savesOutput ? [] : x.indices.map { exactSlope(x[$0], at: $0) }
            return tables.map { table in
                var errors = Errors(table.instructionSet)
                function.forward(table, x, &y, n)
                if function.savesOutput { slopes = y.indices.map { exactSlope(y[$0], at: $0) } }
                function.backward(table, saved: function.savesOutput ? y : x, dy: ones, &slope, n)
                for i in 0..<n {
                    let sign = y[i] == 0 && y[i].sign != exact[i].sign ? Double.infinity : 0
                    let value = Self.error(y[i], exact[i], exact[i]) + sign
                    errors.value.merge(.init(ulps: value, x: x[i]))
                    let derivative = Self.error(slope[i], slopes[i].value, slopes[i].unit)
                    errors.derivative.merge(.init(ulps: derivative, x: x[i]))
                }
                errors.count = n
                return errors
            }
        }

        private func exactValue(_ x: Double, at index: Int) -> Float80 {
            switch function.form {
            case .ridge(let kind, let parameters): ExtendedActivations.value(kind, x, parameters)
            case .sloped(let slopes, let isOne):
                x > 0 ? Float80(x) : Float80(x) * Float80(slopes[isOne ? 0 : index])
            }
        }

        private func exactSlope(_ saved: Double, at index: Int) -> ExtendedActivations.Slope {
            switch function.form {
            case .ridge(let kind, let parameters): return ExtendedActivations.slope(kind, saved, parameters)
            case .sloped(let slopes, let isOne):
                let slope = saved > 0 ? 1 : Float80(slopes[isOne ? 0 : index])
                return (slope, slope)
            }
        }

        /// |value - exact| in units of Double's last place at `unit`.
        static func error(_ value: Double, _ exact: Float80, _ unit: Float80) -> Double {
            let rounded = Double(exact)
            guard value.isFinite, rounded.isFinite else {
                return value == rounded || (value.isNaN && rounded.isNaN) ? 0 : .infinity
            }
            let place = Swift.max(unit == 0 ? Int.min : Int(unit.exponent), -1022) - 52
            return Double(
                (Float80(value) - exact).magnitude * Float80(sign: .plus, exponent: -place, significand: 1))
        }
    }
#endif

/// Numbers that functions are tried at.
enum SpecialNumbers {
    /// Zeros, infinities, NaN, the ends of the subnormal and the normal numbers, where functions bend or run out, and
    /// the neighbours of all these.
    static let doubles: [Double] = {
        let positive: [Double] =
            [
                0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
                .ulpOfOne, 0x1p-1030, 1e-300, 1e-160, 1e-17, 1e-8, 1e-4, 0.5, 0.625, 1, 2, 3, 6, 20, 36.75,
                38.5,
                40, 100, 700, 708.4, 709.79, 710.5, 745.14, 750, 1e3, 1e4, 1e6, 1e22, 1e160, 1e300, .pi,
                .pi / 2,
                0.751_791_524_693_564_5, 0.752_461_425_343_234_5, 1.278_464_542_761_073_8, 1.192_4,
            ]
        let near = positive.flatMap { [$0, $0.nextUp, $0.nextDown, $0.nextUp.nextUp, $0 / 1.702] }
        return near + near.map { -$0 } + [.nan, -.nan, .signalingNaN]
    }()

    /// A number without a pattern for each index (SplitMix64).
    static func random(_ index: UInt64) -> UInt64 {
        var z = (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
