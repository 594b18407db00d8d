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
    ///
    /// - Parameters:
    ///   - algorithm: How its convolutions are computed; those that it cannot compute, automatically.
    ///   - epsilon: ε of all its normalisations.
    ///   - momentum: The weight of a new batch in their running statistics; nil for their plain mean.
    public init(
        _ configuration: ResNetConfiguration, channels: Int = 3, classes: Int = 1_000,
        activation: Activation = .relu, algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5,
        momentum: Double? = 0.1
    ) {
        require(
            configuration.shortcut == .projection,
            "PreActivationResNet: shortcuts by zero padding; expected projections")
        let settings = BlockSettings(
            activation: activation, algorithm: algorithm, epsilon: epsilon, momentum: momentum)
        let stages = configuration.stages.map { shapes in
            Sequential(shapes.map { PreActivationBlock<Scalar>($0, settings) })
        }
        self.init(
            stem: configuration.stemConvolution(channels, algorithm), pooling: configuration.stemPooling(),
            layer1: stages[0], layer2: stages[1], layer3: stages[2],
            layer4: stages.count > 3 ? stages[3] : nil,
            normalization: settings.normalization(configuration.features),
            activation: ActivationLayer(activation, channels: configuration.features),
            fc: Linear(configuration.features, classes))
        initializeConvolutions(of: self, as: Scalar.self)
    }

    /// A network of these parts, whose parameters it shares and leaves as they are.
    public init(
        stem: Convolution2D<Scalar>, pooling: MaximumPooling2D<Scalar>? = nil, layer1: Sequential<Scalar>,
        layer2: Sequential<Scalar>, layer3: Sequential<Scalar>, layer4: Sequential<Scalar>? = nil,
        normalization: BatchNormalization<Scalar>, activation: ActivationLayer<Scalar>, fc: Linear<Scalar>
    ) {
        (self.stem, self.pooling) = (stem, pooling)
        (self.layer1, self.layer2, self.layer3, self.layer4) = (layer1, layer2, layer3, layer4)
        (self.normalization, self.activation, self.fc) = (normalization, activation, fc)
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
