// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A fully connected residual block: y = act(P·x + W₂·act(W₁·x + b₁) + b₂), P the identity where input and
/// output are equally wide.
public struct DenseResidualBlock<Scalar: FloatingScalar>: ResidualLayer {
    /// W₂·act(W₁·x + b₁) + b₂.
    public let body: Sequential<Scalar>
    /// P, with a bias, or nil for the identity.
    public let shortcut: Linear<Scalar>?
    /// What is applied to the sum, the same function as within.
    public let activation: ActivationLayer<Scalar>
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A block from rows of `inputs` values to rows of `outputs` (as many by default), `hidden` wide inside
    /// (as the outputs by default). Traps on a width below 1.
    ///
    /// - Parameter bias: Whether its linear layers have one.
    public init(
        _ inputs: Int, outputs: Int? = nil, hidden: Int? = nil, activation: Activation = .relu,
        bias: Bool = true
    ) {
        let outputs = outputs ?? inputs
        let hidden = hidden ?? outputs
        self.init(
            body: Sequential(
                Linear(inputs, hidden, bias: bias, activation: activation),
                Linear(hidden, outputs, bias: bias)),
            shortcut: inputs == outputs ? nil : Linear(inputs, outputs, bias: bias),
            activation: ActivationLayer(activation, channels: outputs))
    }

    /// A block of these layers, whose parameters it shares: y = activation(body(x) + shortcut(x)), nil for the identity
    /// as the shortcut. A call traps where the summands differ in shape.
    public init(
        body: Sequential<Scalar>, shortcut: Linear<Scalar>? = nil, activation: ActivationLayer<Scalar>
    ) {
        self.body = body
        self.shortcut = shortcut
        self.activation = activation
    }

    /// act(body(x) + kept). Traps where the two differ in shape.
    public func callAsFunction(_ x: Tensor<Scalar>, adding kept: Tensor<Scalar>) -> Tensor<Scalar> {
        let residual = body(x)
        requireSummands(residual.shape, kept.shape)
        return activation(residual + kept)
    }
}
