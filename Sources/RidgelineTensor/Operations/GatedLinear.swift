// Part of Ridgeline. Licensed under the Apache License 2.0.

/// g·act(a) with g and a the first and the second half of x·Wᵀ + b: `gatedLinearUnit(linear(x))`, gated tile by
/// tile while both halves are in cache.
///
/// Backward goes once over the halves, in their place where nothing else holds them; then db = Σ dz,
/// dW = dzᵀ·x and dx = dz·W, as in `linear`. Saves x, W and both halves.
///
/// - Parameters:
///   - x: (…, in).
///   - weight: (2·out, in), the rows of g above those of a.
///   - bias: (2·out), or nil.
/// - Returns: (…, out). Traps on other shapes.
public func gatedLinear<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, gate: Gate = .sigmoid
) -> Tensor<Scalar> {
    require(
        weight.rank == 2 && weight.shape[0].isMultiple(of: 2) && x.rank > 0 && x.shape[-1] == weight.shape[1],
        "gatedLinear: input \(x.shape), weight \(weight.shape); expected (…, in) and (2·out, in)")
    require(
        bias == nil || bias?.shape == [weight.shape[0]],
        "gatedLinear: bias \(bias?.shape.description ?? "") for weight \(weight.shape); expected "
            + "[\(weight.shape[0])]")
    let (rows, outputs) = (Shape(x.shape.dropLast()).elementCount, weight.shape[0] / 2)
    let input = x.detached.reshaped(to: [rows, weight.shape[1]]).readableByBLAS()
    let matrix = weight.detached.readableByBLAS()
    var halves = Tensor<Scalar>(uninitialized: [rows, 2 * outputs])
    var out = Tensor<Scalar>(uninitialized: Shape(x.shape.dropLast() + [outputs]))
    multiply(input, matrix, bias?.detached.contiguous(), gate, into: &halves, gated: &out)
    let traces = [x.trace, weight.trace, bias?.trace ?? .none]
    guard let recording = Recording.tracking(traces) else { return out }
    let entries = (
        x: recording.entry(x.trace), weight: recording.entry(weight.trace),
        bias: bias.flatMap { recording.entry($0.trace) }
    )
    let saved = (input: Saved(input), halves: Saved(halves))
    let (xShape, weightShape) = (x.shape, weight.shape)
    return recording.record(.gatedLinear, out) { pass in
        let keeps = pass.keepsSaved
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        let dz = GatedBlocks(rows: rows, columns: outputs).gradient(
            ofHalves: saved.halves.take(keeping: keeps), gate, dy)
        if entries.bias != nil { pass.add(dz.sum(axes: 0), to: entries.bias) }
        pass.accumulate(to: entries.weight, shape: weightShape) {
            $0.accumulateProduct(dz.transposed(), saved.input.take(keeping: keeps), beta: $1)
        }
        pass.accumulate(to: entries.x, shape: xShape) { $0.accumulateRows(dz, matrix, beta: $1) }
    }
}

/// Both halves of x·Wᵀ + b and g·act(a), tile by tile.
private func multiply<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ gate: Gate,
    into halves: inout Tensor<Scalar>, gated out: inout Tensor<Scalar>
) {
    let outputs = weight.shape[0] / 2
    let stride = 2 * outputs
    guard let left = x.matrixView(), var right = weight.transposed().matrixView() else {
        fatalError("gatedLinear: a copy is always readable")
    }
    let second = right.advanced(row: 0, column: outputs) - right.pointer
    right.columns = outputs
    out.fill { y in
        halves.fill { z in
            MatrixMultiply.batchedProduct(
                count: 1, panels: 2, into: z, leadingDimension: Swift.max(1, stride), a: left, b: right,
                epilogue: { tile in
                    let g = z + tile.row * stride + tile.column
                    for half in [0, outputs] where bias != nil {
                        Scalar._kernels.biasActivation(
                            kind: .identity, z: g + half, zStride: stride,
                            bias: bias.map { $0.pointer + tile.column + half }, y: g + half, yStride: stride,
                            rows: tile.rows, columns: tile.columns)
                    }
                    Scalar._kernels.gated(
                        gate: gate.kind, a: g + outputs, aStride: stride, g: g, gStride: stride,
                        out: y + tile.row * outputs + tile.column, outStride: outputs, rows: tile.rows,
                        columns: tile.columns)
                }
            ) { ($0 * 0, $0 * second, $0 * outputs) }
        }
    }
    withExtendedLifetime((x.storage, weight.storage, bias?.storage)) {}
}
