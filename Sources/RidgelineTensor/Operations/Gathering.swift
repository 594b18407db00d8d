// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// out[i][j][k] = x[indices[i][j][k]][j][k] for axis 0, and likewise for the others (PyTorch: `gather`).
    /// The indices have as many axes as x and reach no further than x along the other axes. The gradients of
    /// elements taken several times add up. Traps on an index out of range.
    public func gathered(_ indices: Tensor<Int32>, axis: Int) -> Tensor {
        // Recorded, the positions say where gradients go: one for each element, even of a broadcast.
        if !trace.isNone && !layout.isContiguous { return contiguous().gathered(indices, axis: axis) }
        let axis = shape.axis(axis, for: "gathered")
        require(
            indices.rank == rank
                && (0..<rank).allSatisfy { $0 == axis || indices.shape[$0] <= shape[$0] },
            "gathered: indices of shape \(indices.shape) for \(shape) along axis \(axis); expected as many "
                + "axes and no larger extents elsewhere")
        var reach = layout
        for other in 0..<rank where other != axis { reach.shape.extents[other] = indices.shape[other] }
        let positions = Self.positions(indices, along: axis, in: reach, extent: shape[axis], "gathered")
        return taking(positions, indices.shape, .gather)
    }

    /// The slices of x at the given positions along an axis, the indices' axes in place of that axis (NumPy:
    /// `take`; PyTorch: `index_select`, `embedding`). The gradients of slices taken several times add up.
    /// Traps on an index out of range.
    public func taking(_ indices: Tensor<Int32>, axis: Int = 0) -> Tensor {
        if !trace.isNone && !layout.isContiguous { return contiguous().taking(indices, axis: axis) }
        let axis = shape.axis(axis, for: "taking")
        let extents =
            Array(shape[..<axis]) + Array(indices.shape) + Array(shape[(axis + 1)...])
        let outShape = Shape(extents)
        // The same as gather with each index repeated over the other axes.
        var aligned = indices.detached
        for _ in 0..<axis { aligned = aligned.expandingDimension(at: 0) }
        for _ in (axis + 1)..<Swift.max(rank, axis + 1) {
            aligned = aligned.expandingDimension(at: aligned.rank)
        }
        var reach = layout
        reach.shape.extents.remove(at: axis)
        reach.strides.remove(at: axis)
        for (offset, extent) in indices.shape.enumerated() {
            reach.shape.extents.insert(extent, at: axis + offset)
            reach.strides.insert(0, at: axis + offset)
        }
        let positions = Self.positions(
            aligned.broadcast(to: outShape), along: nil, in: reach, extent: shape[axis], "taking",
            step: layout.strides[axis])
        return taking(positions, outShape, .take)
    }

    /// The storage position of every element to take.
    private static func positions(
        _ indices: Tensor<Int32>, along axis: Int?, in reach: Layout, extent: Int, _ operation: String,
        step: Int? = nil
    ) -> [Int] {
        var others = reach
        let step = step ?? axis.map { reach.strides[$0] } ?? 0
        if let axis {
            others.shape.extents[axis] = indices.shape[axis]
            others.strides[axis] = 0
        }
        var result: [Int] = []
        result.reserveCapacity(indices.elementCount)
        let pointer = indices.storage.pointer(as: Int32.self)
        LoopNest(indices.layout, others).forEachRun(parallel: false) { offsets, strides, count in
            for position in 0..<count {
                let index = Int(pointer[offsets[0] + position * strides[0]])
                require(
                    index >= 0 && index < extent,
                    "\(operation): index \(index) is out of range; expected 0 up to \(extent - 1)")
                result.append(offsets[1] + position * strides[1] + index * step)
            }
        }
        return result
    }

    private func taking(
        _ positions: [Int], _ outShape: Shape, _ operation: DifferentiableOperation
    ) -> Tensor {
        var out = Tensor(uninitialized: outShape)
        let source = storage.pointer(as: Scalar.self)
        out.fill { target in
            for (index, position) in positions.enumerated() { target[index] = source[position] }
        }
        withExtendedLifetime(storage) {}
        let (offset, origin) = (layout.offset, shape)
        func scatter<Real: FloatingScalar>(_ gradient: Tensor<Real>) -> Tensor<Real> {
            Tensor<Real>.scattering(gradient, to: positions, from: offset, shape: origin)
        }
        return recordingView(
            operation, out,
            ViewBackward {
                scatter($0)
            } double: {
                scatter($0)
            })
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Zeros of the source's shape with each gradient added where its element was taken from.
    fileprivate static func scattering(
        _ gradient: Tensor, to positions: [Int], from offset: Int, shape: Shape
    ) -> Tensor {
        var out = Tensor.zeros(shape)
        let from = gradient.contiguous()
        out.fill { target in
            from.read { gradient in
                for (index, position) in positions.enumerated() {
                    target[position - offset] += gradient[index]
                }
            }
        }
        return out
    }
}

extension Tensor where Scalar: NumericScalar {
    /// A new last axis of `depth` elements with 1 at the index and 0 elsewhere. Traps on an index out of
    /// range and a negative depth.
    public static func oneHot(_ indices: Tensor<Int32>, depth: Int) -> Tensor {
        require(depth >= 0, "oneHot: depth \(depth) is negative")
        var out = Tensor.zeros(Shape(Array(indices.shape) + [depth]))
        out.fill { target in
            for (row, index) in indices.scalars.enumerated() {
                require(
                    index >= 0 && Int(index) < depth,
                    "oneHot: index \(index) is out of range; expected 0 up to \(depth - 1)")
                target[row * depth + Int(index)] = 1
            }
        }
        return out
    }
}
