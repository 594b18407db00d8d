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
                    + "[\(shape[-1])]")
        }
        require(
            residual == nil || residual?.shape == shape,
            "\(operation): residual \(residual?.shape.description ?? "") for input \(shape); expected equal "
                + "shapes")
    }
}

/// Normalises a tensor whose last axis is that of the channels, and records it.
///
/// - Parameter statistics: What to normalise by, or nil for the input's own.
/// - Returns: The output, and the statistics that it was normalised by.
func normalizedChannels<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, _ grid: ChannelGrid, statistics: ChannelStatistics?, epsilon: Double,
    _ parameters: ChannelParameters<Scalar>, as operation: DifferentiableOperation, named name: String
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
    let found = statistics ?? ChannelStatistics(of: input, grid, epsilon: epsilon)
    let normalization = ChannelNormalization(
        grid: grid, statistics: found, fused: fused, scale: parameters.scale, offset: parameters.offset)
    let backwards = statistics == nil
    guard let recording else {
        return (normalization.output(consume input, residual: residual, backwards: backwards), found)
    }

    let saved = Saved(input)
    let out = normalization.output(consume input, residual: residual, backwards: backwards)
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
    return (output, found)
}
