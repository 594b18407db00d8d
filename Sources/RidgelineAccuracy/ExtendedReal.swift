// Part of Ridgeline. Licensed under the Apache License 2.0.

#if arch(x86_64)
    import RealModule
    import RidgelineTensor

    /// What the references in Float80 have in common. Its 64 bits hold the products of two halves of a Double, so that
    /// the rounding errors of arguments to steep functions are known.
    enum Extended {
        private static let rootHalf: Float80 = 0.70710678118654752440084436210484903928
        /// What is missing from √½ above.
        private static let rootHalfLow: Float80 = 1.895_032_558_893_257_079_66e-20
        private static let densityAtZero: Float80 = 0.39894228040143267793994605993438186848

        /// a·b = product + low.
        @inline(__always) static func product(_ a: Float80, _ b: Float80) -> (product: Float80, low: Float80)
        {
            let (aHigh, bHigh) = (high(a), high(b))
            let (aLow, bLow) = (a - aHigh, b - bHigh)
            let product = a * b
            return (product, ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow)
        }

        /// The upper 32 bits of the significand.
        @inline(__always) private static func high(_ a: Float80) -> Float80 {
            let shifted = a * 0x1p32
            guard shifted.isFinite else { return a }
            return shifted - (shifted - a)
        }

        /// exp(-|β·x|).
        @inline(__always) static func decay(_ x: Float80, _ beta: Float80 = 1) -> Float80 {
            if beta == 1 { return Float80.exp(-x.magnitude) }
            let (u, low) = product(x, beta)
            guard u.magnitude < 12_000 else { return x.isNaN ? x : 0 }
            return Float80.exp(-u.magnitude) * (1 - (u < 0 ? -low : low))
        }

        /// exp(-w), w = 2 √(2/π) (t + 0.044715 t³), t ≥ 0, and t·w′.
        static func tanhDecay(_ t: Float80) -> (decay: Float80, slope: Float80) {
            guard t < 60 else { return t.isNaN ? (t, t) : (0, 0) }
            let linear: Float80 = 1.595769121605730711759784239737527473903
            let linearLow: Float80 = 5.351_177_755_720_478_292e-20
            let cubic: Float80 = 0.07135481627260024877633875227986354099559
            let (square, squareLow) = product(t, t)
            let (c, cLow) = product(cubic, square)
            let sum = linear + c
            // The error of a sum (Knuth); the cubic's own is too small to matter.
            let back = sum - linear
            let sumLow = (linear - (sum - back)) + (c - back) + cLow + cubic * squareLow + linearLow
            let (w, wLow) = product(t, sum)
            return (Float80.exp(-w) * (1 - wLow - t * sumLow), t * (linear + 3 * c))
        }

        /// x - tanh x = (x cosh x - sinh x) / cosh x, whose series has no signs to cancel.
        static func tanhShrink(_ x: Float80) -> Float80 {
            guard x.magnitude < 2 else { return x - Float80.tanh(x) }
            let z = x * x
            // The terms are 2k / (2k + 1)! of z to the k.
            var (power, sum) = (Float80(1), Float80(0))
            for k in 1...24 {
                let n = Float80(2 * k)
                power *= z / (n * (n + 1))
                sum += n * power
            }
            return x * sum / Float80.cosh(x)
        }

        /// The normal distribution's Φ(-t) and φ(t), t ≥ 0.
        static func normal(_ t: Float80) -> (tail: Float80, density: Float80) {
            guard t < 120 else { return t.isNaN ? (t, t) : (0, 0) }
            let (square, squareLow) = product(t, t)
            let density = densityAtZero * Float80.exp(-0.5 * square) * (1 - 0.5 * squareLow)
            let (argument, low) = product(t, rootHalf)
            // d erfc(z)/2 = -exp(-z²)/√π dz = -√2 φ(t) dz.
            let error = low + t * rootHalfLow
            return (0.5 * Float80.erfc(argument) - error * density / rootHalf, density)
        }
    }
#endif
