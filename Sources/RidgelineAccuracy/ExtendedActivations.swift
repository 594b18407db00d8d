// Part of Ridgeline. Licensed under the Apache License 2.0.

#if arch(x86_64)
    import RealModule
    import RidgelineTensor

    /// Values and derivatives in Float80, written down apart from the kernels: the reference for Double, good to a
    /// hundredth of its last place.
    enum ExtendedActivations {
        typealias Parameters = ActivationParameters<Double>
        /// A derivative, and the number in whose last places its error counts: itself, or its larger addend where it
        /// crosses zero.
        typealias Slope = (value: Float80, unit: Float80)

        /// f(x).
        static func value(_ kind: ActivationKind, _ double: Double, _ p: Parameters) -> Float80 {
            let (x, a, b) = (Float80(double), Float80(p.first), Float80(p.second))
            let t = x.magnitude
            switch kind {
            case .identity: return x
            case .step: return x > 0 ? 1 : x < 0 ? 0 : x == 0 ? a : x
            case .relu: return x <= 0 ? 0 : x
            case .relu6: return x <= 0 ? 0 : x > 6 ? 6 : x
            case .leakyReLU: return x > 0 ? x : a * x
            case .squaredReLU: return x <= 0 ? 0 : x * x
            case .thresholded: return x <= a ? b : x
            case .hardSigmoid: return x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6
            case .hardTanh: return x < a ? a : x > b ? b : x
            case .hardSwish: return x <= -3 ? -0.0 : x >= 3 ? x : x * (x + 3) / 6
            case .hardShrink: return t <= a ? 0 : x
            case .softShrink: return t <= a ? signed(0, x) : x - signed(a, x)
            case .elu: return x < 0 ? a * Float80.expMinusOne(x) : x
            case .celu: return x < 0 ? a * Float80.expMinusOne(x / a) : x
            case .selu: return x < 0 ? seluAlphaScale * Float80.expMinusOne(x) : seluScale * x
            case .softplus:
                let tail = Float80.log(onePlus: Extended.decay(x, a)) / a
                return a * x > b ? x : a * x < 0 ? tail : x + tail
            case .logSigmoid:
                let tail = Float80.log(onePlus: Extended.decay(x))
                return x < 0 ? x - tail : -tail
            case .sigmoid: return logistic(1, x, 1)
            case .tanh: return Float80.tanh(x)
            case .softsign: return t == .infinity ? signed(1, x) : x / (1 + t)
            case .tanhShrink: return Extended.tanhShrink(x)
            case .silu: return logistic(x, x, a)
            case .geluSigmoid: return logistic(x, x, Float80(1.702 as Double))
            case .mish:
                let e = Extended.decay(x)
                if x < 0 { return e == 0 ? -0.0 : x * e * (2 + e) / (2 + e * (2 + e)) }
                return x * ((1 + 2 * e) / (1 + 2 * e + 2 * e * e))
            case .gelu: return halves(x, Extended.normal(t).tail)
            case .geluTanh:
                let e = Extended.tanhDecay(t).decay
                return halves(x, e / (1 + e))
            case .sine: return Float80.sin(x)
            }
        }

        /// f′, from what backward reads.
        static func slope(_ kind: ActivationKind, _ double: Double, _ p: Parameters) -> Slope {
            let (s, a, b) = (Float80(double), Float80(p.first), Float80(p.second))
            let t = s.magnitude
            func exact(_ value: Float80) -> Slope { (value, value) }
            switch kind {
            case .identity, .step: return exact(1)
            case .relu: return exact(s <= 0 ? 0 : 1)
            case .relu6: return exact(s <= 0 || s >= 6 ? 0 : 1)
            case .leakyReLU: return exact(s > 0 ? 1 : a)
            case .squaredReLU: return exact(s <= 0 ? 0 : 2 * s)
            case .thresholded: return exact(s <= a ? 0 : 1)
            case .hardSigmoid: return exact(s > -3 && s < 3 ? 1 / 6 : 0)
            case .hardTanh: return exact(s <= a || s >= b ? 0 : 1)
            case .hardSwish: return s <= -3 ? exact(0) : s >= 3 ? exact(1) : sum(s / 3, 0.5)
            case .hardShrink: return exact(t <= a ? 0 : 1)
            case .softShrink: return exact(s == 0 ? 0 : 1)
            case .elu: return exact(s <= 0 ? (a >= 0 ? s + a : a * Float80.exp(s)) : 1)
            case .celu: return exact(s <= 0 ? (s + a) / a : 1)
            case .selu: return s <= 0 ? sum(s, seluAlphaScale) : exact(seluScale)
            case .softplus: return exact(a * s > b ? 1 : logistic(1, s, a))
            case .logSigmoid: return exact(logistic(1, -s, 1))
            case .sigmoid: return exact(s * (1 - s))
            case .tanh: return exact((1 - s) * (1 + s))
            case .softsign: return exact(1 / ((1 + t) * (1 + t)))
            case .tanhShrink:
                let y = Float80.tanh(s)
                return exact(y * y)
            case .silu: return logisticSlope(s, a)
            case .geluSigmoid: return logisticSlope(s, Float80(1.702 as Double))
            case .mish: return mishSlope(s)
            case .gelu:
                let (tail, density) = Extended.normal(t)
                return halves(s, tail, tail - (density == 0 ? 0 : t * density))
            case .geluTanh:
                let (e, slope) = Extended.tanhDecay(t)
                return halves(s, e / (1 + e), e / ((1 + e) * (1 + e)) * (1 + e - slope))
            case .sine: return exact(Float80.cos(s))
            }
        }

        private static let seluScale: Float80 = 1.0507009873554804934193349852946
        private static let seluAlphaScale: Float80 = 1.7580993408473768599402175208123

        private static func signed(_ magnitude: Float80, _ x: Float80) -> Float80 {
            Float80(signOf: x, magnitudeOf: magnitude)
        }

        private static func sum(_ a: Float80, _ b: Float80) -> Slope {
            (a + b, Swift.max(a.magnitude, b.magnitude))
        }

        /// factor / (1 + exp(-β·x)).
        private static func logistic(_ factor: Float80, _ x: Float80, _ beta: Float80) -> Float80 {
            let e = Extended.decay(x, beta)
            if beta * x < 0 { return e == 0 ? signed(0, factor) : factor * e / (1 + e) }
            return factor / (1 + e)
        }

        private static func logisticSlope(_ x: Float80, _ beta: Float80) -> Slope {
            if x.isNaN { return (x, x) }
            let e = Extended.decay(x, beta)
            let (u, low) = Extended.product(x, beta)
            let bracket = e == 0 ? 0 : (1 - u.magnitude) + e - (u < 0 ? -low : low)
            return halves(u, e / (1 + e), e / ((1 + e) * (1 + e)) * bracket)
        }

        private static func mishSlope(_ x: Float80) -> Slope {
            if x.isNaN { return (x, x) }
            let e = Extended.decay(x)
            let t = e == 0 ? 0 : x.magnitude
            if x < 0 {
                let n = 2 + e
                let d = 2 + e * n
                let slope = e * (n * d - 4 * t * (1 + e)) / (d * d)
                return (slope, Swift.max(slope.magnitude, e * n / d))
            }
            let n = 1 + 2 * e
            let d = n + 2 * e * e
            let slope = (n * d + 4 * t * e * e * (1 + e)) / (d * d)
            return (slope, slope)
        }

        /// x·s(x), where s(x) + s(-x) = 1 and s(-|x|) is given.
        private static func halves(_ x: Float80, _ left: Float80) -> Float80 {
            let tail = left == 0 ? 0 : x.magnitude * left
            return x < 0 ? -tail : x - tail
        }

        /// Its derivative, given as well at -|x|.
        private static func halves(_ x: Float80, _ left: Float80, _ slope: Float80) -> Slope {
            if x.isNaN { return (x, x) }
            return x < 0 ? (slope, Swift.max(slope.magnitude, left)) : (1 - slope, 1 - slope)
        }
    }
#endif
