// Part of Ridgeline. Licensed under the Apache License 2.0.

/// x / (1 + exp(-beta x)).
enum Swish: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        let u = p.first * x
        let e = Decay(x, times: p.first)
        let d = 1 + e.value
        if u >= 0 || u.isNaN { return x / d }
        // No infinity times zero.
        return u < -2000 ? Double(signOf: x, magnitudeOf: 0) : x * (e.factor / d) * e.rest
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let u = p.first * x
        if u.isNaN { return u }
        let t = Swift.min(u.magnitude, 2000)
        let e = Decay(x, times: p.first)
        // The roundings of u and of 1 + E matter where the bracket cancels.
        let low = t < 2000 ? (-u).addingProduct(p.first, x) : 0
        let d = 1 + e.value
        let dLow = e.value - (d - 1)
        let bracket = (d - t) + (dLow - (u < 0 ? -low : low))
        let left = e.factor * (bracket / (d * d).addingProduct(2 * d, dLow)) * e.rest
        return u < 0 ? left : 1 - left
    }
}

/// Swish with beta 1.702: GELU's approximation by the sigmoid.
enum SigmoidGELU: ReferenceActivation {
    private static let parameters = Parameters(1.702)
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        Swish.value(x, parameters)
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        Swish.derivative(x, parameters)
    }
}
