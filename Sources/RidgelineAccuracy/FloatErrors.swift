// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

extension ActivationSweep {
    /// Finds the largest error first, several at a time, and only then looks for its place.
    ///
    /// - Parameters:
    ///   - units: the numbers in whose last places errors are counted.
    ///   - signed: whether the sign of a zero counts.
    static func compare(
        _ values: [Float], _ exact: [Double], _ units: [Double], at x: [Float], _ count: Int,
        signed: Bool = false, _ extreme: inout Errors.Extreme
    ) {
        func slow(_ i: Int) -> Double {
            error(values[i], exact[i], units[i]) + (signed ? signError(values[i], exact[i]) : 0)
        }
        // What is left over of whole vectors, and rows with infinities or NaN, go one by one.
        let whole = count / lanes * lanes
        let quick = largest(values, exact, units, whole, signed: signed)
        let singles = quick == nil ? 0..<count : whole..<count
        let worst = singles.reduce(into: quick ?? 0) { $0 = Swift.max($0, slow($1)) }
        guard worst > extreme.ulps else { return }
        for i in 0..<count where slow(i) == worst {
            extreme = Errors.Extreme(ulps: worst, x: x[i])
            return
        }
    }

    private static let lanes = 8

    /// The largest error of `count` values, a multiple of the lanes; nil where one is not a number or a zero has the
    /// wrong sign.
    private static func largest(
        _ values: [Float], _ exact: [Double], _ units: [Double], _ count: Int, signed: Bool
    ) -> Double? {
        typealias Doubles = SIMD8<Double>
        typealias Bits = SIMD8<UInt64>
        let least = Doubles(repeating: 0x1p-126)
        var worst = Doubles.zero
        // Stays zero, but for NaN and infinities.
        var poison = Doubles.zero
        var wrongSigns: UInt32 = 0
        values.withUnsafeBytes { values in
            exact.withUnsafeBytes { exact in
                units.withUnsafeBytes { units in
                    for i in stride(from: 0, to: count, by: lanes) {
                        let value = values.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
                        let exact = exact.loadUnaligned(fromByteOffset: 8 * i, as: Doubles.self)
                        var unit = units.loadUnaligned(fromByteOffset: 8 * i, as: Doubles.self)
                        unit = abs(unit)
                        unit.replace(with: least, where: unit .< least)
                        let exponent = unsafeBitCast(unit, to: Bits.self) & Bits(repeating: 0x7FF << 52)
                        let inverse = Bits(repeating: (2 * 1023 + 23) << 52) &- exponent
                        let perUnit = unsafeBitCast(inverse, to: Doubles.self)
                        let error = abs(Doubles(value) - exact) * perUnit
                        worst.replace(with: error, where: error .> worst)
                        poison += error * 0
                        if signed {
                            let isZero = value .== 0
                            let signs = unsafeBitCast(exact, to: SIMD16<UInt32>.self).oddHalf
                            let differs = (unsafeBitCast(value, to: SIMD8<UInt32>.self) ^ signs) .>= 1 << 31
                            wrongSigns |= any(isZero .& differs) ? 1 : 0
                        }
                    }
                }
            }
        }
        return poison.sum() == 0 && wrongSigns == 0 ? worst.max() : nil
    }

    @inline(__always)
    private static func abs(_ x: SIMD8<Double>) -> SIMD8<Double> {
        unsafeBitCast(
            unsafeBitCast(x, to: SIMD8<UInt64>.self) & SIMD8(repeating: .max >> 1), to: SIMD8<Double>.self)
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

    /// Infinite for a zero of the wrong sign.
    @inline(__always)
    private static func signError(_ value: Float, _ exact: Double) -> Double {
        value == 0 && (value.sign == .minus) != (exact.sign == .minus) ? .infinity : 0
    }
}
