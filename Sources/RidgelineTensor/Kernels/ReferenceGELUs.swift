// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// x Phi(x), Phi the normal distribution function.
enum GELU: ReferenceActivation {
    static func value(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 40 else { return x < 0 ? -0.0 : x }
        let e = Decay(halfSquareOf: t)
        let tail = t < far ? t * nearTail(t) : e.factor * (scale * t / fraction(t)) * e.rest
        return x < 0 ? -tail : x - tail
    }

    static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 40 else { return x < 0 ? 0 : x > 0 ? 1 : x }
        let e = Decay(halfSquareOf: t)
        // phi(t) t, but for the exponential, in two parts.
        let product = scale * t
        let low = (-product).addingProduct(scale, t) + scaleLow * t
        let left =
            t < far
            ? nearTail(t).addingProduct(-e.factor, product) - e.factor * low
            : e.factor * (scale / fraction(t) - product) * e.rest
        return x < 0 ? left : 1 - left
    }

    /// 1 / sqrt(2 pi).
    private static let scale = 0.3989422804014327
    private static let scaleLow = -2.49232720227773e-17

    /// From where on the tail is the density over a continued fraction.
    private static let far = 8.0

    /// Phi(-t) = erfc(t / sqrt 2) / 2. The tail is so steep that the rounding error of the argument matters: its
    /// first-order effect is added.
    private static func nearTail(_ t: Double) -> Double {
        let factor = 0.5.squareRoot()
        let factorLow = -4.833646656726457e-17
        let argument = t * factor
        let low = (-argument).addingProduct(t, factor).addingProduct(t, factorLow)
        return 0.5 * Double.erfc(argument) - low * 0.5641895835477563 * Double.exp(-argument * argument)
    }

    /// phi(t) / Phi(-t) = t + 1/(t + 2/(t + 3/(t + ...))) (Laplace, 1805), to Double's last place for t >= 8.
    private static func fraction(_ t: Double) -> Double {
        var rest = t
        for n in stride(from: 16.0, to: 0, by: -1) { rest = t + n / rest }
        return rest
    }
}

/// x / (1 + exp(-w)), w = 2 sqrt(2 / pi) (x + 0.044715 x^3): the approximation of GELU through tanh.
enum TanhGELU: ReferenceActivation {
    static func value(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 22 else { return x < 0 ? -0.0 : x }
        let e = decay(t).decay
        let d = 1 + e.value
        return x < 0 ? -t * (e.factor / d) * e.rest : x / d
    }

    static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        guard t < 22 else { return x < 0 ? 0 : x > 0 ? 1 : x }
        // t w' = w + 2 c1 t^3. The low parts matter where the bracket cancels.
        let (e, w, low, cubic) = decay(t)
        let d = 1 + e.value
        let dLow = e.value - (d - 1)
        let bracket = (d - w) - (low - dLow).addingProduct(2 * t, cubic)
        let left = e.factor * (bracket / (d * d).addingProduct(2 * d, dLow)) * e.rest
        return x < 0 ? left : 1 - left
    }

    private static let linear = 1.5957691216057308
    private static let linearLow = -9.96930880911092e-17
    private static let cubic = 0.07135481627260025
    private static let cubicLow = -6.175149918155315e-19

    /// exp(-w(t)), with the rounding errors of w to first order; w in two parts and c1 t^2.
    private static func decay(_ t: Double) -> (decay: Decay, w: Double, low: Double, cubic: Double) {
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
        return (Decay(w, low: low), w, low, c)
    }
}
