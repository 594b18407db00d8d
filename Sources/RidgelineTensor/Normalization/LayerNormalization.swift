// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = (x − mean(x)) / √(var(x) + ε) · scale + offset over the last axis, with the biased variance (Ba, Kiros,
/// Hinton, "Layer normalization", 2016; PyTorch: `layer_norm`).
///
/// Saves x, and of each row the mean and the reciprocal deviation; backward makes the gradients of x, scale
/// and offset in one pass over the rows.
///
/// All is computed in double. Of Float, output and gradients are the exact values rounded once, at means up to 2^20 times
/// the deviation and at all magnitudes from 1e-30 to 1e37: to half an ulp of the exact value and 2^-45 of its largest term
/// (x̂·scale, scale and offset; of dx, scale·dy/deviation, its mean magnitude, and x̂ times that of dy·x̂; of the others, the sum
/// of all magnitudes). Of Double, to 4 ulp of the largest term, from 1e-280 to 1e300.
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
    return normalizedRows(x, width, scale: scale, offset: offset, epsilon: epsilon)
}

/// - Parameter powers: By which power of two each row has been multiplied beforehand, (rows); ε is meant for the value
///   before.
private func normalizedRows<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ width: Int, scale: Tensor<Scalar>?, offset: Tensor<Scalar>?, epsilon: Double,
    powers: Tensor<Double>? = nil
) -> Tensor<Scalar> {
    let input = x.detached.contiguous()
    let gain = scale.map { Tensor<Double>($0.detached).contiguous() }
    let shift = offset.map { Tensor<Double>($0.detached).contiguous() }
    let rows = width == 0 ? 0 : x.elementCount / width
    // Not too many, as each has sums of its own in backward.
    let pieces = RowPieces(rows: rows, columns: width, atMost: 1_024)
    var out = Tensor<Scalar>(uninitialized: x.shape)
    let epsilons = powers.map { epsilon * $0 * $0 } ?? .full([rows], epsilon)
    // The mean of each row is its center and what the second has besides; then the reciprocal deviation.
    let statistics = Tensor<Double>(uninitialized: [3, rows])
    let center = statistics.storage.pointer(as: Double.self)
    let (delta, deviation) = (center + rows, center + 2 * rows)
    out.fill { y in
        let (x, epsilon) = (input.pointer, epsilons.pointer)
        Parallelism.forEach(pieces.count) { piece in
            let (first, count) = pieces[piece]
            Scalar._kernels.layerNormalization(
                x: x + first * width, scale: gain?.pointer, offset: shift?.pointer,
                epsilon: epsilon + first, y: y + first * width, center: center + first,
                delta: delta + first, reciprocalDeviation: deviation + first, rows: count, columns: width)
        }
    }
    withExtendedLifetime((input.storage, gain?.storage, shift?.storage, epsilons.storage)) {}
    if powers == nil && ChannelStatistics.mayOverflow(Scalar.self)
        && !(0..<rows).allSatisfy({ (0x1p-500...0x1p450).contains(deviation[$0]) })
    {
        return rescaledRows(x, width, scale: scale, offset: offset, epsilon: epsilon)
    }
    let traces = [x.trace, scale?.trace ?? .none, offset?.trace ?? .none]
    guard let recording = Recording.tracking(traces) else { return out }
    let entries = (
        x: recording.entry(x.trace), scale: scale.flatMap { recording.entry($0.trace) },
        offset: offset.flatMap { recording.entry($0.trace) }
    )
    return recording.record(.layerNormalization, out) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        var dx = Tensor<Scalar>(uninitialized: input.shape)
        let scaleSums = entries.scale.map { _ in Tensor<Double>.zeros([pieces.count, width]) }
        let offsetSums = entries.offset.map { _ in Tensor<Double>.zeros([pieces.count, width]) }
        let dScale = scaleSums.map { $0.storage.pointer(as: Double.self) }
        let dOffset = offsetSums.map { $0.storage.pointer(as: Double.self) }
        let center = statistics.pointer
        let (delta, deviation) = (center + rows, center + 2 * rows)
        dx.fill { dx in
            let (x, dy) = (input.pointer, dy.pointer)
            Parallelism.forEach(pieces.count) { piece in
                let (first, count) = pieces[piece]
                Scalar._kernels.layerNormalizationBackward(
                    x: x + first * width, scale: gain?.pointer, center: center + first,
                    delta: delta + first, reciprocalDeviation: deviation + first, dy: dy + first * width,
                    dx: dx + first * width, dScale: dScale.map { $0 + piece * width },
                    dOffset: dOffset.map { $0 + piece * width }, rows: count, columns: width)
            }
        }
        withExtendedLifetime((input.storage, gain?.storage, statistics.storage, dy.storage)) {}
        pass.add(dx, to: entries.x)
        if let scaleSums { pass.add(Tensor<Scalar>(scaleSums.sum(axes: 0)), to: entries.scale) }
        if let offsetSums { pass.add(Tensor<Scalar>(offsetSums.sum(axes: 0)), to: entries.offset) }
    }
}

/// The same where squares would leave Double's range: of rows brought near 1 by powers of two, which changes nothing
/// but ε.
private func rescaledRows<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ width: Int, scale: Tensor<Scalar>?, offset: Tensor<Scalar>?, epsilon: Double
) -> Tensor<Scalar> {
    let rows = x.elementCount / width
    let largest = abs(x.detached.reshaped(to: [rows, width])).max(axes: 1)
    let powers = Tensor<Double>(largest.scalars.map { powerOfTwo(bringingNearOne: Double($0)) })
    let factors = Tensor<Scalar>(powers).reshaped(to: [rows, 1])
    return normalizedRows(
        (x.reshaped(to: [rows, width]) * factors).reshaped(to: x.shape), width, scale: scale, offset: offset,
        epsilon: epsilon, powers: powers)
}
