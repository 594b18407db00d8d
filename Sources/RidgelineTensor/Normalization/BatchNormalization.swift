// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = act((x − mean)/√(var + ε)·scale + offset + residual) with mean and biased variance of each channel over all other
/// axes (Ioffe and Szegedy, "Batch normalization", 2015; PyTorch: `batch_norm` in training, and what follows it in a
/// residual network), in one pass over x and the residual.
///
/// Saves x and a few numbers for each channel; with a residual also y or the residual, whichever the activation's
/// derivative needs. Backward is one pass for the sums over the rows and one for the gradient of x, which takes the
/// place of the upstream gradient where nothing else holds that.
///
/// As exact as `layerNormalization` says.
///
/// - Parameters:
///   - x: (N, …, channels).
///   - moments: Those of x, where they are known already, as from the epilogue of a product; the gradient flows
///     through them all the same.
///   - scale: (channels), or nil for 1.
///   - offset: (channels), or nil for 0.
///   - residual: As x, or nil; added before the activation.
///   - slope: For `.parametricReLU`, the slopes: one, or (channels).
/// - Returns: As x, with the moments, for running statistics. Traps on other shapes, and where a channel has one value
///   only, which has no variance; of no values, the moments are zeros.
public func batchNormalization<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, moments: BatchMoments? = nil, scale: Tensor<Scalar>? = nil,
    offset: Tensor<Scalar>? = nil, epsilon: Double = 1e-5, residual: Tensor<Scalar>? = nil,
    activation: Activation = .identity, slope: Tensor<Scalar>? = nil
) -> (output: Tensor<Scalar>, moments: BatchMoments) {
    let grid = batchGrid(x.shape)
    require(
        grid.rows != 1,
        "batchNormalization: input \(x.shape) has 1 value for each channel; expected 2 or more, which have a "
            + "variance")
    require(
        moments == nil || (moments?.count == grid.rows && moments?.mean.shape == [grid.columns]),
        "batchNormalization: moments of \(moments?.count ?? 0) values of \(moments?.mean.shape ?? []) channels for "
            + "input \(x.shape); expected those of the input")
    let known = moments.map { moments in
        ChannelStatistics(
            mean: moments.mean.reshaped(to: [1, grid.columns]),
            rest: moments.rest.reshaped(to: [1, grid.columns]),
            variance: moments.variance.reshaped(to: [1, grid.columns]), epsilon: epsilon, isOwn: true)
    }
    let isUsable =
        !ChannelStatistics.mayOverflow(Scalar.self) || known?.isRepresentable(epsilon: epsilon) ?? true
    let (output, statistics) = normalizedChannels(
        x, grid, given: isUsable ? known : nil, epsilon: epsilon,
        ChannelParameters(
            scale: scale, offset: offset, residual: residual, activation: activation, slope: slope),
        as: .batchNormalization, named: "batchNormalization")
    let found =
        moments
        ?? BatchMoments(
            count: grid.rows, mean: statistics.mean.reshaped(to: [grid.columns]),
            rest: statistics.rest.reshaped(to: [grid.columns]),
            variance: statistics.variance.reshaped(to: [grid.columns]))
    return (output, found)
}

/// The same by given statistics, such as the running ones in inference: y = act((x − mean)/√(variance + ε)·scale +
/// offset + residual). No gradient flows to mean and variance.
///
/// - Parameters:
///   - mean: (channels).
///   - variance: (channels).
/// - Returns: As x. Traps on other shapes.
public func batchNormalization<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, mean: Tensor<Scalar>, variance: Tensor<Scalar>,
    scale: Tensor<Scalar>? = nil, offset: Tensor<Scalar>? = nil, epsilon: Double = 1e-5,
    residual: Tensor<Scalar>? = nil, activation: Activation = .identity, slope: Tensor<Scalar>? = nil
) -> Tensor<Scalar> {
    let grid = batchGrid(x.shape)
    require(
        mean.shape == [grid.columns] && variance.shape == [grid.columns],
        "batchNormalization: mean \(mean.shape), variance \(variance.shape) for input \(x.shape); expected twice "
            + "[\(grid.columns)]\(channelsFirstHint(x.shape, channels: mean.elementCount))")
    let statistics = ChannelStatistics(
        mean: Tensor<Double>(mean.detached).reshaped(to: [1, grid.columns]),
        variance: Tensor<Double>(variance.detached).reshaped(to: [1, grid.columns]), epsilon: epsilon,
        isOwn: false)
    return normalizedChannels(
        x, grid, given: statistics, epsilon: epsilon,
        ChannelParameters(
            scale: scale, offset: offset, residual: residual, activation: activation, slope: slope),
        as: .batchNormalization, named: "batchNormalization"
    ).output
}

private func batchGrid(_ shape: Shape) -> ChannelGrid {
    require(shape.rank >= 2, "batchNormalization: input \(shape); expected (N, …, channels)")
    return ChannelGrid(
        blocks: 1, rows: Shape(shape.dropLast()).elementCount, columns: shape[-1])
}
