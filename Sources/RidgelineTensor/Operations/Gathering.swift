// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// out[i][j][k] = x[indices[i][j][k]][j][k] for axis 0, and likewise for the others (PyTorch: `gather`).
    /// The indices, integers of any type, have as many axes as x and reach no further than x along the other axes;
    /// negative ones count from the end. The gradients of elements taken several times add up, in double precision.
    /// Traps on an index out of range.
    public func gathered<Index: IntegerScalar>(_ indices: Tensor<Index>, axis: Int) -> Tensor {
        gathering(indices, axis)
    }

    /// The same by `Int32` indices, which literals are.
    public func gathered(_ indices: Tensor<Int32>, axis: Int) -> Tensor { gathering(indices, axis) }

    /// The slices of x at the given positions along an axis, the indices' axes in place of that axis (NumPy:
    /// `take`; PyTorch: `index_select`, `embedding`). Indices are integers of any type; negative ones count from the
    /// end. The gradients of slices taken several times add up, in double precision. Traps on an index out of range.
    public func taking<Index: IntegerScalar>(_ indices: Tensor<Index>, axis: Int = 0) -> Tensor {
        takingSlices(indices, axis)
    }

    /// The same by `Int32` indices, which literals are.
    public func taking(_ indices: Tensor<Int32>, axis: Int = 0) -> Tensor { takingSlices(indices, axis) }

    private func gathering<Index: IntegerScalar>(_ indices: Tensor<Index>, _ axis: Int) -> Tensor {
        let taken = places(gathering: indices, shape.axis(axis, for: "gathered"), "gathered")
        return recordingTaken(taken, taken.rows(of: detached.contiguous(), indices.shape), .gather)
    }

    /// Where in this tensor the elements at the indices along an axis stand: rows of one, row-major.
    func places<Index: IntegerScalar>(
        gathering indices: Tensor<Index>, _ axis: Int, _ operation: String
    ) -> TakenRows {
        require(
            indices.rank == rank
                && (0..<rank).allSatisfy { $0 == axis || indices.shape[$0] <= shape[$0] },
            "\(operation): indices of shape \(indices.shape) for \(shape) along axis \(axis); expected as many "
                + "axes and no larger extents elsewhere")
        let along = indices.positions(below: shape[axis], fromEnd: true, "\(operation): index")
        // Row by row of the last axis, the place in x without its axis's part.
        let strides = Layout(contiguous: shape).strides
        var others = Layout(contiguous: indices.shape)
        others.strides = strides
        others.strides[axis] = 0
        var rows: [Int] = []
        rows.reserveCapacity(along.count)
        LoopNest(others).forEachRun(parallel: false) { offsets, steps, count in
            for position in 0..<count {
                rows.append(offsets[0] + position * steps[0] + along[rows.count] * strides[axis])
            }
        }
        return TakenRows(rows: rows, of: elementCount, width: 1)
    }

    private func takingSlices<Index: IntegerScalar>(_ indices: Tensor<Index>, _ axis: Int) -> Tensor {
        let axis = shape.axis(axis, for: "taking")
        let extent = shape[axis]
        let (taken, outShape) = places(taking: indices, axis, "taking")
        // A few slices of a tensor that would have to be copied first are copied one by one.
        let out =
            layout.isContiguous || indices.elementCount >= extent
            ? taken.rows(of: detached.contiguous(), outShape)
            : copiedSlices(taken.rows.prefix(indices.elementCount), axis, outShape)
        return recordingTaken(taken, out, .take)
    }

    /// Where in this tensor the slices at the indices along an axis stand, as rows, and the shape they make together.
    func places<Index: IntegerScalar>(
        taking indices: Tensor<Index>, _ axis: Int, _ operation: String
    ) -> (TakenRows, Shape) {
        let extent = shape[axis]
        let along = indices.positions(below: extent, fromEnd: true, "\(operation): index")
        let outShape = Shape(Array(shape[..<axis]) + Array(indices.shape) + Array(shape[(axis + 1)...]))
        let outer = shape[..<axis].reduce(1, *)
        let width = shape[(axis + 1)...].reduce(1, *)
        let rows = outer == 1 ? along : (0..<outer).flatMap { first in along.map { first * extent + $0 } }
        return (TakenRows(rows: rows, of: outer * extent, width: width), outShape)
    }

    private func copiedSlices(_ positions: ArraySlice<Int>, _ axis: Int, _ outShape: Shape) -> Tensor {
        var extents = Array(shape)
        extents[axis] = positions.count
        let out = Tensor(uninitialized: Shape(extents))
        for (place, position) in positions.enumerated() {
            var slice = out.view(out.layout.sliced(axis: axis, start: place, count: 1, step: 1))
            slice.copyElements(from: view(layout.sliced(axis: axis, start: position, count: 1, step: 1)))
        }
        return out.view(Layout(contiguous: outShape))
    }

    private func recordingTaken(
        _ taken: TakenRows, _ out: Tensor, _ operation: DifferentiableOperation
    ) -> Tensor {
        let shape = shape
        return recordingView(
            operation, out,
            ViewBackward {
                taken.scattered($0, into: shape)
            } double: {
                taken.scattered($0, into: shape)
            })
    }
}

extension Tensor where Scalar: NumericScalar {
    /// A new last axis of `depth` elements with 1 at the index and 0 elsewhere; indices are integers of any type. Traps
    /// on an index out of range and a negative depth.
    public static func oneHot<Index: IntegerScalar>(_ indices: Tensor<Index>, depth: Int) -> Tensor {
        oneHotRows(indices, depth)
    }

    /// The same of `Int32` indices, which literals are.
    public static func oneHot(_ indices: Tensor<Int32>, depth: Int) -> Tensor { oneHotRows(indices, depth) }

    private static func oneHotRows<Index: IntegerScalar>(_ indices: Tensor<Index>, _ depth: Int) -> Tensor {
        require(depth >= 0, "oneHot: depth \(depth) is negative")
        let positions = indices.positions(below: depth, "oneHot: index")
        var out = Tensor.zeros(Shape(Array(indices.shape) + [depth]))
        out.fill { target in
            for (row, position) in positions.enumerated() { target[row * depth + position] = 1 }
        }
        return out
    }
}
