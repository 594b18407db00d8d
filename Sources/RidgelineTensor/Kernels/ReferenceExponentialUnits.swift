// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// alpha (exp(x) - 1) below 0, else x. The output tells the derivative only where alpha is not negative.
enum ELU: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { p.first >= 0 }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x < 0 ? p.first * Double.expMinusOne(x) : x
    }
    @inline(__always) static func derivative(_ saved: Double, _ p: Parameters) -> Double {
        !(saved <= 0) ? 1 : savesOutput(p) ? saved + p.first : p.first * Double.exp(saved)
    }
}

/// alpha (exp(x / alpha) - 1) below 0, else x; alpha > 0.
enum CELU: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x < 0 ? p.first * Double.expMinusOne(x / p.first) : x
    }
    @inline(__always) static func derivative(_ y: Double, _ p: Parameters) -> Double {
        y <= 0 ? (y + p.first) / p.first : 1
    }
}

enum SELU: ReferenceActivation {
    private static let scale = 1.0507009873554804934193349852946
    private static let alphaScale = 1.7580993408473768599402175208123
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x < 0 ? alphaScale * Double.expMinusOne(x) : scale * x
    }
    @inline(__always) static func derivative(_ y: Double, _ p: Parameters) -> Double {
        y <= 0 ? y + alphaScale : scale
    }
}

/// log(1 + exp(beta x)) / beta; x itself where beta x exceeds the second parameter.
enum Softplus: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        let u = p.first * x
        if u > p.second { return x }
        return u < 0
            ? Double.log(onePlus: Decay.of(x, p.first)) / p.first
            : x + Double.log(onePlus: Decay.of(x, p.first)) / p.first
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let u = p.first * x
        if u > p.second { return 1 }
        let e = Decay.of(x, p.first)
        return (u < 0 ? e : 1) / (1 + e)
    }
}

/// -log(1 + exp(-x)).
enum LogSigmoid: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        let tail = Double.log(onePlus: Double.exp(-x.magnitude))
        return x < 0 ? x - tail : -tail
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let e = Double.exp(-x.magnitude)
        return (x < 0 ? 1 : e) / (1 + e)
    }
}

enum Decay {
    /// exp(-|beta x|), with the rounding error of the product to first order.
    @inline(__always) static func of(_ x: Double, _ beta: Double) -> Double {
        let u = beta * x
        let low = u.magnitude < 2000 ? (-u).addingProduct(beta, x) : 0
        return Double.exp(-u.magnitude) * (1 - (u < 0 ? -low : low))
    }

    /// factor exp(-|beta x|): where the exponential alone is subnormal, in two factors.
    @inline(__always) static func times(_ factor: Double, _ x: Double, _ beta: Double) -> Double {
        let u = beta * x
        if u.magnitude < 600 { return factor * of(x, beta) }
        guard u.magnitude < 1500 else { return x.isNaN ? x : Double(signOf: factor, magnitudeOf: 0) }
        let low = (-u).addingProduct(beta, x)
        let half = Double.exp(-u.magnitude / 2)
        return factor * half * (1 - (u < 0 ? -low : low)) * half
    }
}
