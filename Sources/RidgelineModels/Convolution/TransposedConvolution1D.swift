// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A one-dimensional transposed convolution of sequences (N, L, C), channels last, with bias and activation in one pass
/// after it (PyTorch: `nn.ConvTranspose1d`, with length and channels swapped, and an activation).
///
/// Weight and bias start uniform within ±1/√(width·out/groups), PyTorch's default.
public struct TransposedConvolution1D<Scalar: FloatingScalar>: Layer {
    /// W, of shape (in, out/groups, width), PyTorch's, stored with the output channels side by side.
    public let weight: Parameter<Scalar>
    /// b, of shape (out), or nil.
    public let bias: Parameter<Scalar>?
    /// What is applied to each output.
    public let activation: Activation
    /// The slopes of a parametric ReLU: (1), or (out) with one for each channel; nil for other activations.
    public let slope: Parameter<Scalar>?
    /// From one position's place in the result to the next one's.
    public let stride: Int
    /// Cut off the result at each side.
    public let padding: Padding1D
    /// Added to the result at its end.
    public let outputPadding: Int
    /// Positions from one tap of the kernel to the next.
    public let dilation: Int
    /// Into how many groups inputs and outputs are divided.
    public let groups: Int
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer from `inputs` to `outputs` channels. Traps on a count below 1 and on groups that do not divide.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Padding1D = .none,
        outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
        activation: Activation = .identity
    ) {
        (weight, self.bias, slope) = convolutionParameters(
            inputs, outputs, kernel: [kernel], groups: groups, isTransposed: true,
            bias: bias, activation: activation, for: "TransposedConvolution1D")
        self.activation = activation
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.dilation = dilation
        self.groups = groups
    }

    /// (N, L, C) to (N, L′, out). Traps on other channels and where nothing is left of the result.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(
            transposedConvolution1D(
                x, weight: weight.value, bias: bias?.value, stride: stride, padding: padding,
                outputPadding: outputPadding, dilation: dilation, groups: groups, activation: activation,
                slope: slope?.value))
    }
}

extension TransposedConvolution1D: ObservedLayer {
    /// The activation.
    public var observedFunction: ObservedFunction { .activation(activation) }
}
