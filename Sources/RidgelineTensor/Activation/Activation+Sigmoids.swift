// Part of Ridgeline. Licensed under the Apache License 2.0.

// S-shaped functions, and the products of x with them.
extension Activation {
    /// f(x) = σ(x) = 1 / (1 + e⁻ˣ); f′(x) = f·(1 − f) (PyTorch: `sigmoid`).
    /// Error: at most 2 ulp, of the derivative 0.51.
    public static let sigmoid = Activation(.sigmoid)
    /// f(x) = tanh x; f′(x) = 1 − f² (PyTorch: `tanh`).
    /// Error: at most 2 ulp, of the derivative 0.51.
    public static let tanh = Activation(.tanh)
    /// f(x) = x / (1 + |x|); f′(x) = 1 / (1 + |x|)² (PyTorch: `softsign`).
    /// Error: at most 0.51 ulp, of the derivative 0.51.
    public static let softsign = Activation(.softsign)
    /// f(x) = x − tanh x; f′(x) = tanh² x (PyTorch: `tanhshrink`).
    /// Error: at most 1.6 ulp, of the derivative 0.51.
    public static let tanhShrink = Activation(.tanhShrink)
    /// f(x) = x·σ(x); f′(x) = σ(x)·(1 + x·(1 − σ(x))) (Elfwing et al., 2017; PyTorch: `silu`).
    /// Error: at most 2 ulp, of the derivative 4.
    public static let silu = swish(beta: 1)
    /// f(x) = x·tanh(ln(1 + eˣ)) (Misra, 2019; PyTorch: `mish`).
    /// Error: at most 0.51 ulp, of the derivative 0.51.
    public static let mish = Activation(.mish)
    /// The Gaussian error linear unit f(x) = x·Φ(x) = x/2·(1 + erf(x/√2)); f′(x) = Φ(x) + x·φ(x) (Hendrycks
    /// and Gimpel, 2016; PyTorch: `gelu`).
    /// Error: at most 2 ulp, of the derivative 4.
    public static let gelu = Activation(.gelu)
    /// GELU's approximation f(x) = x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))) (PyTorch:
    /// `gelu(approximate="tanh")`).
    /// Error: at most 2 ulp, of the derivative 4.
    public static let geluTanh = Activation(.geluTanh)
    /// GELU's approximation f(x) = x·σ(1.702·x) ("quick GELU").
    /// Error: at most 2 ulp, of the derivative 4.
    public static let geluSigmoid = Activation(.geluSigmoid)

    /// f(x) = x·σ(β·x); f′(x) = σ(βx)·(1 + βx·(1 − σ(βx))) (Ramachandran et al., "Searching for activation
    /// functions", 2017). Traps on a β that is not finite.
    public static func swish(beta: Double) -> Activation {
        Activation(.silu, "swish", beta, domain: { beta, _ in beta.isFinite }, expected: "a finite β")
    }
}
