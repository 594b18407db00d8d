// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The transformer's feed-forward block: contract(dropout(act(expand(x)))), row by row (Vaswani et al.,
/// "Attention is all you need", 2017, with ReLU; BERT, 2018, with GELU).
///
/// With a residual, the block adds its input: x + f(norm(x)) before the norm (GPT-2), norm(x + f(x)) after it
/// (BERT). Dropout is applied to the hidden values and, with a residual, to f's output; BERT and GPT-2 have the second
/// alone.
///
/// ```swift
/// // A layer of BERT, whose normalisation has an ε of its own.
/// let bert = FeedForward<Float>(
///     width: 768, hiddenWidth: 3072, residualDropout: 0.1, residual: .postNormalized, epsilon: 1e-12)
/// ```
public struct FeedForward<Scalar: FloatingScalar>: Layer {
    /// Whether the block adds its input, and where it normalises.
    public enum Residual: Sendable, Hashable {
        /// f(x) alone.
        case none
        /// x + f(norm(x)).
        case preNormalized
        /// norm(x + f(x)).
        case postNormalized
    }

    /// From width to hidden width, with the activation.
    public let expand: Linear<Scalar>
    /// From hidden width back to width.
    public let contract: Linear<Scalar>
    /// The normalisation of a residual block.
    public let norm: LayerNormalization<Scalar>?
    /// The dropout of the hidden values, if any.
    public let dropout: Dropout<Scalar>?
    /// The dropout of f's output before the sum, if any.
    public let residualDropout: Dropout<Scalar>?
    /// Whether the block adds its input, and where it normalises.
    public let residual: Residual
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A block for rows of `width` values. Traps on a width below 1, a negative ε and on a probability outside 0…1.
    ///
    /// - Parameters:
    ///   - dropout: The probability for the hidden values.
    ///   - residualDropout: The one for f's output where it is added; nil for the same.
    ///   - bias: Whether both linear layers have one.
    ///   - epsilon: The normalisation's ε (BERT: 1e-12).
    public init(
        width: Int, hiddenWidth: Int, activation: Activation = .gelu, dropout: Double = 0,
        residualDropout: Double? = nil, residual: Residual = .none, bias: Bool = true, epsilon: Double = 1e-5
    ) {
        let after = residualDropout ?? (residual == .none ? 0 : dropout)
        self.init(
            expand: Linear(width, hiddenWidth, bias: bias, activation: activation),
            contract: Linear(hiddenWidth, width, bias: bias),
            norm: residual == .none ? nil : LayerNormalization(width, epsilon: epsilon),
            dropout: dropout == 0 ? nil : Dropout(dropout),
            residualDropout: after == 0 ? nil : Dropout(after), residual: residual)
    }

    /// A block of these layers, whose parameters it shares. Traps where they do not fit together, where a normalisation
    /// is missing or superfluous, and on a dropout of a sum that there is not.
    public init(
        expand: Linear<Scalar>, contract: Linear<Scalar>, norm: LayerNormalization<Scalar>? = nil,
        dropout: Dropout<Scalar>? = nil, residualDropout: Dropout<Scalar>? = nil, residual: Residual = .none
    ) {
        let (hidden, width) = (expand.weight.shape[0], expand.weight.shape[1])
        require(
            contract.weight.shape[1] == hidden && (residual == .none || contract.weight.shape[0] == width),
            "FeedForward: expand's weight \(expand.weight.shape), contract's \(contract.weight.shape); expected "
                + "(hidden, width) and (width, hidden)")
        require(
            (norm != nil) == (residual != .none) && (norm == nil || norm?.weight.shape == [width]),
            "FeedForward: a normalisation of \(norm?.weight.shape.description ?? "nothing"), residual \(residual); "
                + "expected one of [\(width)] where the block adds its input, else none")
        require(
            residualDropout == nil || residual != .none,
            "FeedForward: a residual dropout without a residual; expected nil")
        self.expand = expand
        self.contract = contract
        self.norm = norm
        self.dropout = dropout
        self.residualDropout = residualDropout
        self.residual = residual
    }

    /// (…, width) to (…, width). Traps on another last extent.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        switch residual {
        case .none: transform(x)
        case .preNormalized: observed(x + dropped(transform(norm?(x) ?? x)))
        case .postNormalized: observed(normalized(x + dropped(transform(x))))
        }
    }

    private func transform(_ x: Tensor<Scalar>) -> Tensor<Scalar> { contract(expand(x, then: dropout)) }
    private func dropped(_ x: Tensor<Scalar>) -> Tensor<Scalar> { residualDropout?(x) ?? x }
    private func normalized(_ x: Tensor<Scalar>) -> Tensor<Scalar> { norm?(x) ?? x }
}
