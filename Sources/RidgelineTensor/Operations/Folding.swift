// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A folding function: one value from several.
public enum Fold: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Σ xᵢ / k; every value gets 1/k of the gradient.
    case mean
    /// The least value, NaN where one is NaN; equal ones share the gradient evenly.
    case minimum
    /// The largest value, NaN where one is NaN; equal ones share the gradient evenly. Of groups, it is
    /// maxout.
    case maximum
    /// ln Σ exp(xᵢ), a smooth maximum, without overflow; each value gets its softmax of the gradient.
    case logSumExp

    /// The name: `mean`, `minimum`, `maximum`, `logsumexp`.
    public var name: String { rawValue.lowercased() }

    /// The fold of that name, or nil; `names` lists them.
    public init?(named name: String) {
        guard let fold = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = fold
    }

    /// The names of all folds.
    public static var names: [String] { allCases.map(\.name) }

    /// The name.
    public var description: String { name }
}

extension Tensor where Scalar: FloatingScalar {
    /// The fold of all values along an axis, which is removed or kept with extent 1. As `mean`, `min`, `max`
    /// and `logSumExp`, which it calls; minimum and maximum trap where there is nothing to choose from.
    public func folded(_ fold: Fold, axis: Int, keepingDimensions: Bool = false) -> Tensor {
        let axis = shape.axis(axis, for: "folded")
        switch fold {
        case .mean: return mean(axes: axis, keepingDimensions: keepingDimensions)
        case .minimum: return min(axes: axis, keepingDimensions: keepingDimensions)
        case .maximum: return max(axes: axis, keepingDimensions: keepingDimensions)
        case .logSumExp: return logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
        }
    }

    /// The fold of each `groupSize` neighbours along an axis: (…, n, …) to (…, n / groupSize, …). Result i is
    /// made of the values from i·groupSize on. Traps where groupSize is below 1 or does not divide n.
    public func folded(_ fold: Fold, groupsOf groupSize: Int, axis: Int = -1) -> Tensor {
        let axis = shape.axis(axis, for: "folded")
        require(
            groupSize > 0 && shape[axis].isMultiple(of: groupSize),
            "folded: groups of \(groupSize) along axis \(axis) of \(shape); expected a divisor of "
                + "\(shape[axis])")
        var extents = Array(shape)
        extents[axis] /= groupSize
        extents.insert(groupSize, at: axis + 1)
        return reshaped(to: Shape(extents)).folded(fold, axis: axis + 1)
    }
}

/// The largest of each `groupSize` neighbours along an axis (Goodfellow et al., "Maxout networks", 2013): a
/// convex function learnt as the maximum of affine pieces.
///
/// The gradient goes to the winner, in equal shares where several win, as in `max`. NaN where one value is.
/// Shapes and traps as `Tensor.folded(_:groupsOf:axis:)`.
public func maxout<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, groupsOf groupSize: Int, axis: Int = -1
) -> Tensor<Scalar> {
    x.folded(.maximum, groupsOf: groupSize, axis: axis)
}
