// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The reference for the sine of large floats, which the kernels leave to the system's: x·2/π modulo 4 in integers of
/// 128 bits (Payne and Hanek, 1983), so that only the sine of a small number is left.
enum FarSine {
    /// From here on; below, the Double kernel has the accuracy that the Double sweep shows.
    static let start: Float = 0x1p19

    /// 2/π in binary: 64 zeros before the point, then its digits.
    private static let digits: [UInt64] = [
        0, 0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041, 0xFE51_63AB_DEBB_C561,
        0xB724_6E3A_424D_D2E0,
    ]

    /// x = quarter·π/2 + rest, |rest| ≤ π/4, for |x| ≥ `start`. NaN for infinities and NaN.
    static func reduced(_ x: Float) -> (rest: Double, quarter: UInt64) {
        guard x.isFinite else { return (.nan, 0) }
        // |x| = mantissa · 2^exponent.
        let exponent = Int(x.exponentBitPattern) - 127 - 23
        let mantissa = UInt64(x.significandBitPattern | 1 << 23)
        // 2^exponent · 2/π modulo 4, 126 bits of it after the point.
        let (word, shift) = (exponent + 62).quotientAndRemainder(dividingBy: 64)
        func digit(_ index: Int) -> UInt64 {
            shift == 0
                ? digits[index] : digits[index] << UInt64(shift) | digits[index + 1] >> UInt64(64 - shift)
        }
        let low = digit(word + 1).multipliedFullWidth(by: mantissa)
        let high = digit(word) &* mantissa &+ low.high
        let quarter = (high &+ 1 << 61) >> 62
        let whole = Int64(bitPattern: high &- quarter << 62)
        let turns = Double(whole) + Double(low.low) * 0x1p-64
        let rest = turns * 0x1p-62 * (Double.pi / 2)
        return x < 0 ? (-rest, 0 &- quarter) : (rest, quarter)
    }
}
