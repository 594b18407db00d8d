// Part of Ridgeline. Licensed under the Apache License 2.0.

/// yᵢ = exp(xᵢ) / Σ exp(xⱼ) along an axis: positive values that add up to 1 (Bridle, 1990; PyTorch:
/// `softmax`).
///
/// ∂yᵢ/∂xⱼ = yᵢ·(δᵢⱼ − yⱼ), so dx = y·(dy − Σ dy·y). The largest value is subtracted first, so that nothing
/// overflows; where it is infinite or NaN, the row is NaN throughout, as in PyTorch. Each pass, forward and
/// backward, reads a row from memory once. Saves its result. Traps on an axis that does not exist.
public func softmax<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> {
    normalizedExponentials(x, x.shape.axis(axis, for: "softmax"), sign: 1)
}

/// yᵢ = exp(−xᵢ) / Σ exp(−xⱼ) along an axis: softmax of −x, largest where x is least (PyTorch: `softmin`).
///
/// dx = −y·(dy − Σ dy·y). Otherwise as `softmax`, at the same cost.
public func softmin<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> {
    normalizedExponentials(x, x.shape.axis(axis, for: "softmin"), sign: -1)
}

/// yᵢ = xᵢ − ln Σ exp(xⱼ) along an axis, at most 0 (PyTorch: `log_softmax`).
///
/// ∂yᵢ/∂xⱼ = δᵢⱼ − exp(yⱼ), so dx = dy − exp(y)·Σ dy. It is worked out as (x − m) − ln Σ exp(x − m), m the
/// largest value, which loses nothing to a large m; rows with an infinite m or a NaN are NaN throughout.
/// Saves its result. Traps on an axis that does not exist.
public func logSoftmax<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> {
    let axis = x.shape.axis(axis, for: "logSoftmax")
    let rows = SoftmaxRows(x.detached, axis)
    let out = rows.mapping { Scalar._kernels.logSoftmax(x: $0, y: $1, rows: $2, columns: $3) }
    let result = out.returning(axis)
    guard let recording = Recording.tracking(x.trace) else { return result }
    let entry = recording.entry(x.trace)
    return recording.record(.logSoftmax, result) { pass in
        let dx = out.gradient(pass.takeUpstream(), axis) { y, dy, dx, rows, columns in
            Scalar._kernels.logSoftmaxBackward(y: y, dy: dy, dx: dx, rows: rows, columns: columns)
        }
        pass.add(dx, to: entry)
    }
}

private func normalizedExponentials<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ axis: Int, sign: Scalar
) -> Tensor<Scalar> {
    let out = SoftmaxRows(x.detached, axis).mapping {
        Scalar._kernels.softmax(x: $0, sign: sign, y: $1, rows: $2, columns: $3)
    }
    let result = out.returning(axis)
    guard let recording = Recording.tracking(x.trace) else { return result }
    let entry = recording.entry(x.trace)
    return recording.record(.softmax, result) { pass in
        let dx = out.gradient(pass.takeUpstream(), axis) { y, dy, dx, rows, columns in
            Scalar._kernels.softmaxBackward(
                y: y, sign: sign, dy: dy, dx: dx, rows: rows, columns: columns)
        }
        pass.add(dx, to: entry)
    }
}

/// A tensor as contiguous rows along one of its axes, which is brought to the end.
private struct SoftmaxRows<Scalar: FloatingScalar> {
    private let tensor: Tensor<Scalar>

    init(_ x: Tensor<Scalar>, _ axis: Int) { tensor = x.transposed(axis, x.rank - 1).contiguous() }

    private init(arranged: Tensor<Scalar>) { tensor = arranged }

    private var pieces: RowPieces {
        let columns = tensor.shape[-1]
        return RowPieces(rows: columns == 0 ? 0 : tensor.elementCount / columns, columns: columns)
    }

    /// The rows that a kernel makes of these, on all threads.
    func mapping(
        _ kernel: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, Int, Int) -> Void
    ) -> SoftmaxRows {
        var out = Tensor<Scalar>(uninitialized: tensor.shape)
        let (pieces, columns) = (pieces, tensor.shape[-1])
        out.fill { y in
            tensor.read { x in
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    kernel(x + first * columns, y + first * columns, count, columns)
                }
            }
        }
        return SoftmaxRows(arranged: out)
    }

    /// The gradient of x, from these results and that of the result, in whose place it goes where nothing
    /// else holds it.
    func gradient(
        _ upstream: consuming Tensor<Scalar>, _ axis: Int,
        _ kernel: (
            UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, Int, Int
        ) -> Void
    ) -> Tensor<Scalar> {
        var dy = consume upstream
        if axis != tensor.rank - 1 { dy = dy.transposed(axis, tensor.rank - 1) }
        let reuses = dy.isOverwritable()
        if !reuses { dy = dy.contiguous() }
        var dx = reuses ? dy : Tensor(uninitialized: dy.shape)
        let (pieces, columns) = (pieces, tensor.shape[-1])
        dx.fill { dx in
            let dy = dy.pointer
            tensor.read { y in
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    let start = first * columns
                    kernel(y + start, dy + start, dx + start, count, columns)
                }
            }
        }
        withExtendedLifetime(dy.storage) {}
        return SoftmaxRows(arranged: dx).returning(axis)
    }

    /// The tensor with its axes as they were.
    func returning(_ axis: Int) -> Tensor<Scalar> {
        axis == tensor.rank - 1 ? tensor : tensor.transposed(axis, tensor.rank - 1).contiguous()
    }
}
