// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The transformer's feed-forward block: contract(dropout(act(expand(x)))), row by row (Vaswani et al.,
/// "Attention is all you need", 2017, with ReLU; BERT, 2018, with GELU).
///
/// With a residual, the block adds its input: x + f(norm(x)) before the norm (GPT-2), norm(x + f(x)) after it
/// (BERT). Dropout is applied to the hidden values and, with a residual, to f's output.
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
    /// The dropout, if any.
    public let dropout: Dropout<Scalar>?
    /// Whether the block adds its input, and where it normalises.
    public let residual: Residual
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A block for rows of `width` values. Traps on a width below 1 and on a probability outside 0…1.
    public init(
        width: Int, hiddenWidth: Int, activation: Activation = .gelu, dropout: Double = 0,
        residual: Residual = .none
    ) {
        expand = Linear(width, hiddenWidth, activation: activation)
        contract = Linear(hiddenWidth, width)
        norm = residual == .none ? nil : LayerNormalization(width)
        self.dropout = dropout == 0 ? nil : Dropout(dropout)
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
    private func dropped(_ x: Tensor<Scalar>) -> Tensor<Scalar> { dropout?(x) ?? x }
    private func normalized(_ x: Tensor<Scalar>) -> Tensor<Scalar> { norm?(x) ?? x }
}
