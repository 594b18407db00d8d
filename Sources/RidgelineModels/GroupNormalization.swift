// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Group normalisation with learnable scale and offset (Wu and He, 2018; PyTorch: `nn.GroupNorm`): mean and variance of
/// each example and each group of neighbouring channels, in training and in inference.
public struct GroupNormalization<Scalar: FloatingScalar>: Layer {
    /// The scale, of shape (channels), at first 1; nil for none.
    public let weight: Parameter<Scalar>?
    /// The offset, of shape (channels), at first 0; nil for none.
    public let bias: Parameter<Scalar>?
    /// Into how many groups the channels are cut.
    public let groups: Int
    /// The channels, the last axis.
    public let channels: Int
    /// ε, added to the variance.
    public let epsilon: Double
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer for this many channels in groups. Traps where the groups do not divide the channels, below 1 of
    /// either, and on a negative ε.
    ///
    /// - Parameter affine: Whether there are scale and offset.
    public init(groups: Int, channels: Int, epsilon: Double = 1e-5, affine: Bool = true) {
        require(
            groups > 0 && channels > 0 && channels % groups == 0 && epsilon >= 0,
            "GroupNormalization: \(groups) groups of \(channels) channels, epsilon \(epsilon); expected 1 or more "
                + "that divide them, and 0 or more")
        weight = affine ? Parameter(.ones([channels])) : nil
        bias = affine ? Parameter(.zeros([channels])) : nil
        (self.groups, self.channels, self.epsilon) = (groups, channels, epsilon)
    }

    /// (N, …, channels), normalised. Traps on another last extent.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        require(
            x.rank >= 2 && x.shape[-1] == channels,
            "GroupNormalization: input \(x.shape); expected (N, …, \(channels))")
        return observed(
            groupNormalization(
                x, groups: groups, scale: weight?.value, offset: bias?.value, epsilon: epsilon))
    }
}

/// Instance normalisation (Ulyanov, Vedaldi, Lempitsky, 2016; PyTorch: `nn.InstanceNorm1d` to `3d` without running
/// statistics): mean and variance of each channel of each example, in training and in inference.
public struct InstanceNormalization<Scalar: FloatingScalar>: Layer {
    /// The scale, of shape (channels), at first 1; nil for none.
    public let weight: Parameter<Scalar>?
    /// The offset, of shape (channels), at first 0; nil for none.
    public let bias: Parameter<Scalar>?
    /// The channels, the last axis.
    public let channels: Int
    /// ε, added to the variance.
    public let epsilon: Double
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer for this many channels. Traps on a number below 1 and on a negative ε.
    ///
    /// - Parameter affine: Whether there are scale and offset; not by default, as in PyTorch.
    public init(_ channels: Int, epsilon: Double = 1e-5, affine: Bool = false) {
        require(
            channels > 0 && epsilon >= 0,
            "InstanceNormalization: \(channels) channels, epsilon \(epsilon); expected 1 or more, and 0 or more"
        )
        weight = affine ? Parameter(.ones([channels])) : nil
        bias = affine ? Parameter(.zeros([channels])) : nil
        (self.channels, self.epsilon) = (channels, epsilon)
    }

    /// (N, …, channels), normalised. Traps on another last extent and on 1 value for each channel of an example.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        require(
            x.rank >= 2 && x.shape[-1] == channels,
            "InstanceNormalization: input \(x.shape); expected (N, …, \(channels))")
        return observed(
            instanceNormalization(x, scale: weight?.value, offset: bias?.value, epsilon: epsilon))
    }
}
