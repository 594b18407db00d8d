// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Layers one after another. The parameters of layer k are named `k.…`.
public struct Sequential<Scalar: FloatingScalar>: Layer, NamedParts {
    /// The layers, first to last.
    public let layers: [any Layer<Scalar>]

    /// The layers in this order.
    public init(_ layers: [any Layer<Scalar>]) { self.layers = layers }

    /// The layers in this order.
    public init(_ layers: any Layer<Scalar>...) { self.layers = layers }

    /// The layers are named as if they were the container's own.
    public var partNames: [String: String] { ["layers": ""] }

    /// The last layer's output.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        layers.reduce(x) { $1($0) }
    }
}
