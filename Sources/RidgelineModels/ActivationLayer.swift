// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// An activation function as a layer of its own. After a `Linear`, its `activation:` is faster.
public struct ActivationLayer<Scalar: FloatingScalar>: Layer {
    /// The function.
    public let activation: Activation
    /// The slopes of a parametric ReLU: (1), or (channels) with one for each channel; nil for other
    /// activations.
    public let slope: Parameter<Scalar>?
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer that applies this function.
    ///
    /// - Parameter channels: The extent of the inputs' last axis, which a parametric ReLU with one slope for
    ///   each channel needs; it traps without.
    public init(_ activation: Activation, channels: Int? = nil) {
        self.activation = activation
        slope = activation.slopes(channels: channels).map { Parameter($0) }
    }

    /// The function of each element. Traps where the slopes are not as many as the last axis has elements.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(x.activated(activation, slope: slope?.value))
    }
}
