// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// x Phi(x), Phi the normal distribution function.
enum GELU: ReferenceActivation {
    static func value(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 40 else { return x < 0 ? -0.0 : x }
        let tail = t * leftTail(t)
        return x < 0 ? -tail : x - tail
    }

    static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 40 else { return x < 0 ? 0 : x > 0 ? 1 : x }
        let left = leftTail(t) - t * density(t)
        return x < 0 ? left : 1 - left
    }

    /// Phi(-t) = erfc(t / sqrt 2) / 2. The tail is so steep that the rounding error of the argument matters: its
    /// first-order effect is added.
    private static func leftTail(_ t: Double) -> Double {
        let factor = 0.5.squareRoot()
        let factorLow = -4.833646656726457e-17
        let argument = t * factor
        let low = (-argument).addingProduct(t, factor).addingProduct(t, factorLow)
        return 0.5 * Double.erfc(argument) - low * 0.5641895835477563 * Double.exp(-argument * argument)
    }

    /// exp(-t^2 / 2) / sqrt(2 pi), with the rounding error of the square.
    private static func density(_ t: Double) -> Double {
        let square = t * t
        let low = (-square).addingProduct(t, t)
        return 0.3989422804014327 * (Double.exp(-0.5 * square) * (1 - 0.5 * low))
    }
}

/// x / (1 + exp(-w)), w = 2 sqrt(2 / pi) (x + 0.044715 x^3): the approximation of GELU through tanh.
enum TanhGELU: ReferenceActivation {
    static func value(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 22 else { return x < 0 ? -0.0 : x }
        let e = decay(t)
        return x < 0 ? -t * e / (1 + e) : x / (1 + e)
    }

    static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 22 else { return x < 0 ? 0 : x > 0 ? 1 : x }
        let e = decay(t)
        let left = e / ((1 + e) * (1 + e)) * (1 + e - t * (linear + 3 * cubic * t * t))
        return x < 0 ? left : 1 - left
    }

    private static let linear = 1.5957691216057308
    private static let linearLow = -9.96930880911092e-17
    private static let cubic = 0.07135481627260025
    private static let cubicLow = -6.175149918155315e-19

    /// exp(-w(t)), with the rounding errors of w to first order.
    private static func decay(_ t: Double) -> Double {
        let square = t * t
        let squareLow = (-square).addingProduct(t, t)
        let c = cubic * square
        let cLow = (-c).addingProduct(cubic, square) + cubic * squareLow + cubicLow * square
        let sum = linear + c
        // The error of a sum (Knuth).
        let back = sum - linear
        let sumLow = (linear - (sum - back)) + (c - back) + cLow + linearLow
        let w = t * sum
        let low = (-w).addingProduct(t, sum) + t * sumLow
        return Double.exp(-w) * (1 - low)
    }
}
