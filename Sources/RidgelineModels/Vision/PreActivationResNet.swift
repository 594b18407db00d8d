// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A residual network of `PreActivationBlock`s, "ResNet v2" (He et al., "Identity mappings in deep residual networks",
/// 2016): a convolution alone as the stem, and one more normalisation and activation before the mean over the image.
///
/// Parameters: `conv1.weight`, `layer1.0.bn1.weight`, `layer1.0.conv1.weight`, … `bn.weight`, `fc.weight`.
public struct PreActivationResNet<Scalar: FloatingScalar>: Layer, NamedParts {
    /// The first convolution.
    public let stem: Convolution2D<Scalar>
    /// What follows the stem for large images.
    public let pooling: MaximumPooling2D<Scalar>?
    /// The first stage, of the stem's size.
    public let layer1: Sequential<Scalar>
    /// The second stage, of half its sides.
    public let layer2: Sequential<Scalar>
    /// The third stage.
    public let layer3: Sequential<Scalar>
    /// The fourth stage, where there is one.
    public let layer4: Sequential<Scalar>?
    /// The normalisation of the last block's output.
    public let normalization: BatchNormalization<Scalar>
    /// What follows it.
    public let activation: ActivationLayer<Scalar>
    /// From the mean over the image to the logits.
    public let fc: Linear<Scalar>

    /// A network with this many classes, for images of so many channels. Its shortcuts are projections or the identity;
    /// traps on a configuration with zero padding.
    public init(
        _ configuration: ResNetConfiguration, channels: Int = 3, classes: Int = 1_000,
        activation: Activation = .relu
    ) {
        require(
            configuration.shortcut == .projection,
            "PreActivationResNet: shortcuts by zero padding; expected projections")
        let window = configuration.stemWindow
        stem = Convolution2D(
            channels, configuration.width, kernel: window.kernel, stride: window.stride,
            padding: window.padding,
            bias: false)
        pooling = configuration.stemPooling()
        let stages = configuration.stages.map { shapes in
            Sequential(shapes.map { PreActivationBlock<Scalar>($0, activation: activation) })
        }
        (layer1, layer2, layer3) = (stages[0], stages[1], stages[2])
        layer4 = stages.count > 3 ? stages[3] : nil
        normalization = BatchNormalization(configuration.features)
        self.activation = ActivationLayer(activation, channels: configuration.features)
        fc = Linear(configuration.features, classes)
        initializeConvolutions(of: self, as: Scalar.self)
    }

    /// As the networks that activate afterwards.
    public var partNames: [String: String] { ["stem": "conv1", "normalization": "bn"] }

    /// (N, H, W, channels) to logits (N, classes).
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        let start = stem(x)
        let stages = layer3(layer2(layer1(pooling?(start) ?? start)))
        return fc(globalAveragePooling(normalization(layer4?(stages) ?? stages, then: activation)))
    }
}
