// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = (x − mean(x)) / √(var(x) + ε) · scale + offset over the last axis, with the biased variance (Ba, Kiros,
/// Hinton, "Layer normalization", 2016; PyTorch: `layer_norm`).
///
/// Saves x, and of each row the mean and the reciprocal deviation; backward makes the gradients of x, scale
/// and offset in one pass over the rows.
///
/// - Parameters:
///   - x: (…, width).
///   - scale: (width), or nil for 1.
///   - offset: (width), or nil for 0.
/// - Returns: As x. Traps on other shapes.
public func layerNormalization<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, scale: Tensor<Scalar>? = nil, offset: Tensor<Scalar>? = nil,
    epsilon: Double = 1e-5
) -> Tensor<Scalar> {
    let width = x.rank == 0 ? 1 : x.shape[-1]
    for (name, parameter) in [("scale", scale), ("offset", offset)] {
        require(
            parameter == nil || parameter?.shape == [width],
            "layerNormalization: \(name) \(parameter?.shape.description ?? "") for input \(x.shape); expected "
                + "[\(width)]")
    }
    let input = x.detached.contiguous()
    let gain = scale?.detached.contiguous()
    let shift = offset?.detached.contiguous()
    let rows = width == 0 ? 0 : x.elementCount / width
    let pieces = RowPieces(rows: rows, columns: width)
    var out = Tensor<Scalar>(uninitialized: x.shape)
    let statistics = Tensor<Scalar>(uninitialized: [2, rows])
    let mean = statistics.storage.pointer(as: Scalar.self)
    let deviation = mean + rows
    out.fill { y in
        input.read { x in
            Parallelism.forEach(pieces.count) { piece in
                let (first, count) = pieces[piece]
                Scalar._kernels.layerNormalization(
                    x: x + first * width, scale: gain?.pointer, offset: shift?.pointer,
                    epsilon: Scalar(fromDouble: epsilon), y: y + first * width, mean: mean + first,
                    reciprocalDeviation: deviation + first, rows: count, columns: width)
            }
        }
    }
    withExtendedLifetime((gain?.storage, shift?.storage, statistics.storage)) {}
    let traces = [x.trace, scale?.trace ?? .none, offset?.trace ?? .none]
    guard let recording = Recording.tracking(traces) else { return out }
    let entries = (
        x: recording.entry(x.trace), scale: scale.flatMap { recording.entry($0.trace) },
        offset: offset.flatMap { recording.entry($0.trace) }
    )
    return recording.record(.layerNormalization, out) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        var dx = Tensor<Scalar>(uninitialized: input.shape)
        let scaleSums = entries.scale.map { _ in Tensor<Scalar>.zeros([pieces.count, width]) }
        let offsetSums = entries.offset.map { _ in Tensor<Scalar>.zeros([pieces.count, width]) }
        let dScale = scaleSums.map { $0.storage.pointer(as: Scalar.self) }
        let dOffset = offsetSums.map { $0.storage.pointer(as: Scalar.self) }
        let mean = statistics.pointer
        dx.fill { dx in
            let (x, dy) = (input.pointer, dy.pointer)
            Parallelism.forEach(pieces.count) { piece in
                let (first, count) = pieces[piece]
                Scalar._kernels.layerNormalizationBackward(
                    x: x + first * width, scale: gain?.pointer, mean: mean + first,
                    reciprocalDeviation: mean + rows + first, dy: dy + first * width, dx: dx + first * width,
                    dScale: dScale.map { $0 + piece * width }, dOffset: dOffset.map { $0 + piece * width },
                    rows: count, columns: width)
            }
        }
        withExtendedLifetime((input.storage, gain?.storage, statistics.storage, dy.storage)) {}
        pass.add(dx, to: entries.x)
        if let scaleSums { pass.add(scaleSums.sum(axes: 0), to: entries.scale) }
        if let offsetSums { pass.add(offsetSums.sum(axes: 0), to: entries.offset) }
    }
}
