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
    /// Pixels around the image.
    public var padding: Padding2D { steps.padding }
    /// What they are.
    public var paddingMode: PaddingMode { steps.paddingMode }
    /// Pixels from one tap of the window to the next.
    public var dilation: Size2D { steps.dilation }
    /// Into how many groups inputs and outputs are divided.
    public var groups: Int { steps.groups }
    /// How it is computed; by default what is estimated fastest.
    public let algorithm: ConvolutionAlgorithm
    /// Who this layer is.
    public let identity = LayerIdentity()

    let steps: ConvolutionSteps
    private let transforms = VersionedCache<WeightTransforms<Scalar>>()

    /// A layer from `inputs` to `outputs` channels. Traps on a count below 1 and on groups that do not divide;
    /// a call traps where the algorithm cannot compute the convolution.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding2D = .none,
        paddingMode: PaddingMode = .zero, dilation: Size2D = 1, groups: Int = 1, bias: Bool = true,
        activation: Activation = .identity, algorithm: ConvolutionAlgorithm = .automatic
    ) {
        (weight, self.bias, slope) = convolutionParameters(
            inputs, outputs, kernel: [kernel.height, kernel.width], groups: groups, bias: bias,
            activation: activation, for: "Convolution2D")
        self.activation = activation
        self.algorithm = algorithm
        steps = ConvolutionSteps(
            stride: stride, padding: padding, paddingMode: paddingMode, dilation: dilation, groups: groups)
    }

    /// (N, H, W, C) to (N, H′, W′, out). Traps on other channels and on a kernel larger than the padded image.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(
            convolution2D(
                x, transforms.convolutionWeight(weight), bias: bias?.value, steps: steps,
                activation: activation, slope: slope?.value, algorithm: algorithm
            ).output)
    }

    /// The convolution by itself with the moments of its outputs, for a normalisation that follows.
    func withMoments(_ x: Tensor<Scalar>) -> (output: Tensor<Scalar>, moments: BatchMoments?) {
        convolution2D(
            x, ConvolutionWeight(weight.value), bias: bias?.value, steps: steps, algorithm: algorithm,
            observesMoments: true)
    }
}

extension Convolution2D: ObservedLayer {
    /// The activation.
    public var observedFunction: ObservedFunction { .activation(activation) }
}
