// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: NumericScalar {
    /// The places along an axis of the elements in ascending or descending order, equal ones in their own order (PyTorch:
    /// `argsort(stable=True)`, NumPy: `argsort(kind="stable")`). NaN is above every number, −0 equals 0, as in PyTorch.
    /// The shape is this tensor's. Traps on an axis that does not exist, and of more than 2³¹ − 1 elements.
    public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int32> {
        let axis = shape.axis(axis, for: "argsort")
        return places(axis, count: shape[axis], descending, "argsort")
    }

    /// The first `count` places of that order.
    fileprivate func places(
        _ axis: Int, count: Int, _ descending: Bool, _ operation: String
    ) -> Tensor<Int32> {
        require(
            shape[axis] <= Int(Int32.max),
            "\(operation): axis \(axis) of \(shape); expected at most \(Int32.max) elements")
        let rows = ReducedRows(detached, reducing: [axis])
        var extents = Array(shape)
        extents.remove(at: axis)
        var out = Tensor<Int32>(uninitialized: Shape(extents + [count]))
        out.fill { target in
            rows.forEach { row, start in
                let order = SortKeys(start, rows.columns, descending: descending).order()
                for place in 0..<count { target[row * count + place] = Int32(order[place]) }
            }
        }
        var back = Array(0..<rank - 1)
        back.insert(rank - 1, at: axis)
        return out.permuted(back)
    }

    /// The places of the `count` first elements of the order, for `topK`, checked.
    fileprivate func topPlaces(_ count: Int, _ axis: Int, _ largest: Bool) -> Tensor<Int32> {
        let axis = shape.axis(axis, for: "topK")
        require(
            count >= 0 && count <= shape[axis],
            "topK: \(count) of axis \(axis) of \(shape); expected 0 up to \(shape[axis])")
        return places(axis, count: count, largest, "topK")
    }
}

extension Tensor where Scalar: NumericScalar {
    /// The elements along an axis in ascending or descending order, and where each stood (PyTorch: `sort(stable=True)`):
    /// in the order of `argsort`. Each element's gradient goes back to its place.
    public func sortedWithIndices(
        axis: Int = -1, descending: Bool = false
    ) -> (values: Tensor, indices: Tensor<Int32>) {
        let indices = argsort(axis: axis, descending: descending)
        return (gathered(indices, axis: axis), indices)
    }

    /// The elements along an axis in ascending or descending order; see `sortedWithIndices`.
    public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
        sortedWithIndices(axis: axis, descending: descending).values
    }

    /// The `count` largest (or smallest) elements along an axis in their order, and where they stand (PyTorch: `topk`), the
    /// first of equal ones first. NaN is above every number, as in PyTorch. The axis has `count` elements in the
    /// results. Each value's gradient goes back to its place. Traps where the axis has fewer elements.
    public func topK(
        _ count: Int, axis: Int = -1, largest: Bool = true
    ) -> (values: Tensor, indices: Tensor<Int32>) {
        let indices = topPlaces(count, axis, largest)
        return (gathered(indices, axis: axis), indices)
    }

    /// The place of the middle of `count` sorted elements, the lower of two, or of the first NaN.
    fileprivate func middlePlaces(_ upper: Bool) -> Tensor<Int32> {
        let count = shape[-1]
        return reducing([rank - 1], true, to: Int32.self) { row, _ in
            let order = SortKeys(row, count, descending: false).order()
            // NaN comes last where there is one, and the first of several is found from the front.
            if row[order[count - 1]] != row[order[count - 1]] {
                return Int32((0..<count).first { row[$0] != row[$0] } ?? 0)
            }
            return Int32(order[upper ? count / 2 : (count - 1) / 2])
        }
    }

    /// The elements over the given axes as rows along the last one, checked for `median`.
    fileprivate func medianRows(_ axes: [Int]?) -> (rows: Tensor, axes: [Int]) {
        let axes = shape.axes(axes, for: "median")
        let count = axes.reduce(1) { $0 * shape[$1] }
        require(
            count > 0 && count <= Int(Int32.max),
            "median: shape \(shape) has \(count) elements along axes \(axes); expected 1 up to \(Int32.max)")
        let kept = (0..<rank).filter { !axes.contains($0) }
        return (permuted(kept + axes).reshaped(to: Shape(kept.map { shape[$0] } + [count])), axes)
    }
}

/// What the median of an even number of elements is.
public enum MedianDefinition: Sendable, Hashable, CaseIterable {
    /// The lower of the two in the middle, an element as it stands: PyTorch's `median`.
    case lower
    /// Half of the sum of the two in the middle: NumPy's `median`.
    case midpoint
}

extension Tensor where Scalar: FloatingScalar {
    /// The median over the given axes (all by default): the element in the middle of their order. Of an even number, by
    /// default the lower of the two in the middle as PyTorch's `median`, or with `.midpoint` their mean as NumPy's.
    /// NaN where one is NaN. The gradient goes to the middle element, half to each of two. Traps over no elements.
    public func median(
        axes: [Int]? = nil, definition: MedianDefinition = .lower, keepingDimensions: Bool = false
    ) -> Tensor {
        let (rows, axes) = medianRows(axes)
        let result = shape.reducing(axes, keepingDimensions: keepingDimensions)
        let lower = rows.gathered(rows.middlePlaces(false), axis: -1).reshaped(to: result)
        guard definition == .midpoint else { return lower }
        let upper = rows.gathered(rows.middlePlaces(true), axis: -1).reshaped(to: result)
        // Halved first, the sum does not overflow; of a single middle it is that element.
        return lower * 0.5 + upper * 0.5
    }

    /// The median along one axis; see `median(axes:definition:keepingDimensions:)`.
    public func median(
        axis: Int, definition: MedianDefinition = .lower, keepingDimensions: Bool = false
    ) -> Tensor {
        median(axes: [axis], definition: definition, keepingDimensions: keepingDimensions)
    }
}

extension Tensor where Scalar: IntegerScalar {
    /// The median over the given axes (all by default): the middle element of their order, the lower of two as PyTorch's
    /// `median`. Traps over no elements.
    public func median(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let (rows, axes) = medianRows(axes)
        return rows.gathered(rows.middlePlaces(false), axis: -1)
            .reshaped(to: shape.reducing(axes, keepingDimensions: keepingDimensions))
    }

    /// The median along one axis.
    public func median(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        median(axes: [axis], keepingDimensions: keepingDimensions)
    }
}
