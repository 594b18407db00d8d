// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Activation {
    static let factsByName: [String: Facts] = Dictionary(
        uniqueKeysWithValues: table.map { row in
            (
                row.activation.baseName,
                Facts(
                    name: row.activation.baseName, group: .ridge, family: row.family, equation: row.equation,
                    derivative: row.derivative, range: row.range, continuity: row.continuity,
                    breaks: row.breaks, source: row.source, savesOutput: row.activation.savesOutput,
                    largestError: row.largestError)
            )
        })

    private struct Row {
        let activation: Activation
        let family: Facts.Family
        let equation: String
        let derivative: String
        let range: Facts.Interval
        let continuity: Facts.Continuity
        let breaks: [Double]
        let source: String
        let largestError: Facts.ErrorBounds

        /// - Parameter error: the bounds for value and derivative; a little over correct rounding, which a result that
        ///   is rounded once from Double can miss.
        init(
            _ activation: Activation, _ family: Facts.Family, _ equation: String, _ derivative: String,
            _ range: Facts.Interval, _ continuity: Facts.Continuity, breaks: [Double] = [], _ source: String,
            error: (value: Double, derivative: Double) = (0.51, 0.51)
        ) {
            self.activation = activation
            self.family = family
            self.equation = equation
            self.derivative = derivative
            self.range = range
            self.continuity = continuity
            self.breaks = breaks
            self.source = source
            largestError = Facts.ErrorBounds(value: error.value, derivative: error.derivative)
        }
    }

    // The minima below are those of the functions, to the last digit of Double.
    private static let table: [Row] = [
        Row(.identity, .elementary, "x", "1", .all, .smooth, "Widrow and Hoff, 1960", error: (0, 0)),
        Row(
            .step, .sigmoid, "1 if x > 0, else 0", "1 (straight through)", .closed(0, 1), .discontinuous,
            breaks: [0], "McCulloch and Pitts, 1943; Bengio et al., 2013", error: (0, 0)),
        Row(
            .relu, .rectifier, "max(0, x)", "1 if x > 0, else 0", .from(0), .c0, breaks: [0],
            "Fukushima, 1969; Nair and Hinton, 2010", error: (0, 0)),
        Row(
            .relu6, .rectifier, "min(max(0, x), 6)", "1 if 0 < x < 6, else 0", .closed(0, 6), .c0,
            breaks: [0, 6], "Krizhevsky, 2010", error: (0, 0)),
        Row(
            .leakyReLU, .rectifier, "x if x > 0, else a·x", "1 if x > 0, else a", .all, .c0, breaks: [0],
            "Maas et al., 2013", error: (0.5, 0)),
        Row(
            .parametricReLU(), .rectifier, "x if x > 0, else a·x, a learnt", "1 if x > 0, else a", .all, .c0,
            breaks: [0], "He et al., 2015", error: (0.5, 0)),
        Row(
            .randomizedLeakyReLU, .rectifier, "x if x > 0, else a·x, a random", "1 if x > 0, else a", .all,
            .c0, breaks: [0], "Xu et al., 2015", error: (0.5, 0)),
        Row(
            .squaredReLU, .rectifier, "max(0, x)²", "2·max(0, x)", .from(0), .c1, breaks: [0],
            "So et al., 2021", error: (0.5, 0)),
        Row(
            .thresholded(0), .rectifier, "x if x > θ, else v", "1 if x > θ, else 0", .from(0), .c0,
            breaks: [0], "Konda et al., 2014", error: (0, 0)),
        Row(
            .elu, .exponential, "x if x > 0, else α·(eˣ − 1)", "1 if x > 0, else α·eˣ", .above(-1), .c1,
            breaks: [0], "Clevert et al., 2015", error: (1, 0.5)),
        Row(
            .celu, .exponential, "max(0, x) + min(0, α·(e^(x/α) − 1))", "1 if x > 0, else e^(x/α)",
            .above(-1), .c1, breaks: [0], "Barron, 2017", error: (0.9, 0.51)),
        Row(
            .selu, .exponential, "λ·x if x > 0, else λ·α·(eˣ − 1)", "λ if x > 0, else λ·α·eˣ",
            .above(-1.7580993408473766), .c0, breaks: [0], "Klambauer et al., 2017", error: (2, 0.51)),
        Row(
            .softplus, .exponential, "ln(1 + e^(β·x)) / β", "σ(β·x)", .above(0), .smooth,
            "Dugas et al., 2000", error: (1.9, 1.9)),
        Row(
            .logSigmoid, .exponential, "ln σ(x) = −ln(1 + e⁻ˣ)", "σ(−x)", .below(0), .smooth, "Cox, 1958",
            error: (1.9, 1.9)),
        Row(
            .gelu, .selfGated, "x·Φ(x) = x/2·(1 + erf(x/√2))", "Φ(x) + x·φ(x)", .from(-0.16997120747990366),
            .smooth, "Hendrycks and Gimpel, 2016", error: (2, 4)),
        Row(
            .geluTanh, .selfGated, "x/2·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³)",
            "(1 + tanh u)/2 + x/2·u′/cosh² u", .from(-0.170040750571254), .smooth,
            "Hendrycks and Gimpel, 2016", error: (2, 4)),
        Row(
            .geluSigmoid, .selfGated, "x·σ(1.702·x)", "σ(u)·(1 + u·σ(−u)), u = 1.702·x",
            .from(-0.16361018963635357), .smooth, "Hendrycks and Gimpel, 2016", error: (2, 4)),
        Row(
            .silu, .selfGated, "x·σ(β·x)", "σ(u)·(1 + u·σ(−u)), u = β·x", .from(-0.27846454276107374),
            .smooth, "Elfwing et al., 2017; Ramachandran et al., 2017", error: (2, 4)),
        Row(
            .mish, .selfGated, "x·tanh(ln(1 + eˣ))", "t + x·(1 − t²)·σ(x), t = tanh(ln(1 + eˣ))",
            .from(-0.3088434130172503), .smooth, "Misra, 2019"),
        Row(
            .sigmoid, .sigmoid, "σ(x) = 1 / (1 + e⁻ˣ)", "f·(1 − f)", .open(0, 1), .smooth,
            "Verhulst, 1838; Rumelhart et al., 1986", error: (2, 0.51)),
        Row(
            .tanh, .sigmoid, "tanh x", "1 − f²", .open(-1, 1), .smooth, "LeCun et al., 1998", error: (2, 0.51)
        ),
        Row(
            .softsign, .sigmoid, "x / (1 + |x|)", "1 / (1 + |x|)²", .open(-1, 1), .c1, breaks: [0],
            "Turian et al., 2009"),
        Row(
            .hardSigmoid, .sigmoid, "min(max(0, x/6 + 1/2), 1)", "1/6 if |x| < 3, else 0", .closed(0, 1),
            .c0, breaks: [-3, 3], "Howard et al., 2019", error: (1, 0.5)),
        Row(
            .hardTanh, .sigmoid, "min(max(a, x), b)", "1 if a < x < b, else 0", .closed(-1, 1), .c0,
            breaks: [-1, 1], "Collobert, 2004", error: (0, 0)),
        Row(
            .hardSwish, .selfGated, "x·min(max(0, x/6 + 1/2), 1)", "0, then x/3 + 1/2 if |x| < 3, then 1",
            .from(-0.375), .c0, breaks: [-3, 3], "Howard et al., 2019"),
        Row(
            .hardShrink, .shrinkage, "x if |x| > λ, else 0", "1 if |x| > λ, else 0", .all, .discontinuous,
            breaks: [-0.5, 0.5], "Donoho and Johnstone, 1994", error: (0, 0)),
        Row(
            .softShrink, .shrinkage, "sign(x)·max(0, |x| − λ)", "1 if |x| > λ, else 0", .all, .c0,
            breaks: [-0.5, 0.5], "Donoho and Johnstone, 1994", error: (0.5, 0)),
        Row(
            .tanhShrink, .shrinkage, "x − tanh x", "tanh² x", .all, .smooth, "Collobert et al., 2011 (Torch)",
            error: (1.6, 0.51)),
        Row(
            .sine, .elementary, "sin x", "cos x", .closed(-1, 1), .smooth, "Sitzmann et al., 2020",
            error: (2, 2.5)),
    ]
}

extension Activation.Facts.Interval {
    fileprivate static let all = Self(-.infinity, .infinity, includes: (false, false))
    fileprivate static func from(_ lower: Double) -> Self { Self(lower, .infinity, includes: (true, false)) }
    fileprivate static func above(_ lower: Double) -> Self {
        Self(lower, .infinity, includes: (false, false))
    }
    fileprivate static func below(_ upper: Double) -> Self {
        Self(-.infinity, upper, includes: (false, false))
    }
    fileprivate static func open(_ lower: Double, _ upper: Double) -> Self {
        Self(lower, upper, includes: (false, false))
    }
    fileprivate static func closed(_ lower: Double, _ upper: Double) -> Self {
        Self(lower, upper, includes: (true, true))
    }
}
