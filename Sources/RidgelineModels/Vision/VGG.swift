// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// VGG with 16 layers (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
/// 2015, configuration D; torchvision: `vgg16` and `vgg16_bn`): thirteen 3×3 convolutions, five poolings, three linear
/// layers with dropout between.
///
/// It starts as torchvision's: convolutions normal with variance 2/(out·height·width), linear weights normal with
/// deviation 0.01, biases 0.
public struct VGG16<Scalar: FloatingScalar>: PlainNetwork {
    /// Thirteen convolutions, each with its activation, and five poolings.
    public let features: Sequential<Scalar>
    /// To 7×7.
    public let pooling: AdaptiveAveragePooling2D<Scalar>
    /// Three linear layers.
    public let classifier: Sequential<Scalar>

    /// A network for images of 32² pixels or more, `normalized` where a batch normalisation follows each convolution.
    ///
    /// - Parameters:
    ///   - algorithm: How its convolutions are computed; those that it cannot compute, automatically.
    ///   - epsilon: ε of the normalisations.
    ///   - momentum: The weight of a new batch in their running statistics; nil for their plain mean.
    public init(
        normalized: Bool = false, channels: Int = 3, classes: Int = 1_000, dropout: Double = 0.5,
        activation: Activation = .relu, algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5,
        momentum: Double? = 0.1
    ) {
        let act = Identity<Scalar>()
        var layers: [any Layer<Scalar>] = []
        var inputs = channels
        for (count, width) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)] {
            for _ in 0..<count {
                let algorithm = algorithm.fitting(inputs, width, kernel: 3)
                if normalized {
                    let names = ("\(layers.count)", "\(layers.count + 1)")
                    let block = ConvolutionBlock<Scalar>(
                        inputs, width, kernel: 3, padding: 1, bias: true, activation: activation,
                        algorithm: algorithm, epsilon: epsilon, momentum: momentum, names: names)
                    layers += [block, act, act]
                } else {
                    layers += [
                        Convolution2D(
                            inputs, width, kernel: 3, padding: 1, activation: activation, algorithm: algorithm
                        ),
                        act,
                    ]
                }
                inputs = width
            }
            layers.append(MaximumPooling2D(window: 2))
        }
        pooling = AdaptiveAveragePooling2D(7)
        features = Sequential(layers)
        classifier = Sequential(
            Linear(512 * 7 * 7, 4_096, activation: activation), act, Dropout(dropout),
            Linear(4_096, 4_096, activation: activation), act, Dropout(dropout),
            Linear(4_096, classes))
        initializeConvolutions(of: self, as: Scalar.self)
        for (name, parameter) in parameters(of: Scalar.self) where name.hasSuffix("bias") {
            parameter.value = .zeros(parameter.shape)
        }
        for (_, weight) in classifier.parameters(of: Scalar.self) where weight.shape.rank == 2 {
            weight.value = .normal(weight.shape, standardDeviation: Scalar(fromDouble: 0.01))
        }
    }

    /// A network of these parts, whose parameters it shares and leaves as they are.
    public init(
        features: Sequential<Scalar>, pooling: AdaptiveAveragePooling2D<Scalar> = AdaptiveAveragePooling2D(7),
        classifier: Sequential<Scalar>
    ) {
        self.features = features
        self.pooling = pooling
        self.classifier = classifier
    }
}
