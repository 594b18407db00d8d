// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// These elements row-major without gaps: the tensor itself where they lie so already, else a copy.
    /// Values and gradients are the same either way.
    public func contiguous() -> Tensor {
        let plain = unchanged
        return layout.isContiguous
            ? plain : Tensor(storage: copied().storage, layout: Layout(contiguous: shape), trace: plain.trace)
    }

    /// An unrecorded, row-major copy in storage of its own.
    package func copied() -> Tensor {
        var result = Tensor(uninitialized: shape)
        result.copyElements(from: self)
        return result
    }

    /// Overwrites every element with those of `source`, which has the same shape. The storage must be this
    /// value's alone.
    package mutating func copyElements(from source: Tensor) {
        let nest = LoopNest(layout, source.layout).facingRows(ofOperand: 1)
        let from = UnsafePointer(source.storage.pointer(as: Scalar.self))
        let to = storage.pointer(as: Scalar.self)
        let (steps, rowSteps) = (nest.steps, nest.rowSteps)
        nest.forEachBlock(band: LoopNest.band) { block, _ in
            let to = to + block.offsets[0]
            let from = from + block.offsets[1]
            if steps[0] == 1 {
                copyBlock(
                    from, row: rowSteps[1], step: steps[1], to: to, row: rowSteps[0], rows: block.rows,
                    columns: block.columns)
            } else {
                for row in 0..<block.rows {
                    copyStrided(
                        from + row * rowSteps[1], steps[1], to + row * rowSteps[0], steps[0], block.columns)
                }
            }
        }
        withExtendedLifetime((storage, source.storage)) {}
    }
}

extension LoopNest {
    /// Rows that are turned over together: what is read of a line of the cache is then all of it.
    fileprivate static let band = 16

    /// The loops with an axis along which an operand's elements are neighbours, if there is one, innermost or just
    /// outside that: row by row, a block of the two misses the cache once a line and not once an element.
    fileprivate func facingRows(ofOperand operand: Int) -> LoopNest {
        let last = extents.count - 1
        if strides[operand][last] == 1 || strides[operand][last] == 0 { return self }
        for axis in 0..<last where strides[operand][axis] == 1 { return movingToRows(axis) }
        return self
    }
}
