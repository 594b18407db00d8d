// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// This matrix (the last two axes) as BLAS can read it where it lies, or nil where it needs a copy.
    func matrixView() -> MatrixView<Scalar>? {
        let (rows, columns) = (shape[-2], shape[-1])
        let (rowStride, columnStride) = (layout.strides[rank - 2], layout.strides[rank - 1])
        if (columnStride == 1 || columns <= 1) && (rowStride >= Swift.max(1, columns) || rows <= 1) {
            let leading = rows <= 1 ? Swift.max(1, columns) : rowStride
            return MatrixView(pointer, rows: rows, columns: columns, leadingDimension: leading)
        }
        if (rowStride == 1 || rows <= 1) && (columnStride >= Swift.max(1, rows) || columns <= 1) {
            let leading = columns <= 1 ? Swift.max(1, rows) : columnStride
            return MatrixView(
                pointer, rows: rows, columns: columns, leadingDimension: leading, isTransposed: true)
        }
        return nil
    }

    /// Itself where BLAS can read its matrices where they lie, else a contiguous copy.
    func readableByBLAS() -> Tensor { matrixView() == nil ? copied() : detached }

    /// C = A·B + β·C for matrices, where C is contiguous and this value's alone.
    mutating func accumulateProduct(_ a: Tensor, _ b: Tensor, beta: Scalar) {
        let (a, b) = (a.readableByBLAS(), b.readableByBLAS())
        guard let left = a.matrixView(), let right = b.matrixView() else {
            fatalError("matmul: a copy is always readable")
        }
        let columns = Swift.max(1, right.columns)
        fill { MatrixMultiply.product(left, right, beta: beta, into: $0, leadingDimension: columns) }
        withExtendedLifetime((a.storage, b.storage)) {}
    }
}

/// The matrix product of the last two axes, the others broadcast, as NumPy's and PyTorch's `matmul`: a vector
/// on the left is a row, on the right a column, and its axis is not in the result. Transposed operands are
/// read where they lie. Traps where the inner extents differ or the batch axes do not broadcast.
public func matmul<Scalar: FloatingScalar>(_ lhs: Tensor<Scalar>, _ rhs: Tensor<Scalar>) -> Tensor<Scalar> {
    require(
        lhs.rank > 0 && rhs.rank > 0,
        "matmul: shapes \(lhs.shape) and \(rhs.shape); expected at least one axis")
    require(
        lhs.shape[-1] == rhs.shape[rhs.rank == 1 ? 0 : -2],
        "matmul: shapes \(lhs.shape) and \(rhs.shape); expected the last axis of the left to equal the "
            + "\(rhs.rank == 1 ? "only" : "last but one") axis of the right")
    if lhs.rank == 1 || rhs.rank == 1 {
        let left = lhs.rank == 1 ? lhs.expandingDimension(at: 0) : lhs
        let right = rhs.rank == 1 ? rhs.expandingDimension(at: 1) : rhs
        var product = matmul(left, right)
        if rhs.rank == 1 { product = product.squeezed([product.rank - 1]) }
        if lhs.rank == 1 { product = product.squeezed([product.rank - (rhs.rank == 1 ? 1 : 2)]) }
        return product
    }
    // One matrix on the right serves all rows of the left: a single product.
    if rhs.rank == 2 && lhs.rank > 2 {
        let rows = lhs.reshaped(to: [lhs.elementCount / Swift.max(lhs.shape[-1], 1), lhs.shape[-1]])
        let count = Array(lhs.shape.dropLast())
        if lhs.shape[-1] > 0 { return matmul(rows, rhs).reshaped(to: Shape(count + [rhs.shape[-1]])) }
    }
    let out = product(lhs, rhs)
    guard let recording = Recording.tracking(lhs.trace, rhs.trace) else { return out }
    let (left, right) = (recording.entry(lhs.trace), recording.entry(rhs.trace))
    // Saves each factor that the other's gradient needs.
    let (a, b) = (right == nil ? nil : lhs.detached, left == nil ? nil : rhs.detached)
    let (aShape, bShape) = (lhs.shape, rhs.shape)
    return recording.record(.matmul, out) { pass in
        let upstream: Tensor<Scalar> = pass.takeUpstream()
        if let b { accumulate(&pass, upstream, b.transposed(), to: left, aShape) }
        if let a { accumulate(&pass, a.transposed(), upstream, to: right, bShape) }
    }
}

/// Adds the product to an entry's gradient: by GEMM's β for single matrices, else summed over what was
/// broadcast.
private func accumulate<Scalar: FloatingScalar>(
    _ pass: inout BackwardPass, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, to entry: Int?, _ shape: Shape
) {
    if a.rank == 2 && b.rank == 2 {
        pass.accumulate(to: entry, shape: shape) { $0.accumulateProduct(a, b, beta: $1) }
    } else {
        pass.add(product(a, b).summed(to: shape), to: entry)
    }
}

/// The unrecorded product of tensors of at least two axes each.
private func product<Scalar: FloatingScalar>(_ lhs: Tensor<Scalar>, _ rhs: Tensor<Scalar>) -> Tensor<Scalar> {
    let (a, b) = (lhs.readableByBLAS(), rhs.readableByBLAS())
    guard let left = a.matrixView(), let right = b.matrixView() else {
        fatalError("matmul: a copy is always readable")
    }
    let leftBatch = Shape(a.shape.dropLast(2))
    let rightBatch = Shape(b.shape.dropLast(2))
    let batch = Shape.broadcast(
        leftBatch, rightBatch, for: "matmul (batch axes of \(lhs.shape) and \(rhs.shape))")
    var out = Tensor<Scalar>(uninitialized: Shape(Array(batch) + [left.rows, right.columns]))
    let aOffsets = batchOffsets(a, batch)
    let bOffsets = batchOffsets(b, batch)
    let size = left.rows * right.columns
    out.fill { c in
        MatrixMultiply.batchedProduct(
            count: batch.elementCount, into: c, leadingDimension: Swift.max(1, right.columns), a: left,
            b: right
        ) { (aOffsets[$0], bOffsets[$0], $0 * size) }
    }
    withExtendedLifetime((a.storage, b.storage)) {}
    return out
}

/// Where each matrix of the broadcast batch begins, relative to the first.
private func batchOffsets<Scalar>(_ tensor: Tensor<Scalar>, _ batch: Shape) -> [Int] {
    var layout = tensor.layout
    layout.shape.extents.remove(at: layout.rank - 1)
    layout.shape.extents.remove(at: layout.rank - 1)
    layout.strides.remove(at: layout.strides.count - 1)
    layout.strides.remove(at: layout.strides.count - 1)
    layout.offset = 0
    var offsets: [Int] = []
    offsets.reserveCapacity(batch.elementCount)
    LoopNest(layout.broadcast(to: batch)).forEachRun(parallel: false) { start, strides, count in
        for index in 0..<count { offsets.append(start[0] + index * strides[0]) }
    }
    return offsets
}
