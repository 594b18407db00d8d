// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A two-dimensional transposed convolution of images (N, H, W, C), channels last, with bias and activation in one pass
/// after it (PyTorch: `nn.ConvTranspose2d` on channels-last tensors, and an activation).
///
/// Weight and bias start uniform within ±1/√(height·width·out/groups), PyTorch's default.
public struct TransposedConvolution2D<Scalar: FloatingScalar>: Layer {
    /// W, of shape (in, out/groups, height, width), PyTorch's, stored with the output channels side by side.
    public let weight: Parameter<Scalar>
    /// b, of shape (out), or nil.
    public let bias: Parameter<Scalar>?
    /// What is applied to each output.
    public let activation: Activation
    /// The slopes of a parametric ReLU: (1), or (out) with one for each channel; nil for other activations.
    public let slope: Parameter<Scalar>?
    /// From one pixel's place in the result to the next one's.
    public let stride: Size2D
    /// Cut off the result at each side.
    public let padding: Padding2D
    /// Added to the result below and right.
    public let outputPadding: Size2D
    /// Pixels from one tap of the kernel to the next.
    public let dilation: Size2D
    /// Into how many groups inputs and outputs are divided.
    public let groups: Int
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer from `inputs` to `outputs` channels. Traps on a count below 1 and on groups that do not divide.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding2D = .none,
        outputPadding: Size2D = 0, dilation: Size2D = 1, groups: Int = 1, bias: Bool = true,
        activation: Activation = .identity
    ) {
        (weight, self.bias, slope) = convolutionParameters(
            inputs, outputs, kernel: [kernel.height, kernel.width], groups: groups, isTransposed: true,
            bias: bias, activation: activation, for: "TransposedConvolution2D")
        self.activation = activation
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.dilation = dilation
        self.groups = groups
    }

    /// (N, H, W, C) to (N, H′, W′, out). Traps on other channels and where nothing is left of the result.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(
            transposedConvolution2D(
                x, weight: weight.value, bias: bias?.value, stride: stride, padding: padding,
                outputPadding: outputPadding, dilation: dilation, groups: groups, activation: activation,
                slope: slope?.value))
    }
}

extension TransposedConvolution2D: ObservedLayer {
    /// The activation.
    public var observedFunction: ObservedFunction { .activation(activation) }
}
