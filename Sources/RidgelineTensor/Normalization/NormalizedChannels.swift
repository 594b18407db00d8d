// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The learnable or given parts of a normalisation by channels.
struct ChannelParameters<Scalar: FloatingScalar> {
    var scale: Tensor<Scalar>?
    var offset: Tensor<Scalar>?
    var residual: Tensor<Scalar>?
    var activation = Activation.identity
    var slope: Tensor<Scalar>?

    /// Traps where a shape does not fit the input's.
    func check(_ shape: Shape, for operation: String) {
        for (name, parameter) in [("scale", scale), ("offset", offset)] {
            require(
                parameter == nil || parameter?.shape == [shape[-1]],
                "\(operation): \(name) \(parameter?.shape.description ?? "") for input \(shape); expected "
                    + "[\(shape[-1])]\(channelsFirstHint(shape, channels: parameter?.elementCount))")
        }
        require(
            residual == nil || residual?.shape == shape,
            "\(operation): residual \(residual?.shape.description ?? "") for input \(shape); expected equal "
                + "shapes")
    }
}

/// Normalises a tensor whose last axis is that of the channels, and records it.
///
/// - Parameters:
///   - given: What to normalise by, or nil for the input's own.
///   - powers: By which power of two each channel of each block has been multiplied beforehand, (blocks, channels):
///     ε is meant for the value before.
/// - Returns: The output, and the statistics that it was normalised by.
func normalizedChannels<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, _ grid: ChannelGrid, given: ChannelStatistics?, epsilon: Double,
    powers: Tensor<Double>? = nil, _ parameters: ChannelParameters<Scalar>,
    as operation: DifferentiableOperation, named name: String
) -> (output: Tensor<Scalar>, statistics: ChannelStatistics) {
    parameters.check(x.shape, for: name)
    let fused = FusedActivation<Scalar>(
        parameters.activation, slope: parameters.slope, rows: grid.blocks * grid.rows, columns: grid.columns,
        for: name)
    let trace = x.trace
    let traces = [
        trace, parameters.scale?.trace ?? .none, parameters.offset?.trace ?? .none,
        parameters.residual?.trace ?? .none, parameters.slope?.trace ?? .none,
    ]
    let recording = Recording.tracking(traces)
    var input = consume x
    input.trace = .none
    if !input.isOverwritable() { input = input.contiguous() }
    let residual = parameters.residual?.detached.contiguous()
    let statistics = given ?? ChannelStatistics(grid)
    let normalization = ChannelNormalization(
        grid: grid, statistics: statistics, epsilon: epsilon, powers: powers, fused: fused,
        scale: parameters.scale, offset: parameters.offset)
    var finds = given == nil
    if finds && powers == nil && ChannelStatistics.mayOverflow(Scalar.self) {
        normalization.findStatistics(input)
        finds = false
        if input.elementCount > 0 && !statistics.isRepresentable(epsilon: epsilon) {
            input.trace = trace
            return rescaledChannels(input, grid, epsilon: epsilon, parameters, as: operation, named: name)
        }
    }
    guard let recording else {
        return (normalization.output(consume input, residual: residual, finds: finds), statistics)
    }

    let saved = Saved(input)
    let out = normalization.output(consume input, residual: residual, finds: finds)
    let kept = normalization.kept(output: out, residual: residual).map { Saved($0) }
    let entries = traces.map { recording.entry($0) }
    let hasResidual = residual != nil
    let slopeShape = parameters.slope?.shape ?? []
    let output = recording.record(operation, out) { pass in
        let keeps = pass.keepsSaved
        let gradients = normalization.gradients(
            pass.takeUpstream(), x: saved.take(keeping: keeps), kept: { kept?.take(keeping: keeps) },
            hasResidual: hasResidual, needsInput: entries[0] != nil, needsResidual: entries[3] != nil,
            slopeCount: entries[4] == nil ? 0 : slopeShape.elementCount)
        if let dx = gradients.input { pass.add(dx, to: entries[0]) }
        pass.add(gradients.scale, to: entries[1])
        pass.add(gradients.offset, to: entries[2])
        if let residual = gradients.residual { pass.add(residual, to: entries[3]) }
        if let slope = gradients.slope { pass.add(slope.reshaped(to: slopeShape), to: entries[4]) }
    }
    return (output, statistics)
}

/// The same where squares would leave Double's range: of the input brought near 1 by powers of two, which changes
/// nothing but ε.
private func rescaledChannels<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ grid: ChannelGrid, epsilon: Double, _ parameters: ChannelParameters<Scalar>,
    as operation: DifferentiableOperation, named name: String
) -> (output: Tensor<Scalar>, statistics: ChannelStatistics) {
    let powers = grid.powersOfTwo(of: x)
    let rows: Shape = [grid.blocks, grid.rows, grid.columns]
    let factors = Tensor<Scalar>(powers).reshaped(to: [grid.blocks, 1, grid.columns])
    let (output, found) = normalizedChannels(
        (x.reshaped(to: rows) * factors).reshaped(to: x.shape), grid, given: nil, epsilon: epsilon,
        powers: powers, parameters, as: operation, named: name)
    return (
        output,
        ChannelStatistics(
            mean: found.mean / powers, rest: found.rest / powers, variance: found.variance / powers / powers,
            epsilon: epsilon, isOwn: true)
    )
}
