// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A whole number written in a formula: the 1 of `1 / (1 + exp(-x))`. There is nothing else to do with it: it has no
/// arithmetic of its own, so that `1 / 2 * x` is half of x.
///
/// It is there for the compiler. An operand that is a number of the tensor's own type is generic, and a formula
/// with several whole-number literals has so many readings then that the type checker gives up. For this operand,
/// whose type is known without looking at the rest of the formula, it decides at once.
public struct WholeNumberLiteral: ExpressibleByIntegerLiteral, Sendable {
    private let digits: StaticBigInt

    /// The number, of any size.
    public init(integerLiteral value: StaticBigInt) { digits = value }

    /// The number nearest to this one, ties to even.
    func value<Scalar: FloatingScalar>(as type: Scalar.Type = Scalar.self) -> Scalar {
        if digits.bitWidth <= UInt64.bitWidth {
            return Scalar(fromInteger: Int64(truncatingIfNeeded: digits[0]))
        }
        let negative = digits.signum() < 0
        // The words of the magnitude: those of the number, or their complement plus one.
        var words = (0...digits.bitWidth / UInt.bitWidth).map { negative ? ~digits[$0] : digits[$0] }
        if negative {
            for index in words.indices {
                words[index] &+= 1
                if words[index] != 0 { break }
            }
        }
        // The first 64 bits, of which the last stands for all that follow: they round as the whole number does.
        let top = words.lastIndex { $0 != 0 } ?? 0
        if top == 0 { return negative ? -Scalar(words[0]) : Scalar(words[0]) }
        let shift = words[top].leadingZeroBitCount
        var leading = UInt64(
            words[top] << UInt(shift) | (shift == 0 ? 0 : words[top - 1] >> UInt(64 - shift)))
        if words[top - 1] << UInt(shift) != 0 || words[..<(top - 1)].contains(where: { $0 != 0 }) {
            leading |= 1
        }
        let magnitude = Scalar(
            sign: .plus, exponent: Scalar.Exponent(64 * top - shift), significand: Scalar(leading))
        return negative ? -magnitude : magnitude
    }

    /// The same integer. Traps out of range.
    func value<Scalar: IntegerScalar>(as type: Scalar.Type = Scalar.self) -> Scalar {
        let result =
            digits.bitWidth <= UInt64.bitWidth
            ? Scalar(exactly: Int64(truncatingIfNeeded: digits[0]))
            : digits.bitWidth == UInt64.bitWidth + 1 && digits.signum() > 0
                ? Scalar(exactly: UInt64(truncatingIfNeeded: digits[0])) : nil
        guard let result else {
            requirementFailed(
                "\(digits) beside a tensor of \(Scalar.self); expected \(Scalar.min) up to \(Scalar.max)")
        }
        return result
    }
}
