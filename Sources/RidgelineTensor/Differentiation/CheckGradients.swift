// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The largest disagreement between recorded gradients and finite differences.
public struct GradientDiscrepancy: DescribedError {
    /// Which input.
    public let input: Int
    /// Which of its elements, in row-major order.
    public let element: Int
    /// The recorded derivative.
    public let recorded: Double
    /// The finite difference.
    public let estimated: Double

    /// Both values and where they stand.
    public var description: String {
        "the gradient of input \(input) at element \(element) is recorded as \(recorded), but finite "
            + "differences give \(estimated)"
    }
}

/// Compares the recorded gradients of `function` with central finite differences in double precision and
/// throws the worst `GradientDiscrepancy` beyond the tolerance (PyTorch: `torch.autograd.gradcheck`).
///
/// The result may have any shape: it is weighted with fixed pseudo-random numbers and summed, so that every
/// element of the Jacobian takes part. The check fails where |recorded − estimated| > tolerance ·
/// max(1, |recorded|, |estimated|). Keep the inputs away from kinks by more than the step. Values and gradients are both
/// taken in the caller's mode, inference unless chosen otherwise.
///
/// - Parameters:
///   - inputs: Where to compare.
///   - step: Half the width of the difference.
///   - tolerance: What rounding and curvature may cost; about step² and 1e-15 / step.
/// - Returns: The largest relative difference found.
@discardableResult
public func checkGradients(
    at inputs: [Tensor<Double>], step: Double = 1e-5, tolerance: Double = 1e-7,
    of function: ([Tensor<Double>]) -> Tensor<Double>
) throws -> Double {
    let weights = Tensor<Double>.uniform(
        withoutGradients { function(inputs) }.shape, in: 0.5..<1.5, using: RandomGenerator(seed: 17))
    func weighted(_ inputs: [Tensor<Double>]) -> Tensor<Double> { (function(inputs) * weights).sum() }
    let recorded = withMode(.current) { valueAndGradients(at: inputs, weighted).gradients }
    var worst: (size: Double, discrepancy: GradientDiscrepancy)?
    for index in inputs.indices {
        let gradient = recorded[index].scalars
        let plain = inputs[index].scalars
        for element in plain.indices {
            func value(_ shift: Double) -> Double {
                var moved = plain
                moved[element] += shift
                var all = inputs
                // The same layout as the input's: its strides are part of what is checked.
                all[index] = inputs[index].replacingElements(with: moved)
                return weighted(all).item
            }
            let estimated = (value(step) - value(-step)) / (2 * step)
            let scale = max(1, abs(gradient[element]), abs(estimated))
            let size = abs(gradient[element] - estimated) / scale
            // NaN is worse than anything and stays.
            if worst?.size.isNaN != true, !(size <= worst?.size ?? -1) {
                worst = (
                    size,
                    GradientDiscrepancy(
                        input: index, element: element, recorded: gradient[element], estimated: estimated)
                )
            }
        }
    }
    guard let worst else { return 0 }
    if !(worst.size <= tolerance) { throw worst.discrepancy }
    return worst.size
}

extension Tensor where Scalar == Double {
    /// These elements in row-major order, in new storage of this tensor's layout where no two elements share
    /// a place, else contiguous.
    fileprivate func replacingElements(with elements: [Double]) -> Tensor {
        let plain = Tensor(shape: shape, scalars: elements)
        let overlaps = (0..<rank).contains { layout.strides[$0] == 0 && shape[$0] > 1 }
        if overlaps { return plain }
        let size = storage.byteCount
        var result = Tensor(storage: Storage(byteCount: size), layout: layout)
        result.copyElements(from: plain)
        return result
    }
}
