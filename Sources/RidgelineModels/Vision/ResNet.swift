// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A residual network for images: a stem, three or four stages of `ResidualBlock` or `BottleneckBlock`, the mean over the
/// image, and a linear classifier (He et al., 2015; torchvision: `ResNet`).
///
/// ```swift
/// let model = ResNet<Float>(.resNet50)
/// try model.load(from: "resnet50.safetensors")
/// let logits = model(images)  // (N, H, W, 3) to (N, 1000)
/// ```
///
/// Its parameters are named and shaped as torchvision's (`conv1.weight`, `layer1.0.conv1.weight`, `fc.weight`), and so
/// initialised: convolutions normal with variance 2/(out·height·width), scales 1, offsets 0.
public struct ResNet<Scalar: FloatingScalar>: Layer {
    /// act(BN(conv(x))).
    public let stem: ConvolutionBlock<Scalar>
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
    /// From the mean over the image to the logits.
    public let fc: Linear<Scalar>

    /// A network with this many classes.
    ///
    /// - Parameters:
    ///   - channels: Of the images.
    ///   - algorithm: How its convolutions are computed; those that it cannot compute, automatically.
    ///   - epsilon: ε of all its normalisations.
    ///   - momentum: The weight of a new batch in their running statistics; nil for their plain mean.
    ///   - zeroInitializesLastScale: Whether every block starts as its shortcut alone (torchvision: `zero_init_residual`).
    public init(
        _ configuration: ResNetConfiguration, channels: Int = 3, classes: Int = 1_000,
        activation: Activation = .relu, algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5,
        momentum: Double? = 0.1, zeroInitializesLastScale: Bool = false
    ) {
        let settings = BlockSettings(
            activation: activation, algorithm: algorithm, epsilon: epsilon, momentum: momentum)
        let stem = ConvolutionBlock<Scalar>(
            convolution: configuration.stemConvolution(channels, algorithm),
            normalization: settings.normalization(configuration.width), activation: activation,
            names: ("conv1", "bn1"))
        let stages = configuration.stages.map { shapes in
            Sequential(
                shapes.map { shape -> any Layer<Scalar> in
                    shape.block(
                        settings, shortcut: configuration.shortcut,
                        zeroInitializesLastScale: zeroInitializesLastScale)
                })
        }
        self.init(
            stem: stem, pooling: configuration.stemPooling(), layer1: stages[0], layer2: stages[1],
            layer3: stages[2], layer4: stages.count > 3 ? stages[3] : nil,
            fc: Linear(configuration.features, classes))
        initializeConvolutions(of: self, as: Scalar.self)
    }

    /// A network of these parts, whose parameters it shares and leaves as they are.
    public init(
        stem: ConvolutionBlock<Scalar>, pooling: MaximumPooling2D<Scalar>? = nil, layer1: Sequential<Scalar>,
        layer2: Sequential<Scalar>, layer3: Sequential<Scalar>, layer4: Sequential<Scalar>? = nil,
        fc: Linear<Scalar>
    ) {
        (self.stem, self.pooling) = (stem, pooling)
        (self.layer1, self.layer2, self.layer3, self.layer4) = (layer1, layer2, layer3, layer4)
        self.fc = fc
    }

    /// (N, H, W, channels) to logits (N, classes).
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        let start = stem(x)
        let features = layer3(layer2(layer1(pooling?(start) ?? start)))
        return fc(globalAveragePooling(layer4?(features) ?? features))
    }
}

/// Draws every convolution's weight from a normal distribution of variance 2/(out·height·width), as torchvision does
/// (He et al., "Delving deep into rectifiers", 2015; PyTorch: `kaiming_normal_(mode="fan_out")`).
func initializeConvolutions<Scalar: FloatingScalar>(of model: some Module, as scalar: Scalar.Type) {
    for (_, weight) in model.parameters(of: Scalar.self) where weight.shape.rank == 4 {
        let fan = weight.shape[0] * weight.shape[2] * weight.shape[3]
        weight.value =
            .normal(weight.shape, standardDeviation: Scalar(fromDouble: (2 / Double(fan)).squareRoot()))
    }
}
