// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Dropout for layers with SELU, which keeps mean 0 and variance 1 (Klambauer et al., 2017; PyTorch:
/// `nn.AlphaDropout`): in training `alphaDropout`, in inference the identity.
public struct AlphaDropout<Scalar: FloatingScalar>: Layer {
    /// p.
    public let probability: Double
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer that drops with this probability. Traps where it is not from 0 up to 1.
    public init(_ probability: Double) {
        require(
            probability >= 0 && probability <= 1,
            "AlphaDropout: probability \(probability); expected 0 up to 1")
        self.probability = probability
    }

    /// As x.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        Mode.current == .training ? alphaDropout(x, probability: probability) : x
    }
}
