// Part of Ridgeline. Licensed under the Apache License 2.0.

// Functions that are linear for large x and decay exponentially for small.
extension Activation {
    /// Exponential linear unit with α = 1.
    /// Error: at most 1 ulp, of the derivative 0.5.
    public static let elu = elu(alpha: 1)
    /// Continuously differentiable exponential linear unit with α = 1.
    /// Error: at most 0.9 ulp, of the derivative 0.51.
    public static let celu = celu(alpha: 1)
    /// The self-normalising f(x) = λ·x for x > 0, else λ·α·(eˣ − 1), λ = 1.0507…, α = 1.6733…; f′(x) = λ or
    /// λ·α·eˣ (Klambauer et al., 2017; PyTorch: `selu`). Goes with LeCun's initialisation and alpha dropout.
    /// Error: at most 2 ulp, of the derivative 0.51.
    public static let selu = Activation(.selu)
    /// Softplus with β = 1, exact everywhere.
    /// Error: at most 1.9 ulp, of the derivative 1.9.
    public static let softplus = softplus(beta: 1)
    /// f(x) = ln σ(x) = −ln(1 + e⁻ˣ); f′(x) = σ(−x) (PyTorch: `logsigmoid`).
    /// Error: at most 1.9 ulp, of the derivative 1.9.
    public static let logSigmoid = Activation(.logSigmoid)

    /// f(x) = x for x > 0, else α·(eˣ − 1); f′(x) = 1 or α·eˣ (Clevert et al., 2015; PyTorch: `elu`). Traps on
    /// an α that is not finite.
    public static func elu(alpha: Double) -> Activation {
        Activation(.elu, "elu", alpha, domain: { alpha, _ in alpha.isFinite }, expected: "a finite α")
    }

    /// f(x) = max(0, x) + min(0, α·(e^(x/α) − 1)); f′(x) = 1 or e^(x/α) (Barron, 2017; PyTorch: `celu`).
    /// Traps on an α that is not positive and finite.
    public static func celu(alpha: Double) -> Activation {
        Activation(
            .celu, "celu", alpha, domain: { alpha, _ in alpha > 0 && alpha.isFinite },
            expected: "a positive α")
    }

    /// f(x) = ln(1 + e^(β·x)) / β, and x itself where β·x exceeds the threshold; f′(x) = σ(β·x), or 1 (PyTorch:
    /// `softplus`, whose threshold of 20 guards a formula that overflows; ours does not, so that by default
    /// there is none). Traps on β = 0 and on NaN.
    public static func softplus(beta: Double, threshold: Double = .infinity) -> Activation {
        Activation(
            .softplus, "softplus", beta, threshold, domain: { beta, _ in beta != 0 && beta.isFinite },
            expected: "a finite β that is not 0, and a threshold")
    }
}
