// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A convolution, a batch normalisation, a sum and an activation as one: y = act(BN(x ∗ W) + residual) (PyTorch:
/// `nn.Conv2d`, `nn.BatchNorm2d`, `+` and an activation).
///
/// In training the batch's statistics are gathered on the convolution's tiles, and normalisation, sum and activation
/// are one pass. In inference the normalisation is folded into weight and bias, once for each version of the
/// parameters, and all of it happens on the tiles; there a mean far larger than the deviation costs digits, as
/// `BatchNormalization.inferenceAffine()` says.
public struct ConvolutionBlock<Scalar: FloatingScalar>: Layer, PartsOfParent {
    /// The convolution, without an activation.
    public let convolution: Convolution2D<Scalar>
    /// The normalisation.
    public let normalization: BatchNormalization<Scalar>
    /// What is applied at the end.
    public let activation: Activation
    /// The slopes of a parametric ReLU: (1), or (out) with one for each channel; nil for other activations.
    public let slope: Parameter<Scalar>?
    /// Who this layer is.
    public let identity = LayerIdentity()

    private let names: (convolution: String, normalization: String)?
    private let folded = VersionedCache<Folded>()

    /// Weight and bias with the normalisation in them.
    private struct Folded: Sendable {
        let weight: ConvolutionWeight<Scalar>
        let bias: Tensor<Scalar>
    }

    /// A block from `inputs` to `outputs` channels. Traps on a count below 1, on groups that do not divide, a negative ε
    /// and a momentum outside 0…1.
    ///
    /// - Parameters:
    ///   - bias: Whether the convolution has a bias, which training's normalisation takes away again.
    ///   - epsilon: The normalisation's ε (EfficientNet: 1e-3).
    ///   - momentum: The weight of a new batch in its running statistics; nil for their plain mean.
    ///   - names: What the two layers are called in paths, as if they were parts of the block's parent: `conv1.weight`,
    ///     `bn1.weight`, and `conv1.slope` where the activation learns one. Where nil, they are called as the properties,
    ///     below the block's own name.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding2D = .none,
        paddingMode: PaddingMode = .zero, dilation: Size2D = 1, groups: Int = 1, bias: Bool = false,
        activation: Activation = .identity, algorithm: ConvolutionAlgorithm = .automatic,
        epsilon: Double = 1e-5, momentum: Double? = 0.1,
        names: (convolution: String, normalization: String)? = nil
    ) {
        self.init(
            convolution: Convolution2D(
                inputs, outputs, kernel: kernel, stride: stride, padding: padding,
                paddingMode: paddingMode, dilation: dilation, groups: groups, bias: bias, algorithm: algorithm
            ),
            normalization: BatchNormalization(outputs, epsilon: epsilon, momentum: momentum),
            activation: activation, names: names)
    }

    /// A block of these layers, whose parameters it shares. Traps where the convolution has an activation, which would
    /// come before the normalisation, and where the normalisation is for another number of channels.
    public init(
        convolution: Convolution2D<Scalar>, normalization: BatchNormalization<Scalar>,
        activation: Activation = .identity, names: (convolution: String, normalization: String)? = nil
    ) {
        let outputs = convolution.weight.shape[0]
        require(
            convolution.activation == .identity,
            "ConvolutionBlock: a convolution with the activation \(convolution.activation); expected none: the block's comes "
                + "after the normalisation")
        require(
            normalization.weight.shape == [outputs],
            "ConvolutionBlock: a convolution to \(outputs) channels, a normalisation of "
                + "\(normalization.weight.shape[0]); expected as many")
        self.convolution = convolution
        self.normalization = normalization
        self.activation = activation
        slope = activation.slopes(channels: outputs).map { Parameter($0) }
        self.names = names
    }

    /// As given.
    public var partNames: [String: String] {
        guard let names else { return [:] }
        return [
            "convolution": names.convolution, "normalization": names.normalization,
            "slope": names.convolution + ".slope",
        ]
    }

    package var namesPartsForParent: Bool { names != nil }

    /// act(BN(x ∗ W)). Traps on other channels and on a kernel larger than the padded image.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { self(x, adding: nil) }

    /// act(BN(x ∗ W) + residual), the residual being of the result's shape.
    public func callAsFunction(_ x: Tensor<Scalar>, adding residual: Tensor<Scalar>?) -> Tensor<Scalar> {
        guard Mode.current == .inference, !isDifferentiated else {
            folded.release()
            let (z, moments) = convolution.withMoments(x)
            return observed(
                normalization.normalized(
                    z, moments: moments, residual: residual, activation: activation, slope: slope?.value))
        }
        let folded = fold()
        return observed(
            convolution2D(
                x, folded.weight, bias: folded.bias, steps: convolution.steps, residual: residual,
                activation: activation, slope: slope?.value, algorithm: convolution.algorithm
            ).output)
    }

    /// Whether gradients by its parameters are being recorded, for which they must stay apart.
    private var isDifferentiated: Bool {
        guard let recording = Recording.current else { return false }
        return [convolution.weight, convolution.bias, normalization.weight, normalization.bias].contains {
            $0.map { recording.owns($0.value) } ?? false
        }
    }

    private func fold() -> Folded {
        let version = convolution.weight.version + (convolution.bias?.version ?? 0) + normalization.version
        return folded.value(for: version) {
            let (scale, shift) = normalization.inferenceAffine()
            return withoutGradients {
                let weight = convolution.weight.value * scale.reshaped(to: [scale.shape[0], 1, 1, 1])
                return Folded(
                    weight: ConvolutionWeight(weight.storedChannelsLast(), cache: WeightTransforms()),
                    bias: convolution.bias.map { $0.value * scale + shift } ?? shift)
            }
        }
    }
}

extension ConvolutionBlock: ObservedLayer {
    /// The activation.
    public var observedFunction: ObservedFunction { .activation(activation) }
}
