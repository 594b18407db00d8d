// Part of Ridgeline. Licensed under the Apache License 2.0.

extension ActivationSweep {
    /// Finds the largest error first, without branches, and only then looks for its place.
    ///
    /// - Parameters:
    ///   - units: the numbers in whose last places errors are counted.
    ///   - signed: whether the sign of a zero counts.
    static func compare(
        _ values: [Float], _ exact: [Double], _ units: [Double], at x: [Float], _ count: Int,
        signed: Bool = false, _ extreme: inout Errors.Extreme
    ) {
        var worst = extreme.ulps
        if signed {
            for i in 0..<count {
                let error = error(values[i], exact[i], units[i]) + signError(values[i], exact[i])
                worst = error > worst ? error : worst
            }
        } else {
            for i in 0..<count {
                let error = error(values[i], exact[i], units[i])
                worst = error > worst ? error : worst
            }
        }
        guard worst > extreme.ulps else { return }
        for i in 0..<count {
            let sign = signed ? signError(values[i], exact[i]) : 0
            if error(values[i], exact[i], units[i]) + sign == worst {
                extreme = Errors.Extreme(ulps: worst, x: x[i])
                return
            }
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

    /// Infinite for a zero of the wrong sign.
    @inline(__always)
    private static func signError(_ value: Float, _ exact: Double) -> Double {
        value == 0 && (value.sign == .minus) != (exact.sign == .minus) ? .infinity : 0
    }
}
