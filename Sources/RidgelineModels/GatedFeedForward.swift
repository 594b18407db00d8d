// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The gated feed-forward block: contract(V·x ⊙ act(W·x)), row by row (Shazeer, "GLU variants improve
/// transformer", 2020; with SiLU the block of LLaMA, Touvron et al., 2023).
///
/// V and W are one weight, `expand.weight` of shape (2·hidden, width), so that one matrix product makes both,
/// tile by tile, each gated while it is in cache: its first `hiddenWidth` rows are V (LLaMA's `up_proj`), the
/// others W (`gate_proj`), the order of `gatedLinearUnit` and of PyTorch's `glu`. `contract.weight` is
/// `down_proj`. No biases unless asked for, as in LLaMA.
public struct GatedFeedForward<Scalar: FloatingScalar>: Layer {
    /// From width to twice the hidden width: V above W.
    public let expand: Linear<Scalar>
    /// From hidden width back to width.
    public let contract: Linear<Scalar>
    /// act.
    public let gate: Gate
    /// The dropout of the hidden values, if any.
    public let dropout: Dropout<Scalar>?
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A block for rows of `width` values. Traps on a width below 1 and on a probability outside 0…1.
    public init(width: Int, hiddenWidth: Int, gate: Gate = .silu, bias: Bool = false, dropout: Double = 0) {
        require(
            width > 0 && hiddenWidth > 0,
            "GatedFeedForward: width \(width), hidden width \(hiddenWidth); expected 1 or more")
        self.init(
            expand: Linear(width, 2 * hiddenWidth, bias: bias),
            contract: Linear(hiddenWidth, width, bias: bias),
            gate: gate, dropout: dropout == 0 ? nil : Dropout(dropout))
    }

    /// A block of these layers, whose parameters it shares. Traps where `expand` does not give twice what `contract`
    /// takes.
    public init(
        expand: Linear<Scalar>, contract: Linear<Scalar>, gate: Gate = .silu, dropout: Dropout<Scalar>? = nil
    ) {
        require(
            expand.weight.shape[0] == 2 * contract.weight.shape[1],
            "GatedFeedForward: expand's weight \(expand.weight.shape), contract's \(contract.weight.shape); expected "
                + "(2·hidden, width) and (width, hidden)")
        self.expand = expand
        self.contract = contract
        self.gate = gate
        self.dropout = dropout
    }

    /// A block of LLaMA's three weights: `up` (V) and `gateWeight` (W), both (hidden, width), and `down`
    /// (width, hidden). Traps on other shapes.
    public init(
        up: Tensor<Scalar>, gateWeight: Tensor<Scalar>, down: Tensor<Scalar>, gate: Gate = .silu,
        dropout: Double = 0
    ) {
        require(
            up.rank == 2 && up.shape == gateWeight.shape && down.shape == Shape(up.shape.reversed()),
            "GatedFeedForward: up \(up.shape), gate \(gateWeight.shape), down \(down.shape); expected "
                + "(hidden, width) twice and (width, hidden)")
        self.init(
            expand: Linear(weight: Tensor.concatenated([up, gateWeight]), bias: nil),
            contract: Linear(weight: down, bias: nil), gate: gate,
            dropout: dropout == 0 ? nil : Dropout(dropout))
    }

    /// (…, width) to (…, width). Traps on another last extent.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        let hidden = observed(expand(x, then: gate))
        return contract(dropout?(hidden) ?? hidden)
    }
}
