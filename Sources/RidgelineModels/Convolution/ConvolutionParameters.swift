// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What a convolution of any kind starts with: weight and bias uniform within ±1/√fan, PyTorch's default, and slopes
/// where the activation learns them.
///
/// The weight is (outputs, inputs/groups, extents of the kernel…), of a transposed one (inputs, outputs/groups, …); fan
/// is what one place of its first axis has. Traps on a count below 1 and on groups that do not divide.
func convolutionParameters<Scalar: FloatingScalar>(
    _ inputs: Int, _ outputs: Int, kernel: [Int], groups: Int, isTransposed: Bool = false, bias: Bool,
    activation: Activation, for layer: String
) -> (weight: Parameter<Scalar>, bias: Parameter<Scalar>?, slope: Parameter<Scalar>?) {
    require(
        inputs > 0 && outputs > 0 && kernel.allSatisfy { $0 > 0 },
        "\(layer): \(inputs) inputs, \(outputs) outputs, kernel "
            + "\(kernel.map { "\($0)" }.joined(separator: "×")); expected 1 or more")
    require(
        groups > 0 && inputs % groups == 0 && outputs % groups == 0,
        "\(layer): \(groups) groups do not divide \(inputs) inputs and \(outputs) outputs")
    let (rows, columns) = isTransposed ? (inputs, outputs / groups) : (outputs, inputs / groups)
    let fan = kernel.reduce(columns, *)
    let bound = 1 / Scalar(fromDouble: Double(fan)).squareRoot()
    let weight = Tensor<Scalar>.uniform(Shape([rows, columns] + kernel), in: -bound..<bound)
    return (
        Parameter(weight.storedChannelsLast()),
        bias ? Parameter(.uniform([outputs], in: -bound..<bound)) : nil,
        activation.slopes(channels: outputs).map { Parameter($0) }
    )
}

extension Tensor {
    /// The same weight (…, channels, extents…) with the elements of the second axis side by side.
    func storedChannelsLast() -> Tensor {
        permuted([0] + Array(2..<rank) + [1]).contiguous().permuted([0, rank - 1] + Array(1..<rank - 1))
    }
}
