// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = act(x·Wᵀ + b), bias and activation applied to each tile of the product while it is in cache (PyTorch:
/// `linear` and an activation).
///
/// In backward, dz = dy·act′ and db = Σ dz come from one pass over the gradient, in place where nothing else
/// holds it; dW = dzᵀ·x is added to an earlier gradient of W by GEMM; dx = dz·W. What is saved: x, W, and the
/// product x·Wᵀ (for ReLU, the output).
///
/// - Parameters:
///   - x: (…, in).
///   - weight: (out, in).
///   - bias: (out), or nil.
/// - Returns: (…, out). Traps on other shapes.
public func linear<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil,
    activation: Activation = .identity
) -> Tensor<Scalar> {
    require(
        weight.rank == 2 && x.rank > 0 && x.shape[-1] == weight.shape[1],
        "linear: input \(x.shape), weight \(weight.shape); expected (…, in) and (out, in)")
    let outputs = weight.shape[0]
    require(
        bias == nil || bias?.shape == [outputs],
        "linear: bias \(bias?.shape.description ?? "") for weight \(weight.shape); expected [\(outputs)]")
    let shape = Shape(x.shape.dropLast() + [outputs])
    let rows = Shape(x.shape.dropLast()).elementCount
    let kind = activation.kind
    let input = x.detached.reshaped(to: [rows, weight.shape[1]]).readableByBLAS()
    let matrix = weight.detached.readableByBLAS()
    let offset = bias?.detached.contiguous()
    let recording = Recording.tracking([x.trace, weight.trace, bias?.trace ?? .none])

    // Where backward needs the product before the activation, it stays; else the result takes its place.
    var product = Tensor<Scalar>(uninitialized: [rows, outputs])
    let keepsProduct = recording != nil && !kind.savesOutput
    let out = keepsProduct ? Tensor<Scalar>(uninitialized: [rows, outputs]) : product
    multiply(input, matrix, offset, kind, into: &product, activated: out)
    let result = out.reshaped(to: shape)
    guard let recording else { return result }

    let entries = (
        x: recording.entry(x.trace), weight: recording.entry(weight.trace),
        bias: bias.flatMap { recording.entry($0.trace) }
    )
    let saved = (
        input: Saved(input), weight: matrix,
        value: kind == .identity ? nil : Saved(kind.savesOutput ? out : product)
    )
    let (xShape, weightShape) = (x.shape, weight.shape)
    return recording.record(.linear, result) { pass in
        let keeps = pass.keepsSaved
        let (dz, db) = activationGradients(
            kind, saved.value?.take(keeping: keeps), offset,
            pass.takeUpstream().reshaped(to: [rows, outputs]), needsBias: entries.bias != nil)
        if let db { pass.add(db, to: entries.bias) }
        // The input is released before the gradient that may take its memory is made.
        pass.accumulate(to: entries.weight, shape: weightShape) {
            $0.accumulateProduct(dz.transposed(), saved.input.take(keeping: keeps), beta: $1)
        }
        pass.accumulate(to: entries.x, shape: xShape) { $0.accumulateRows(dz, saved.weight, beta: $1) }
    }
}

/// act(x·Wᵀ + b) tile by tile; `out` shares the product's storage where that is not kept.
private func multiply<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ kind: ActivationKind,
    into product: inout Tensor<Scalar>, activated out: Tensor<Scalar>
) {
    let outputs = weight.shape[0]
    guard let left = x.matrixView(), let right = weight.transposed().matrixView() else { return }
    let y = out.storage.pointer(as: Scalar.self)
    let offset = bias?.pointer
    let plain = kind == .identity && bias == nil
    product.fill { z in
        MatrixMultiply.product(
            left, right, into: z, leadingDimension: Swift.max(1, outputs),
            epilogue: plain
                ? nil
                : { tile in
                    let start = tile.row * outputs + tile.column
                    Scalar._kernels.biasActivation(
                        kind: kind, z: z + start, zStride: outputs, bias: offset.map { $0 + tile.column },
                        y: y + start, yStride: outputs, rows: tile.rows, columns: tile.columns)
                })
    }
    withExtendedLifetime((x.storage, weight.storage, bias?.storage, out.storage)) {}
}

/// dz and db; without an activation, dz is the upstream gradient itself.
private func activationGradients<Scalar: FloatingScalar>(
    _ kind: ActivationKind, _ value: Tensor<Scalar>?, _ bias: Tensor<Scalar>?,
    _ upstream: consuming Tensor<Scalar>, needsBias: Bool
) -> (Tensor<Scalar>, Tensor<Scalar>?) {
    guard let value else {
        let upstream = upstream.readableByBLAS()
        return (upstream, needsBias ? upstream.sum(axes: 0) : nil)
    }
    return Tensor.activationBackward(kind, value, bias, upstream, biasGradient: needsBias)
}

extension Tensor where Scalar: FloatingScalar {
    /// As `accumulateProduct`, for a target whose leading axes are the product's rows.
    fileprivate mutating func accumulateRows(_ a: Tensor, _ b: Tensor, beta: Scalar) {
        let before = layout
        layout = Layout(contiguous: [a.shape[0], b.shape[1]])
        layout.offset = before.offset
        accumulateProduct(a, b, beta: beta)
        layout = before
    }
}
