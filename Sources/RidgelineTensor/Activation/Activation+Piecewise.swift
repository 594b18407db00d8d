// Part of Ridgeline. Licensed under the Apache License 2.0.

// Straight pieces in place of curves, and shrinkages.
extension Activation {
    /// f(x) = min(max(0, x/6 + 1/2), 1); f′(x) = 1/6 for −3 < x < 3, else 0 (PyTorch: `hardsigmoid`).
    /// Error: at most 1 ulp, of the derivative 0.5.
    public static let hardSigmoid = Activation(.hardSigmoid)
    /// f(x) = x·hardSigmoid(x); f′(x) = 0 for x < −3, x/3 + 1/2 up to 3, 1 beyond (Howard et al., 2019;
    /// PyTorch: `hardswish`).
    /// Error: at most 0.51 ulp, of the derivative 0.51.
    public static let hardSwish = Activation(.hardSwish)
    /// Hard tanh between −1 and 1.
    /// Error: at most 0 ulp, of the derivative 0.
    public static let hardTanh = hardTanh(lower: -1, upper: 1)
    /// Hard shrinkage with PyTorch's λ of 0.5.
    /// Error: at most 0 ulp, of the derivative 0.
    public static let hardShrink = hardShrink(0.5)
    /// Soft shrinkage with PyTorch's λ of 0.5.
    /// Error: at most 0.5 ulp, of the derivative 0.
    public static let softShrink = softShrink(0.5)

    /// f(x) = min(max(lower, x), upper); f′(x) = 1 strictly between, else 0 (PyTorch: `hardtanh`). Traps
    /// where lower > upper or one is NaN.
    public static func hardTanh(lower: Double, upper: Double) -> Activation {
        Activation(
            .hardTanh, "hardTanh", lower, upper, domain: { $0 <= $1 }, expected: "the lower bound first")
    }

    /// f(x) = x for |x| > λ, else 0; f′(x) = 1 or 0 (PyTorch: `hardshrink`). Traps on λ < 0 and on NaN.
    public static func hardShrink(_ lambda: Double) -> Activation {
        Activation(
            .hardShrink, "hardShrink", lambda, domain: { lambda, _ in lambda >= 0 }, expected: "0 or more")
    }

    /// f(x) = x − λ for x > λ, x + λ for x < −λ, else 0; f′(x) = 1 or 0 (PyTorch: `softshrink`). Traps on
    /// λ < 0 and on NaN.
    public static func softShrink(_ lambda: Double) -> Activation {
        Activation(
            .softShrink, "softShrink", lambda, domain: { lambda, _ in lambda >= 0 }, expected: "0 or more")
    }
}
