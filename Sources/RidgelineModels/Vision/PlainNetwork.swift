// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What AlexNet and VGG have in common: features by convolutions, a pooling to a fixed size, and a classifier of three
/// linear layers on all of it.
///
/// Parameters are named by torchvision's numbers (`features.0.weight`, `classifier.6.weight`), in which an activation
/// counts as a layer; here the layer before applies it, and an `Identity` holds its place.
public protocol PlainNetwork: Layer {
    /// Convolutions and poolings.
    var features: Sequential<Scalar> { get }
    /// To the size that the classifier was made for.
    var pooling: AdaptiveAveragePooling2D<Scalar> { get }
    /// From the pooled features, channels first, to the logits.
    var classifier: Sequential<Scalar> { get }
}

extension PlainNetwork {
    /// (N, H, W, channels) to logits (N, classes).
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        classifier(Flatten(order: .channelsFirst)(pooling(features(x))))
    }
}

/// The identity: it holds a place where another program numbers its layers (PyTorch: `nn.Identity`).
public struct Identity<Scalar: FloatingScalar>: Layer {
    /// The layer.
    public init() {}

    /// x.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x }
}
