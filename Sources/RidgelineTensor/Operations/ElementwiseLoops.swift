// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// A new tensor of the broadcast shape, filled rows by rows: `body` gets rows of both inputs and contiguous room for
    /// the results.
    @inline(__always)
    static func combining<Right: TensorScalar, Result: TensorScalar>(
        _ lhs: Tensor, _ rhs: Tensor<Right>, _ operation: String, result: Result.Type,
        _ body: (
            _ a: OperandRows<Scalar>, _ b: OperandRows<Right>, _ out: UnsafeMutablePointer<Result>,
            _ rows: Int, _ columns: Int
        ) -> Void
    ) -> Tensor<Result> {
        if lhs.layout.isContiguous {
            let (count, isScalar) = (lhs.elementCount, rhs.rank == 0)
            if count > 0 && count <= LoopNest.grain
                && (isScalar || lhs.shape == rhs.shape && rhs.layout.isContiguous)
            {
                let out = Tensor<Result>(uninitialized: lhs.shape)
                body(
                    OperandRows(start: lhs.pointer, stride: 1, rowStride: 0),
                    OperandRows(start: rhs.pointer, stride: isScalar ? 0 : 1, rowStride: 0),
                    out.storage.pointer(),
                    1, count)
                withExtendedLifetime((lhs.storage, rhs.storage)) {}
                return out
            }
        }
        let shape = Shape.broadcast(lhs.shape, rhs.shape, for: operation)
        let out = Tensor<Result>(uninitialized: shape)
        var nest = LoopNest(out.layout, lhs.layout.broadcast(to: shape), rhs.layout.broadcast(to: shape))
        var (lhs, rhs) = (lhs, rhs)
        if lhs.isScattered(nest.steps[1]) || rhs.isScattered(nest.steps[2]) {
            if lhs.isScattered(nest.steps[1]) { lhs = lhs.detached.contiguous() }
            if rhs.isScattered(nest.steps[2]) { rhs = rhs.detached.contiguous() }
            nest = LoopNest(out.layout, lhs.layout.broadcast(to: shape), rhs.layout.broadcast(to: shape))
        }
        let a = UnsafePointer(lhs.storage.pointer(as: Scalar.self))
        let b = UnsafePointer(rhs.storage.pointer(as: Right.self))
        let c = out.storage.pointer(as: Result.self)
        let (steps, rowSteps) = (nest.steps, nest.rowSteps)
        // Rows as they lie, where they are long enough and without gaps in the result.
        let areRows =
            (nest.columns >= TiledOperand<Scalar>.longRow || nest.extents.count == 1)
            && (0...1).contains(steps[1]) && (0...1).contains(steps[2])
        let room = TiledOperand<Scalar>.tileCount
        let scratch = areRows ? 0 : room * (MemoryLayout<Scalar>.stride + MemoryLayout<Right>.stride)
        nest.forEachBlock(scratch: scratch) { block, scratch in
            let (a, b, c) = (a + block.offsets[1], b + block.offsets[2], c + block.offsets[0])
            if areRows && (block.rows == 1 || rowSteps[0] == block.columns) {
                body(
                    OperandRows(start: a, stride: steps[1], rowStride: rowSteps[1]),
                    OperandRows(start: b, stride: steps[2], rowStride: rowSteps[2]), c, block.rows,
                    block.columns)
                return
            }
            let left = scratch.assumingMemoryBound(to: Scalar.self)
            let right = UnsafeMutableRawPointer(left + room).assumingMemoryBound(to: Right.self)
            var x = TiledOperand(
                a, step: steps[1], rowStep: rowSteps[1], rows: block.rows, columns: block.columns, room: left)
            var y = TiledOperand(
                b, step: steps[2], rowStep: rowSteps[2], rows: block.rows, columns: block.columns, room: right
            )
            Tiles(rows: block.rows, columns: block.columns, resultRowStep: rowSteps[0]).forEach {
                row, column, rows, columns in
                let u = x.tile(row: row, column: column, rows: rows, columns: columns)
                let v = y.tile(row: row, column: column, rows: rows, columns: columns)
                body(
                    OperandRows(start: u, stride: x.stride, rowStride: 0),
                    OperandRows(start: v, stride: y.stride, rowStride: 0), c + row * rowSteps[0] + column, 1,
                    rows * columns)
            }
        }
        withExtendedLifetime((lhs.storage, rhs.storage)) {}
        return out
    }

    /// A new tensor of this shape, filled from contiguous runs of this one's elements.
    @inline(__always)
    func mapping<Result: TensorScalar>(
        to result: Result.Type,
        _ body: (_ x: UnsafePointer<Scalar>, _ out: UnsafeMutablePointer<Result>, _ count: Int) -> Void
    ) -> Tensor<Result> {
        let source = layout.isContiguous ? self : detached.contiguous()
        let out = Tensor<Result>(uninitialized: shape)
        let (x, c) = (source.pointer, out.storage.pointer(as: Result.self))
        LoopNest(out.layout).forEachRun { offsets, _, count in body(x + offsets[0], c + offsets[0], count) }
        withExtendedLifetime(source.storage) {}
        return out
    }
}
