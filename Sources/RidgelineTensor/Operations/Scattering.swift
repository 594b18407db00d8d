// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// x with values added at indices along an axis: out[indices[i][j]][j] = x[indices[i][j]][j] + Σ values[i][j] for axis 0,
    /// and likewise for the others (PyTorch: `scatter_add`); the adjoint of `gathered`.
    ///
    /// Indices are integers of any type, negative ones count from the end. Indices and values have one shape, with as
    /// many axes as x, and reach no further than x along the other axes. What meets at one place is added up in double
    /// precision in the values' order and rounded once, whatever the number of threads. Traps on other shapes and on
    /// an index out of range.
    public func scatterAdd<Index: IntegerScalar>(
        _ values: Tensor, at indices: Tensor<Index>, axis: Int
    ) -> Tensor {
        let axis = shape.axis(axis, for: "scatterAdd")
        require(
            values.shape == indices.shape,
            "scatterAdd: values of shape \(values.shape) at indices of shape \(indices.shape); expected one shape"
        )
        let taken = places(gathering: indices, axis, "scatterAdd")
        return adding(values, where: taken, .scatterAdd)
    }

    /// The same at `Int32` indices, which literals are.
    public func scatterAdd(_ values: Tensor, at indices: Tensor<Int32>, axis: Int) -> Tensor {
        let axis = shape.axis(axis, for: "scatterAdd")
        require(
            values.shape == indices.shape,
            "scatterAdd: values of shape \(values.shape) at indices of shape \(indices.shape); expected one shape"
        )
        return adding(values, where: places(gathering: indices, axis, "scatterAdd"), .scatterAdd)
    }

    /// x with slices added at indices along an axis (PyTorch: `index_add`); the adjoint of `taking`: in the values' shape the
    /// indices' axes stand in place of that axis. Adds, rounds and traps as `scatterAdd(_:at:axis:)`.
    public func indexAdd<Index: IntegerScalar>(
        _ values: Tensor, at indices: Tensor<Index>, axis: Int = 0
    ) -> Tensor {
        let (taken, expected) = places(taking: indices, shape.axis(axis, for: "indexAdd"), "indexAdd")
        require(
            values.shape == expected,
            "indexAdd: values of shape \(values.shape) at indices of shape \(indices.shape) along axis \(axis) of "
                + "\(shape); expected \(expected)")
        return adding(values, where: taken, .indexAdd)
    }

    /// The same at `Int32` indices, which literals are.
    public func indexAdd(_ values: Tensor, at indices: Tensor<Int32>, axis: Int = 0) -> Tensor {
        let (taken, expected) = places(taking: indices, shape.axis(axis, for: "indexAdd"), "indexAdd")
        require(
            values.shape == expected,
            "indexAdd: values of shape \(values.shape) at indices of shape \(indices.shape) along axis \(axis) of "
                + "\(shape); expected \(expected)")
        return adding(values, where: taken, .indexAdd)
    }

    /// The values' rows added to the rows of this tensor that they would be copies of.
    private func adding(
        _ values: Tensor, where taken: TakenRows, _ operation: DifferentiableOperation
    ) -> Tensor {
        // This tensor's own rows are the first copies, so that everything is rounded once.
        let all = TakenRows(
            rows: Array(0..<taken.sourceCount) + taken.rows, of: taken.sourceCount, width: taken.width)
        let terms = Tensor.concatenated([detached.flattened(), values.detached.flattened()])
        let out = all.scattered(terms, into: shape)
        guard let recording = Recording.tracking(trace, values.trace) else { return out }
        let (old, new) = (recording.entry(trace), recording.entry(values.trace))
        let valueShape = values.shape
        return recording.record(operation, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            if new != nil { pass.add(taken.rows(of: upstream.contiguous(), valueShape), to: new) }
            pass.add(upstream, to: old)
        }
    }
}
