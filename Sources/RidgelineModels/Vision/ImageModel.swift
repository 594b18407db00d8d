// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The image classifiers of this module, by name: a value's raw name is as `resnet-50` or `cifar-resnet-110`.
public enum ImageModel: String, CaseIterable, Sendable {
    /// `ResNet(.resNet18)`, …
    case resNet18 = "resnet-18"
    case resNet34 = "resnet-34"
    case resNet50 = "resnet-50"
    case resNet101 = "resnet-101"
    case resNet152 = "resnet-152"
    /// Bottlenecks twice as wide inside.
    case wideResNet50 = "wide-resnet-50-2"
    case wideResNet101 = "wide-resnet-101-2"
    /// `PreActivationResNet(.resNet18)`, …
    case resNet18v2 = "resnet-18-v2"
    case resNet34v2 = "resnet-34-v2"
    case resNet50v2 = "resnet-50-v2"
    case resNet101v2 = "resnet-101-v2"
    case resNet152v2 = "resnet-152-v2"
    /// `ResNet(.cifar(depth: 20))`, …, of ten classes unless told otherwise.
    case cifarResNet20 = "cifar-resnet-20"
    case cifarResNet32 = "cifar-resnet-32"
    case cifarResNet44 = "cifar-resnet-44"
    case cifarResNet56 = "cifar-resnet-56"
    case cifarResNet110 = "cifar-resnet-110"
    /// `AlexNet()`.
    case alexNet = "alexnet"
    /// `VGG16()`, and with batch normalisation.
    case vgg16 = "vgg-16"
    case vgg16Normalized = "vgg-16-bn"

    /// By its name, with or without hyphens and underscores: torchvision's `wide_resnet50_2` is `wide-resnet-50-2`. Nil
    /// where there is none.
    public init?(name: String) {
        func letters(_ name: String) -> String { name.lowercased().filter { $0 != "-" && $0 != "_" } }
        guard let found = Self.allCases.first(where: { letters($0.rawValue) == letters(name) }) else {
            return nil
        }
        self = found
    }

    /// The model with its first weights; `classes` nil for as many as the data set has that it was published for.
    ///
    /// - Parameters:
    ///   - channels: Of the images.
    ///   - algorithm: How its convolutions are computed; those that it cannot compute, automatically.
    ///   - epsilon: ε of its batch normalisations, where it has any.
    ///   - momentum: The weight of a new batch in their running statistics; nil for their plain mean.
    ///   - dropout: AlexNet's and VGG's, between their linear layers; the others have none.
    public func model<Scalar: FloatingScalar>(
        _ scalar: Scalar.Type = Scalar.self, channels: Int = 3, classes: Int? = nil,
        activation: Activation = .relu,
        algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5, momentum: Double? = 0.1,
        dropout: Double = 0.5
    ) -> any Layer<Scalar> {
        let classes = classes ?? (configuration?.stem == .small ? 10 : 1_000)
        switch architecture {
        case .residual(let configuration):
            return ResNet<Scalar>(
                configuration, channels: channels, classes: classes, activation: activation,
                algorithm: algorithm, epsilon: epsilon, momentum: momentum)
        case .preActivation(let configuration):
            return PreActivationResNet<Scalar>(
                configuration, channels: channels, classes: classes, activation: activation,
                algorithm: algorithm, epsilon: epsilon, momentum: momentum)
        case .alexNet:
            return AlexNet<Scalar>(
                channels: channels, classes: classes, dropout: dropout, activation: activation,
                algorithm: algorithm)
        case .vgg16(let normalized):
            return VGG16<Scalar>(
                normalized: normalized, channels: channels, classes: classes, dropout: dropout,
                activation: activation, algorithm: algorithm, epsilon: epsilon, momentum: momentum)
        }
    }

    /// Of the residual networks.
    package var configuration: ResNetConfiguration? {
        switch architecture {
        case .residual(let configuration), .preActivation(let configuration): configuration
        case .alexNet, .vgg16: nil
        }
    }

    private enum Architecture {
        case residual(ResNetConfiguration)
        case preActivation(ResNetConfiguration)
        case alexNet
        case vgg16(normalized: Bool)
    }

    private var architecture: Architecture {
        switch self {
        case .resNet18: .residual(.resNet18)
        case .resNet34: .residual(.resNet34)
        case .resNet50: .residual(.resNet50)
        case .resNet101: .residual(.resNet101)
        case .resNet152: .residual(.resNet152)
        case .wideResNet50: .residual(.wideResNet50)
        case .wideResNet101: .residual(.wideResNet101)
        case .resNet18v2: .preActivation(.resNet18)
        case .resNet34v2: .preActivation(.resNet34)
        case .resNet50v2: .preActivation(.resNet50)
        case .resNet101v2: .preActivation(.resNet101)
        case .resNet152v2: .preActivation(.resNet152)
        case .cifarResNet20: .residual(.cifar(depth: 20))
        case .cifarResNet32: .residual(.cifar(depth: 32))
        case .cifarResNet44: .residual(.cifar(depth: 44))
        case .cifarResNet56: .residual(.cifar(depth: 56))
        case .cifarResNet110: .residual(.cifar(depth: 110))
        case .alexNet: .alexNet
        case .vgg16: .vgg16(normalized: false)
        case .vgg16Normalized: .vgg16(normalized: true)
        }
    }
}
