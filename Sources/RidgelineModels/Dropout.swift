// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// In training, zeroes each element with probability p and multiplies the others by 1 / (1 − p); in inference
/// the identity (Srivastava et al., 2014; PyTorch: `nn.Dropout`).
public struct Dropout<Scalar: FloatingScalar>: Layer {
    /// p.
    public let probability: Double
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer that drops with this probability. Traps where it is not from 0 up to 1.
    public init(_ probability: Double) {
        require(
            probability >= 0 && probability <= 1, "Dropout: probability \(probability); expected 0 up to 1")
        self.probability = probability
    }

    /// As x.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        Mode.current == .training ? dropout(x, probability: probability) : x
    }
}
