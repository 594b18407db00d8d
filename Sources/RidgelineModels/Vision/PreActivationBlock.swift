// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A residual block that normalises and activates before it convolves, so that nothing but the sum stands in the way
/// from block to block: y = conv₂(act(BN₂(conv₁(a)))) + shortcut with a = act(BN₁(x)) (He et al., "Identity mappings in
/// deep residual networks", 2016: "v2"). The bottleneck has three convolutions, 1×1, 3×3 and 1×1.
///
/// Where the shape changes, the shortcut is a 1×1 convolution of a, without normalisation; otherwise it is x.
/// Parameters: `bn1.weight`, `conv1.weight`, … `downsample.0.weight`.
public struct PreActivationBlock<Scalar: FloatingScalar>: Layer, NamedParts {
    /// BN₁, with which the activation is fused.
    public let entry: BatchNormalization<Scalar>
    /// What follows BN₁; those within the blocks are their own.
    public let activation: ActivationLayer<Scalar>
    /// act(BN₂(conv₁(a))), and for the bottleneck act(BN₃(conv₂(·))).
    public let body: [ConvolutionBlock<Scalar>]
    /// The last convolution.
    public let last: Convolution2D<Scalar>
    /// The projection of a; nil where x is kept.
    public let shortcut: Sequential<Scalar>?

    /// A block from images of `inputs` channels to `outputs` (as many by default), its sides divided by the stride: a
    /// basic one, or one by way of `bottleneck` channels. Traps on a number below 1.
    public init(
        _ inputs: Int, bottleneck: Int? = nil, outputs: Int? = nil, stride: Int = 1,
        activation: Activation = .relu
    ) {
        let outputs = outputs ?? inputs
        let shape = ResNetBlockShape(
            inputs: inputs, hidden: bottleneck ?? outputs, outputs: outputs, stride: stride,
            isBottleneck: bottleneck != nil)
        self.init(shape, activation: activation)
    }

    init(_ shape: ResNetBlockShape, activation: Activation) {
        let stride = Size2D(shape.stride)
        entry = BatchNormalization(shape.inputs)
        self.activation = ActivationLayer(activation, channels: shape.inputs)
        func step(_ number: Int, _ inputs: Int, kernel: Int, stride: Size2D) -> ConvolutionBlock<Scalar> {
            ConvolutionBlock(
                inputs, shape.hidden, kernel: Size2D(kernel), stride: stride,
                padding: .symmetric(Size2D(kernel / 2)),
                activation: activation, names: ("conv\(number)", "bn\(number + 1)"))
        }
        body =
            shape.isBottleneck
            ? [
                step(1, shape.inputs, kernel: 1, stride: 1),
                step(2, shape.hidden, kernel: 3, stride: stride),
            ] : [step(1, shape.inputs, kernel: 3, stride: stride)]
        last = Convolution2D(
            shape.hidden, shape.outputs, kernel: shape.isBottleneck ? 1 : 3,
            padding: shape.isBottleneck ? 0 : 1,
            bias: false)
        shortcut =
            shape.changesShape
            ? Sequential(Convolution2D(shape.inputs, shape.outputs, kernel: 1, stride: stride, bias: false))
            : nil
    }

    /// As in the networks that activate afterwards.
    public var partNames: [String: String] {
        ["entry": "bn1", "body": "", "last": "conv\(body.count + 1)", "shortcut": "downsample"]
    }

    /// (N, H, W, inputs) to (N, ⌈H/stride⌉, ⌈W/stride⌉, outputs).
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        let activated = entry(x, then: activation)
        return last(body.reduce(activated) { $1($0) }) + (shortcut?(activated) ?? x)
    }
}

extension BatchNormalization {
    /// act(normalised x), in one pass.
    func callAsFunction(_ x: Tensor<Scalar>, then activation: ActivationLayer<Scalar>) -> Tensor<Scalar> {
        normalized(x, activation: activation.activation, slope: activation.slope?.value)
    }
}
