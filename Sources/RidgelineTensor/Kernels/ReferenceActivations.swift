// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// An activation in plain Swift: what the vector kernels are compared with, and the fallback where there are none.
///
/// Both functions compute in Double, so that the Float kernels of the fallback are correctly rounded but for rare
/// cases.
protocol ReferenceActivation {
    /// Whether `pullback` takes the output y, rather than the input x.
    static var savesOutput: Bool { get }
    /// The activation of x.
    static func value(_ x: Double) -> Double
    /// The derivative, from what is saved.
    static func derivative(_ saved: Double) -> Double
    /// The gradient with respect to x, from the one with respect to y.
    static func pullback(_ saved: Double, _ dy: Double) -> Double
}

extension ReferenceActivation {
    @inline(__always)
    static func pullback(_ saved: Double, _ dy: Double) -> Double { dy * derivative(saved) }
}

enum Identity: ReferenceActivation {
    static var savesOutput: Bool { true }
    @inline(__always) static func value(_ x: Double) -> Double { x }
    @inline(__always) static func derivative(_ y: Double) -> Double { 1 }
}

enum ReLU: ReferenceActivation {
    static var savesOutput: Bool { true }
    // Comparisons as they are, so that NaN stays NaN.
    @inline(__always) static func value(_ x: Double) -> Double { x <= 0 ? 0 : x }
    @inline(__always) static func derivative(_ y: Double) -> Double { y <= 0 ? 0 : 1 }
    @inline(__always) static func pullback(_ y: Double, _ dy: Double) -> Double { y <= 0 ? 0 : dy }
}

/// x Phi(x), Phi the normal distribution function.
enum GELU: ReferenceActivation {
    static var savesOutput: Bool { false }

    static func value(_ x: Double) -> Double {
        let t = x.magnitude
        guard t < 40 else { return x < 0 ? -0.0 : x }
        let tail = t * leftTail(t)
        return x < 0 ? -tail : x - tail
    }

    static func derivative(_ x: Double) -> Double {
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
    static var savesOutput: Bool { false }

    static func value(_ x: Double) -> Double {
        let t = x.magnitude
        guard t < 22 else { return x < 0 ? -0.0 : x }
        let e = decay(t)
        return x < 0 ? -t * e / (1 + e) : x / (1 + e)
    }

    static func derivative(_ x: Double) -> Double {
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
