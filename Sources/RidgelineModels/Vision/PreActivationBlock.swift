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
    /// basic one, or one by way of `bottleneck` channels. Traps on a number below 1 and as its parts do.
    ///
    /// - Parameters:
    ///   - dilation: Of the 3×3 convolutions, whose padding grows with it.
    ///   - groups: Of the 3×3 convolutions.
    ///   - bias: Whether the convolutions have one.
    ///   - paddingMode: What stands around the 3×3 convolutions' images.
    ///   - algorithm: How the block's convolutions are computed; those that it cannot compute, automatically.
    ///   - epsilon: ε of all its normalisations.
    ///   - momentum: The weight of a new batch in their running statistics; nil for their plain mean.
    public init(
        _ inputs: Int, bottleneck: Int? = nil, outputs: Int? = nil, stride: Int = 1, dilation: Int = 1,
        groups: Int = 1, bias: Bool = false, paddingMode: PaddingMode = .zero, activation: Activation = .relu,
        algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5, momentum: Double? = 0.1
    ) {
        let outputs = outputs ?? inputs
        let hidden = bottleneck ?? outputs
        func convolution(
            _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1
        ) -> Convolution2D<Scalar> {
            let isWide = kernel > 1
            let algorithm = algorithm.fitting(
                inputs, outputs, kernel: kernel, stride: stride, dilation: isWide ? dilation : 1,
                groups: isWide ? groups : 1)
            return Convolution2D(
                inputs, outputs, kernel: Size2D(kernel), stride: Size2D(stride),
                padding: isWide ? .symmetric(Size2D(dilation)) : 0, paddingMode: isWide ? paddingMode : .zero,
                dilation: isWide ? Size2D(dilation) : 1, groups: isWide ? groups : 1, bias: bias,
                algorithm: algorithm)
        }
        func step(_ number: Int, _ convolution: Convolution2D<Scalar>) -> ConvolutionBlock<Scalar> {
            ConvolutionBlock(
                convolution: convolution,
                normalization: BatchNormalization(hidden, epsilon: epsilon, momentum: momentum),
                activation: activation, names: ("conv\(number)", "bn\(number + 1)"))
        }
        let body =
            bottleneck == nil
            ? [step(1, convolution(inputs, hidden, kernel: 3, stride: stride))]
            : [
                step(1, convolution(inputs, hidden, kernel: 1)),
                step(2, convolution(hidden, hidden, kernel: 3, stride: stride)),
            ]
        self.init(
            entry: BatchNormalization(inputs, epsilon: epsilon, momentum: momentum),
            activation: ActivationLayer(activation, channels: inputs), body: body,
            last: convolution(hidden, outputs, kernel: bottleneck == nil ? 3 : 1),
            shortcut: inputs != outputs || stride != 1
                ? Sequential(convolution(inputs, outputs, kernel: 1, stride: stride)) : nil)
    }

    /// A block of these layers, whose parameters it shares; nil for x itself as the shortcut.
    public init(
        entry: BatchNormalization<Scalar>, activation: ActivationLayer<Scalar>,
        body: [ConvolutionBlock<Scalar>],
        last: Convolution2D<Scalar>, shortcut: Sequential<Scalar>? = nil
    ) {
        self.entry = entry
        self.activation = activation
        self.body = body
        self.last = last
        self.shortcut = shortcut
    }

    init(_ shape: ResNetBlockShape, _ settings: BlockSettings) {
        self.init(
            shape.inputs, bottleneck: shape.isBottleneck ? shape.hidden : nil, outputs: shape.outputs,
            stride: shape.stride, groups: shape.groups, activation: settings.activation,
            algorithm: settings.algorithm, epsilon: settings.epsilon, momentum: settings.momentum)
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
