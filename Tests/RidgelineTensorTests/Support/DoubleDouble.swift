// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A number as the sum of two of Double, for exact results: about 104 bits (Dekker, 1971).
struct DoubleDouble {
    let high: Double
    let low: Double

    init(_ high: Double, _ low: Double = 0) { (self.high, self.low) = (high, low) }

    init<Scalar: BinaryFloatingPoint>(_ value: Scalar) { self.init(Double(value), 0) }

    /// The exact sum of two numbers (Knuth).
    private static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        let added = sum - a
        return DoubleDouble(sum, (a - (sum - added)) + (b - added))
    }

    private static func product(_ a: Double, _ b: Double) -> DoubleDouble {
        DoubleDouble(a * b, (-(a * b)).addingProduct(a, b))
    }

    static func + (a: Self, b: Self) -> Self {
        let (high, low) = (sum(a.high, b.high), sum(a.low, b.low))
        let first = sum(high.high, high.low + low.high)
        return sum(first.high, first.low + low.low)
    }

    static prefix func - (a: Self) -> Self { Self(-a.high, -a.low) }
    static func - (a: Self, b: Self) -> Self { a + -b }

    static func * (a: Self, b: Self) -> Self {
        let high = product(a.high, b.high)
        return sum(high.high, high.low + (a.high * b.low + a.low * b.high))
    }

    static func / (a: Self, b: Self) -> Self {
        let first = a.high / b.high
        let rest = a - b * Self(first)
        let second = rest.high / b.high
        let last = rest - b * Self(second)
        return sum(first, second) + Self(last.high / b.high)
    }

    var squareRoot: Self {
        let root = high.squareRoot()
        if root == 0 { return self }
        let rest = self - Self.product(root, root)
        return Self.sum(root, rest.high / (2 * root))
    }

    var magnitude: Double { abs(high) }
}

extension Sequence<DoubleDouble> {
    func sum() -> DoubleDouble { reduce(DoubleDouble(0.0)) { $0 + $1 } }
}
