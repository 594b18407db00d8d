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

    var kind: FoldKind {
        switch self {
        case .mean: .mean
        case .minimum: .minimum
        case .maximum: .maximum
        case .logSumExp: .logSumExp
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The fold of all values along an axis, which is removed or kept with extent 1.
    ///
    /// One pass, forward and backward, in which short groups and long ones run at the speed of memory. Saves x
    /// and the result. As `mean`, `min`, `max` and `logSumExp` along one axis; an empty axis has the mean NaN
    /// and the log-sum-exp −∞, while minimum and maximum trap, as there is nothing to choose from.
    public func folded(_ fold: Fold, axis: Int, keepingDimensions: Bool = false) -> Tensor {
        let axis = shape.axis(axis, for: "folded")
        let size = shape[axis]
        let result = shape.reducing([axis], keepingDimensions: keepingDimensions)
        guard size > 0 else {
            require(
                fold == .mean || fold == .logSumExp,
                "folded: \(fold) along axis \(axis) of \(shape), which is empty; expected at least one value")
            return .full(result, fold == .mean ? .nan : -.infinity)
        }
        let groups = FoldGroups(of: shape, along: axis)
        let x = groups.arranged(detached)
        let out = groups.folded(fold.kind, x, to: result)
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        let saved = Saved(x)
        return recording.record(.fold, out) { pass in
            let dy = pass.takeUpstream(as: Scalar.self).contiguous()
            let x = saved.take(keeping: pass.keepsSaved)
            pass.add(groups.gradient(fold.kind, of: x, out, dy), to: entry)
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
