// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: IntegerScalar {
    /// The sum along one axis, wrapping on overflow.
    public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        sum(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The product over the given axes (all by default), wrapping on overflow; 1 over none.
    public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reducing(shape.axes(axes, for: "product"), keepingDimensions, to: Scalar.self) { row, count in
            var product: Scalar = 1
            for index in 0..<count { product &*= row[index] }
            return product
        }
    }

    /// The product along one axis, wrapping on overflow.
    public func product(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        product(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The arithmetic mean over the given axes (all by default), in double precision as NumPy's: the sum is exact while
    /// an `Int64` holds it, wraps beyond, and is rounded once. NaN over none.
    public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor<Double> {
        let axes = shape.axes(axes, for: "mean")
        return reducing(axes, keepingDimensions, to: Double.self) { row, count in
            var sum: Int64 = 0
            var high: UInt64 = 0
            if Scalar.isSigned {
                for index in 0..<count { sum &+= Int64(truncatingIfNeeded: row[index]) }
                return Double(sum) / Double(count)
            }
            for index in 0..<count { high &+= UInt64(truncatingIfNeeded: row[index]) }
            return Double(high) / Double(count)
        }
    }

    /// The mean along one axis.
    public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor<Double> {
        mean(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The largest element over the given axes (all by default). Traps where there is nothing to choose from.
    public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extremum(axes, keepingDimensions, "max", Swift.max)
    }

    /// The largest element along one axis.
    public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        max(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The smallest element over the given axes (all by default). Traps where there is nothing to choose from.
    public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extremum(axes, keepingDimensions, "min", Swift.min)
    }

    /// The smallest element along one axis.
    public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        min(axes: [axis], keepingDimensions: keepingDimensions)
    }

    private func extremum(
        _ axes: [Int]?, _ keepingDimensions: Bool, _ operation: String, _ better: (Scalar, Scalar) -> Scalar
    ) -> Tensor {
        let axes = shape.axes(axes, for: operation)
        require(
            axes.allSatisfy { shape[$0] > 0 },
            "\(operation): shape \(shape) has no elements along axes \(axes); expected at least one")
        return reducing(axes, keepingDimensions, to: Scalar.self) { row, count in
            var best = row[0]
            for index in 1..<Swift.max(1, count) { best = better(best, row[index]) }
            return best
        }
    }
}

extension Tensor where Scalar == Bool {
    /// Whether all elements over the given axes are true; true over none (PyTorch, NumPy: `all`).
    public func all(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
        reducing(shape.axes(axes, for: "all"), keepingDimensions, to: Bool.self) { row, count in
            UnsafeBufferPointer(start: row, count: count).allSatisfy { $0 }
        }
    }

    /// Whether all elements along one axis are true.
    public func all(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        all(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// Whether any element over the given axes is true; false over none (PyTorch, NumPy: `any`).
    public func any(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
        reducing(shape.axes(axes, for: "any"), keepingDimensions, to: Bool.self) { row, count in
            UnsafeBufferPointer(start: row, count: count).contains(true)
        }
    }

    /// Whether any element along one axis is true.
    public func any(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        any(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// How many elements over the given axes are true (NumPy, PyTorch: `count_nonzero`).
    public func trueCount(axes: [Int], keepingDimensions: Bool = false) -> Tensor<Int64> {
        reducing(shape.axes(axes, for: "trueCount"), keepingDimensions, to: Int64.self) { row, count in
            var trues: Int64 = 0
            for index in 0..<count where row[index] { trues += 1 }
            return trues
        }
    }

    /// How many elements along one axis are true.
    public func trueCount(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int64> {
        trueCount(axes: [axis], keepingDimensions: keepingDimensions)
    }
}
