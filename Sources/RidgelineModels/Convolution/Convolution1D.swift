// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A one-dimensional convolution of sequences (N, L, C), channels last: y = act(x ∗ W + b), bias and activation on each
/// tile while it is in cache (PyTorch: `nn.Conv1d`, with length and channels swapped, and an activation).
///
/// Weight and bias start uniform within ±1/√(width·C/groups), PyTorch's default. It is a `Convolution2D` of images of
/// height 1.
public struct Convolution1D<Scalar: FloatingScalar>: Layer {
    /// W, of shape (out, in/groups, width), PyTorch's, stored with the input channels side by side.
    public let weight: Parameter<Scalar>
    /// b, of shape (out), or nil.
    public let bias: Parameter<Scalar>?
    /// What is applied to each output.
    public let activation: Activation
    /// The slopes of a parametric ReLU: (1), or (out) with one for each channel; nil for other activations.
    public let slope: Parameter<Scalar>?
    /// Positions from one window to the next.
    public var stride: Int { steps.stride.width }
    /// Positions around the sequence.
    public let padding: Padding1D
    /// What stands there.
    public var paddingMode: PaddingMode { steps.paddingMode }
    /// Positions from one tap of the window to the next.
    public var dilation: Int { steps.dilation.width }
    /// Into how many groups inputs and outputs are divided.
    public var groups: Int { steps.groups }
    /// Who this layer is.
    public let identity = LayerIdentity()

    private let steps: ConvolutionSteps
    private let transforms = VersionedCache<WeightTransforms<Scalar>>()

    /// A layer from `inputs` to `outputs` channels. Traps on a count below 1 and on groups that do not divide.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Padding1D = .none,
        paddingMode: PaddingMode = .zero, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
        activation: Activation = .identity
    ) {
        (weight, self.bias, slope) = convolutionParameters(
            inputs, outputs, kernel: [kernel], groups: groups, bias: bias, activation: activation,
            for: "Convolution1D")
        self.activation = activation
        self.padding = padding
        steps = .ofRow(
            stride: stride, padding: padding, paddingMode: paddingMode, dilation: dilation, groups: groups)
    }

    /// (N, L, C) to (N, L′, out). Traps on other channels and on a kernel larger than the padded sequence.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(
            convolution1D(
                x, transforms.convolutionWeight(weight), bias: bias?.value, steps: steps,
                activation: activation, slope: slope?.value))
    }
}

extension Convolution1D: ObservedLayer {
    /// The activation.
    public var observedFunction: ObservedFunction { .activation(activation) }
}
