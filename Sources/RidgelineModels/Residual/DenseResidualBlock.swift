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
    public init(_ inputs: Int, outputs: Int? = nil, hidden: Int? = nil, activation: Activation = .relu) {
        let outputs = outputs ?? inputs
        let hidden = hidden ?? outputs
        body = Sequential(Linear(inputs, hidden, activation: activation), Linear(hidden, outputs))
        shortcut = inputs == outputs ? nil : Linear(inputs, outputs)
        self.activation = ActivationLayer(activation, channels: outputs)
    }

    /// act(body(x) + kept). Traps where the two differ in shape.
    public func callAsFunction(_ x: Tensor<Scalar>, adding kept: Tensor<Scalar>) -> Tensor<Scalar> {
        let residual = body(x)
        requireSummands(residual.shape, kept.shape)
        return activation(residual + kept)
    }
}
