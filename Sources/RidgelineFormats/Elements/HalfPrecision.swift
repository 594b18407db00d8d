// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The two 16-bit floating-point formats as bit patterns, converted by integer arithmetic that the compiler turns
/// into vector instructions on every processor.
///
/// Widening is exact; narrowing rounds to nearest, ties to even. NaNs keep the upper bits of their payload and
/// become quiet.
package enum HalfPrecision {
    private static let quiet: UInt32 = 0x40_0000
    private static let infinity: UInt32 = 0x7F80_0000

    /// The value of an IEEE 754 half.
    @inline(__always)
    package static func widen(float16 pattern: UInt16) -> Float {
        let sign = UInt32(pattern & 0x8000) << 16
        let magnitude = UInt32(pattern & 0x7FFF) << 13
        // The exponent's bias differs by 112. A subnormal gets an exponent of its own by a subtraction, which is
        // exact; infinity and NaN have the largest exponent in both formats.
        let shifted = magnitude &+ 112 << 23
        let subnormal = (Float(bitPattern: magnitude &+ 113 << 23) - Float(bitPattern: 113 << 23)).bitPattern
        let special = magnitude | infinity | (magnitude > 0x7C00 << 13 ? quiet : 0)
        let finite = magnitude < 0x400 << 13 ? subnormal : shifted
        return Float(bitPattern: sign | (magnitude >= 0x7C00 << 13 ? special : finite))
    }

    /// The value of a bfloat16, the upper half of a `Float`.
    @inline(__always)
    package static func widen(bfloat16 pattern: UInt16) -> Float {
        let bits = UInt32(pattern) << 16
        return Float(bitPattern: bits | (bits & 0x7FFF_FFFF > infinity ? quiet : 0))
    }

    /// The nearest IEEE 754 half.
    @inline(__always)
    package static func float16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let magnitude = bits & 0x7FFF_FFFF
        // A sum with 0.5 leaves a subnormal's rounded bits at the end of the significand.
        let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- (0.5 as Float).bitPattern
        let odd = magnitude >> 13 & 1
        let normal = (magnitude &- 112 << 23 &+ 0xFFF &+ odd) >> 13
        let special: UInt32 = magnitude > infinity ? 0x7E00 | magnitude >> 13 & 0x3FF : 0x7C00
        // From 65520 on, halfway above the largest half, the nearest is infinity.
        let finite = magnitude < 113 << 23 ? subnormal : normal
        let result = magnitude >= 0x477F_F000 ? special : finite
        return UInt16(truncatingIfNeeded: bits >> 16 & 0x8000 | result)
    }

    /// The nearest bfloat16.
    @inline(__always)
    package static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let rounded = (bits &+ 0x7FFF &+ bits >> 16 & 1) >> 16
        let isNaN = bits & 0x7FFF_FFFF > infinity
        return UInt16(truncatingIfNeeded: isNaN ? bits >> 16 | 0x40 : rounded)
    }

    /// The double as a `Float` rounded to odd: what rounding that to 16 bits gives is the double rounded once.
    @inline(__always)
    package static func roundedToOdd(_ value: Double) -> Float {
        let nearest = Float(value)
        let back = Double(nearest)
        let bits = nearest.bitPattern &- (back.magnitude > value.magnitude ? 1 : 0)
        return Float(bitPattern: bits | (back < value || back > value ? 1 : 0))
    }
}
