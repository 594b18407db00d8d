// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A number as a double and the smaller rest that its rounding left out.
struct TwoDoubles {
    let high: Double
    let low: Double

    init(high: Double, low: Double) { (self.high, self.low) = (high, low) }

    /// a + b exactly (Knuth's two-sum), unless it overflows.
    init(sum a: Double, _ b: Double) {
        high = a + b
        let back = high - a
        low = (a - (high - back)) + (b - back)
    }

    /// a·b exactly, unless it overflows or its last bits are below the least double.
    init(product a: Double, _ b: Double) {
        high = a * b
        low = (-high).addingProduct(a, b)
    }

    /// The sum with another number, right to about twice as many digits as a double has.
    func adding(_ number: Double) -> TwoDoubles {
        let sum = TwoDoubles(sum: high, number)
        return TwoDoubles(sum: sum.high, sum.low + low)
    }

    /// The quotient, as right.
    func divided(by divisor: Double) -> TwoDoubles {
        let quotient = high / divisor
        let rest = high.addingProduct(-quotient, divisor) + low
        return TwoDoubles(sum: quotient, rest / divisor)
    }

    /// The nearest scalar, ties to even.
    func rounded<Scalar: FloatingScalar>() -> Scalar {
        Scalar(fromDouble: Scalar.dataType == .float32 ? roundedToOdd : high)
    }

    /// A double whose last bit is set where the number is none: no tie of two floats, so that it rounds to the float
    /// that the number itself does.
    var roundedToOdd: Double {
        guard low != 0, high.isFinite, high.bitPattern & 1 == 0 else { return high }
        let isAway = (low > 0) == (high > 0)
        return Double(bitPattern: isAway ? high.bitPattern + 1 : high.bitPattern - 1)
    }
}
