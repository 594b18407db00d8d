// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// alpha (exp(x) - 1) below 0, else x. The output tells the derivative only where alpha is not negative.
enum ELU: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { p.first >= 0 }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x < 0 ? p.first * Double.expMinusOne(x) : x
    }
    @inline(__always) static func derivative(_ saved: Double, _ p: Parameters) -> Double {
        if !(saved <= 0) { return 1 }
        if savesOutput(p) { return saved + p.first }
        let e = Decay(-saved)
        return p.first * e.factor * e.rest
    }
}

/// alpha (exp(x / alpha) - 1) below 0, else x; alpha > 0.
enum CELU: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        // For the smallest arguments the quotient is not exact, but the result is x.
        let u = x / p.first
        return u < -0x1p-60 ? p.first * Double.expMinusOne(u) : x
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
        let e = Decay(x, times: p.first)
        let tail = (e.rest == 1 ? Double.log(onePlus: e.factor) : e.factor) / p.first * e.rest
        return u < 0 ? tail : x + tail
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let u = p.first * x
        if u > p.second { return 1 }
        let e = Decay(x, times: p.first).value
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
