// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Layer normalisation over the last axis with learnable scale and offset (Ba, Kiros, Hinton, 2016; PyTorch:
/// `nn.LayerNorm`): y = (x − mean) / √(var + ε) · weight + bias.
public struct LayerNormalization<Scalar: FloatingScalar>: Layer {
    /// The scale, of shape (width), at first 1.
    public let weight: Parameter<Scalar>
    /// The offset, of shape (width), at first 0.
    public let bias: Parameter<Scalar>
    /// ε, added to the variance.
    public let epsilon: Double
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer for rows of `width` values. Traps on a width below 1 and on a negative ε.
    public init(_ width: Int, epsilon: Double = 1e-5) {
        require(
            width > 0 && epsilon >= 0,
            "LayerNormalization: width \(width), epsilon \(epsilon); expected 1 or more, and 0 or more")
        weight = Parameter(.ones([width]))
        bias = Parameter(.zeros([width]))
        self.epsilon = epsilon
    }

    /// (…, width), normalised. Traps on another last extent.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(layerNormalization(x, scale: weight.value, offset: bias.value, epsilon: epsilon))
    }
}
