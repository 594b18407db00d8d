// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A fully connected layer: y = act(x·Wᵀ + b), fused (PyTorch: `nn.Linear` and an activation).
///
/// Weight and bias start uniform within ±1/√in, PyTorch's default.
public struct Linear<Scalar: FloatingScalar>: Layer {
    /// W, of shape (out, in).
    public let weight: Parameter<Scalar>
    /// b, of shape (out), or nil.
    public let bias: Parameter<Scalar>?
    /// What is applied to each output.
    public let activation: Activation
    /// The slopes of a parametric ReLU: (1), or (out) with one for each channel; nil for other activations.
    public let slope: Parameter<Scalar>?
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer from `inputs` to `outputs` values. Traps on a count below 1.
    public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .identity) {
        require(
            inputs > 0 && outputs > 0, "Linear: \(inputs) inputs and \(outputs) outputs; expected 1 or more")
        let bound = 1 / Scalar(fromDouble: Double(inputs)).squareRoot()
        weight = Parameter(.uniform([outputs, inputs], in: -bound..<bound))
        self.bias = bias ? Parameter(.uniform([outputs], in: -bound..<bound)) : nil
        self.activation = activation
        slope = activation.slopes(channels: outputs).map { Parameter($0) }
    }

    /// A layer with this weight (out, in) and bias (out). Traps on other shapes.
    public init(weight: Tensor<Scalar>, bias: Tensor<Scalar>?, activation: Activation = .identity) {
        require(
            weight.rank == 2 && (bias == nil || bias?.shape == [weight.shape[0]]),
            "Linear: weight \(weight.shape), bias \(bias?.shape.description ?? "nil"); expected (out, in) and "
                + "(out)")
        self.weight = Parameter(weight)
        self.bias = bias.map { Parameter($0) }
        self.activation = activation
        slope = activation.slopes(channels: weight.shape[0]).map { Parameter($0) }
    }

    /// (…, in) to (…, out). Traps on another last extent.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(
            linear(x, weight: weight.value, bias: bias?.value, activation: activation, slope: slope?.value))
    }

    /// The gated unit of the outputs' two halves, on the tile where nobody observes the outputs themselves.
    func callAsFunction(_ x: Tensor<Scalar>, then gate: Gate) -> Tensor<Scalar> {
        guard activation == .identity, ActivationStatistics.current == nil else {
            return gatedLinearUnit(self(x), gate: gate)
        }
        return gatedLinear(x, weight: weight.value, bias: bias?.value, gate: gate)
    }

    /// A dropout of the outputs, on the tile where it is drawn and nobody observes what it hides.
    func callAsFunction(_ x: Tensor<Scalar>, then dropout: Dropout<Scalar>?) -> Tensor<Scalar> {
        guard let dropout, Mode.current == .training, ActivationStatistics.current == nil else {
            let y = self(x)
            return dropout?(y) ?? y
        }
        return linear(
            x, weight: weight.value, bias: bias?.value, activation: activation, slope: slope?.value,
            dropout: dropout.probability)
    }
}
