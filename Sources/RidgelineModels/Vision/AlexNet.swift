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
    public let pooling = AdaptiveAveragePooling2D<Scalar>(6)
    /// Three linear layers.
    public let classifier: Sequential<Scalar>

    /// A network for images of 63² pixels or more.
    public init(
        channels: Int = 3, classes: Int = 1_000, dropout: Double = 0.5, activation: Activation = .relu
    ) {
        let act = Identity<Scalar>()
        let pool = MaximumPooling2D<Scalar>(window: 3, stride: 2)
        func convolution(
            _ inputs: Int, _ outputs: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding2D
        ) -> Convolution2D<Scalar> {
            Convolution2D(
                inputs, outputs, kernel: kernel, stride: stride, padding: padding, activation: activation)
        }
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
}
