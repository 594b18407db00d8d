// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = act(x·Wᵀ + b), bias and activation applied to each tile of the product while it is in cache (PyTorch:
/// `linear` and an activation).
///
/// In backward, dz = dy·act′ and db = Σ dz come from one pass over the gradient, in place where nothing else
/// holds it; dW = dzᵀ·x is added to an earlier gradient of W by GEMM; dx = dz·W. What is saved: x, W, and the
/// product x·Wᵀ (or the output, where that decides the derivative).
///
/// - Parameters:
///   - x: (…, in).
///   - weight: (out, in).
///   - bias: (out), or nil.
///   - slope: For `.parametricReLU`, the slopes: one, or (out).
///   - dropout: The probability of a dropout of the result, on the tile too and the same to the bit as
///     `dropout(_:probability:)` of it; whatever the mode, as there.
/// - Returns: (…, out). Traps on other shapes.
public func linear<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil,
    activation: Activation = .identity, slope: Tensor<Scalar>? = nil, dropout: Double = 0
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
    let fused = FusedActivation<Scalar>(
        activation, slope: slope, dropout: dropout, rows: rows, columns: outputs, for: "linear")
    let input = x.detached.reshaped(to: [rows, weight.shape[1]]).readableByBLAS()
    let matrix = weight.detached.readableByBLAS()
    let offset = bias?.detached.contiguous()
    let traces = [x.trace, weight.trace, bias?.trace ?? .none, slope?.trace ?? .none]
    let recording = Recording.tracking(traces)

    // Where backward needs the product before the activation, it stays; else the result takes its place.
    var product = Tensor<Scalar>(uninitialized: [rows, outputs])
    let hides = recording != nil && fused.savesHidden
    let keepsProduct = recording != nil && !fused.savesOutput || hides
    let out = keepsProduct ? Tensor<Scalar>(uninitialized: [rows, outputs]) : product
    multiply(input, matrix, offset, fused, into: &product, hides: hides, activated: out)
    let result = out.reshaped(to: shape)
    guard let recording else { return result }

    let entries = (
        x: recording.entry(x.trace), weight: recording.entry(weight.trace),
        bias: bias.flatMap { recording.entry($0.trace) }, slope: slope.flatMap { recording.entry($0.trace) }
    )
    let saved = (
        input: Saved(input), weight: matrix,
        value: fused.isIdentity ? nil : Saved(keepsProduct ? product : out)
    )
    let (xShape, weightShape, slopeShape) = (x.shape, weight.shape, slope?.shape ?? [])
    return recording.record(.linear, result) { pass in
        let keeps = pass.keepsSaved
        let upstream = pass.takeUpstream(as: Scalar.self).reshaped(to: [rows, outputs])
        let gradients =
            if let value = saved.value {
                fused.gradients(
                    consume upstream, saved: value.take(keeping: keeps), bias: offset, rows: rows,
                    columns: outputs, needsBias: entries.bias != nil,
                    slopeCount: entries.slope == nil ? 0 : slopeShape.elementCount)
            } else {
                straightThrough(consume upstream, needsBias: entries.bias != nil)
            }
        if let db = gradients.bias { pass.add(db, to: entries.bias) }
        if let slope = gradients.slope { pass.add(slope.reshaped(to: slopeShape), to: entries.slope) }
        let dz = gradients.input
        // The input is released before the gradient that may take its memory is made.
        pass.accumulate(to: entries.weight, shape: weightShape) {
            $0.accumulateProduct(dz.transposed(), saved.input.take(keeping: keeps), beta: $1)
        }
        pass.accumulate(to: entries.x, shape: xShape) { $0.accumulateRows(dz, saved.weight, beta: $1) }
    }
}

/// act(x·Wᵀ + b) tile by tile; `out` shares the product's storage where that is not kept. What a dropout
/// `hides` takes the product's place.
private func multiply<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ fused: FusedActivation<Scalar>,
    into product: inout Tensor<Scalar>, hides: Bool, activated out: Tensor<Scalar>
) {
    let outputs = weight.shape[0]
    guard let left = x.matrixView(), let right = weight.transposed().matrixView() else {
        fatalError("linear: a copy is always readable")
    }
    let y = out.storage.pointer(as: Scalar.self)
    let offset = bias?.pointer
    let plain = fused.isIdentity && bias == nil
    product.fill { z in
        MatrixMultiply.product(
            left, right, into: z, leadingDimension: Swift.max(1, outputs),
            epilogue: plain
                ? nil
                : { tile in
                    let start = tile.row * outputs + tile.column
                    fused.forward(
                        tile, z: z + start, bias: offset.map { $0 + tile.column },
                        hidden: hides ? z + start : nil, y: y + start, stride: outputs)
                })
    }
    withExtendedLifetime((x.storage, weight.storage, bias?.storage, out.storage)) {}
}

/// The gradients without an activation: the upstream gradient itself, and its column sums.
func straightThrough<Scalar: FloatingScalar>(
    _ upstream: consuming Tensor<Scalar>, needsBias: Bool
) -> ActivationGradients<Scalar> {
    let input = upstream.readableByBLAS()
    return ActivationGradients(input: input, bias: needsBias ? input.sum(axes: 0) : nil)
}

extension Tensor where Scalar: FloatingScalar {
    /// As `accumulateProduct`, for a target whose leading axes are the product's rows.
    mutating func accumulateRows(_ a: Tensor, _ b: Tensor, beta: Scalar) {
        let before = layout
        layout = Layout(contiguous: [a.shape[0], b.shape[1]])
        layout.offset = before.offset
        accumulateProduct(a, b, beta: beta)
        layout = before
    }
}
