// Part of Ridgeline. Licensed under the Apache License 2.0.

// Reductions along one axis, spelled `axis:`; several axes are `axes:`. An axis may be negative and counts from the
// last then. Traps on an axis that does not exist.

extension Tensor where Scalar: FloatingScalar {
    /// The sum along one axis; see `sum(axes:keepingDimensions:)`.
    public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        sum(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The mean along one axis; see `mean(axes:keepingDimensions:)`.
    public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        mean(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// ln Σ eˣ along one axis; see `logSumExp(axes:keepingDimensions:)`.
    public func logSumExp(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The largest element along one axis; see `max(axes:keepingDimensions:)`.
    public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        max(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The smallest element along one axis; see `min(axes:keepingDimensions:)`.
    public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        min(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The variance along one axis; see `variance(axes:correction:keepingDimensions:)`.
    public func variance(axis: Int, correction: Int = 0, keepingDimensions: Bool = false) -> Tensor {
        variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
    }
}
