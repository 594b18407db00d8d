// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A two-dimensional convolution of images (N, H, W, C), channels last: y = act(x ∗ W + b), bias and activation on
/// each tile while it is in cache (PyTorch: `nn.Conv2d` on channels-last tensors, and an activation).
///
/// Weight and bias start uniform within ±1/√(height·width·C/groups), PyTorch's default. Between training steps the
/// weights that an algorithm transforms are transformed once.
public struct Convolution2D<Scalar: FloatingScalar>: Layer {
    /// W, of shape (out, in/groups, height, width), PyTorch's, stored with the input channels side by side.
    public let weight: Parameter<Scalar>
    /// b, of shape (out), or nil.
    public let bias: Parameter<Scalar>?
    /// What is applied to each output.
    public let activation: Activation
    /// The slopes of a parametric ReLU: (1), or (out) with one for each channel; nil for other activations.
    public let slope: Parameter<Scalar>?
    /// Pixels from one window to the next.
    public var stride: Size2D { steps.stride }
    /// Zeros around the image.
    public var padding: Padding2D { steps.padding }
    /// Pixels from one tap of the window to the next.
    public var dilation: Size2D { steps.dilation }
    /// Into how many groups inputs and outputs are divided.
    public var groups: Int { steps.groups }
    /// Who this layer is.
    public let identity = LayerIdentity()

    let steps: ConvolutionSteps
    private let transforms = VersionedCache<WeightTransforms<Scalar>>()

    /// A layer from `inputs` to `outputs` channels. Traps on a count below 1 and on groups that do not divide.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding2D = .none,
        dilation: Size2D = 1, groups: Int = 1, bias: Bool = true, activation: Activation = .identity
    ) {
        require(
            inputs > 0 && outputs > 0 && kernel.height > 0 && kernel.width > 0,
            "Convolution2D: \(inputs) inputs, \(outputs) outputs, kernel \(kernel); expected 1 or more")
        require(
            groups > 0 && inputs % groups == 0 && outputs % groups == 0,
            "Convolution2D: \(groups) groups do not divide \(inputs) inputs and \(outputs) outputs")
        let depth = kernel.height * kernel.width * inputs / groups
        let bound = 1 / Scalar(fromDouble: Double(depth)).squareRoot()
        let channelsFirst = Tensor<Scalar>.uniform(
            [outputs, inputs / groups, kernel.height, kernel.width], in: -bound..<bound)
        weight = Parameter(channelsFirst.storedChannelsLast())
        self.bias = bias ? Parameter(.uniform([outputs], in: -bound..<bound)) : nil
        self.activation = activation
        slope = activation.slopes(channels: outputs).map { Parameter($0) }
        steps = ConvolutionSteps(stride: stride, padding: padding, dilation: dilation, groups: groups)
    }

    /// (N, H, W, C) to (N, H′, W′, out). Traps on other channels and on a kernel larger than the padded image.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(
            convolution2D(
                x, derivedWeight, bias: bias?.value, steps: steps, activation: activation, slope: slope?.value
            ).output)
    }

    /// The convolution by itself with the moments of its outputs, for a normalisation that follows.
    func withMoments(_ x: Tensor<Scalar>) -> (output: Tensor<Scalar>, moments: BatchMoments?) {
        convolution2D(
            x, ConvolutionWeight(weight.value), bias: bias?.value, steps: steps, observesMoments: true)
    }

    /// The weight, in inference with its transforms of earlier calls.
    private var derivedWeight: ConvolutionWeight<Scalar> {
        let version = weight.version
        let value = weight.value
        guard Mode.current == .inference else { return ConvolutionWeight(value) }
        return ConvolutionWeight(value, cache: transforms.value(for: version) { WeightTransforms() })
    }
}

extension Tensor {
    /// The same (out, in, height, width) with the elements of the second axis side by side.
    func storedChannelsLast() -> Tensor {
        permuted([0, 2, 3, 1]).contiguous().permuted([0, 3, 1, 2])
    }
}

extension Convolution2D: ObservedLayer {
    /// The activation.
    public var observedFunction: ObservedFunction { .activation(activation) }
}
