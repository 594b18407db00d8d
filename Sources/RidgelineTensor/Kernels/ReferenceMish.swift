// Part of Ridgeline. Licensed under the Apache License 2.0.

/// x tanh(log(1 + exp(x))): with E = exp(x) and D = 2 + E (2 + E), x E (1 - E (1 + E) / D) on the left and x - 2 x / D
/// on the right, where E needs only be large.
enum Mish: ReferenceActivation {
    static func value(_ x: Double, _ p: Parameters) -> Double {
        let decay = Decay(-Swift.min(x, 40))
        let e = decay.value
        let d = 2 + e * (2 + e)
        // By the sign, for minus zero.
        if x.sign == .minus {
            // No infinity times zero.
            return x < -2000 ? -0.0 : x * (1 - e * (1 + e) / d) * decay.factor * decay.rest
        }
        return x.isFinite ? x - x * (2 / d) : x
    }
    static func derivative(_ x: Double, _ p: Parameters) -> Double {
        if x.isNaN { return x }
        let t = Swift.min(Swift.max(x, -2000), 40)
        let decay = Decay(-t)
        let e = decay.value
        let square = 4 + e * (8 + e * (8 + e * (4 + e)))
        if x < 0 {
            let numerator = 4 * (1 + t) + e * (6 + 4 * t + e * (4 + e))
            return numerator / square * decay.factor * decay.rest
        }
        return 1 + (e * (4 * t - 4 + e * (4 * t - 2)) - 4) / square
    }
}
