// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// AlexNet in its form for one device (Krizhevsky, "One weird trick for parallelizing convolutional neural networks",
/// 2014; torchvision: `alexnet`): five convolutions, three poolings, three linear layers, dropout between these.
///
/// Its weights start as PyTorch's layers do, uniform within ±1/√inputs.
public struct AlexNet<Scalar: FloatingScalar>: PlainNetwork {
    /// Five convolutions, each with its activation, and three poolings.
    public let features: Sequential<Scalar>
    /// To 6×6.
    public let pooling: AdaptiveAveragePooling2D<Scalar>
    /// Three linear layers.
    public let classifier: Sequential<Scalar>

    /// A network for images of 63² pixels or more.
    ///
    /// - Parameter algorithm: How its convolutions are computed; those that it cannot compute, automatically.
    public init(
        channels: Int = 3, classes: Int = 1_000, dropout: Double = 0.5, activation: Activation = .relu,
        algorithm: ConvolutionAlgorithm = .automatic
    ) {
        let act = Identity<Scalar>()
        let pool = MaximumPooling2D<Scalar>(window: 3, stride: 2)
        func convolution(
            _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Padding2D
        ) -> Convolution2D<Scalar> {
            Convolution2D(
                inputs, outputs, kernel: Size2D(kernel), stride: Size2D(stride), padding: padding,
                activation: activation,
                algorithm: algorithm.fitting(inputs, outputs, kernel: kernel, stride: stride))
        }
        pooling = AdaptiveAveragePooling2D(6)
        features = Sequential(
            convolution(channels, 64, kernel: 11, stride: 4, padding: 2), act, pool,
            convolution(64, 192, kernel: 5, padding: 2), act, pool,
            convolution(192, 384, kernel: 3, padding: 1), act,
            convolution(384, 256, kernel: 3, padding: 1), act,
            convolution(256, 256, kernel: 3, padding: 1), act, pool)
        classifier = Sequential(
            Dropout(dropout), Linear(256 * 6 * 6, 4_096, activation: activation), act,
            Dropout(dropout), Linear(4_096, 4_096, activation: activation), act,
            Linear(4_096, classes))
    }

    /// A network of these parts, whose parameters it shares and leaves as they are.
    public init(
        features: Sequential<Scalar>, pooling: AdaptiveAveragePooling2D<Scalar> = AdaptiveAveragePooling2D(6),
        classifier: Sequential<Scalar>
    ) {
        self.features = features
        self.pooling = pooling
        self.classifier = classifier
    }
}
