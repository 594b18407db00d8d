// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = (x − mean)/√(var + ε)·scale + offset with mean and biased variance of each example and each group of neighbouring
/// channels (Wu and He, "Group normalization", 2018; PyTorch: `group_norm`).
///
/// Saves x and a few numbers for each example and channel.
///
/// As exact as `layerNormalization` says.
///
/// - Parameters:
///   - x: (N, …, channels).
///   - groups: Into how many groups the channels are cut.
///   - scale: (channels), or nil for 1.
///   - offset: (channels), or nil for 0.
/// - Returns: As x. Traps on other shapes and where the groups do not divide the channels.
public func groupNormalization<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, groups: Int, scale: Tensor<Scalar>? = nil, offset: Tensor<Scalar>? = nil,
    epsilon: Double = 1e-5
) -> Tensor<Scalar> {
    require(x.rank >= 2, "groupNormalization: input \(x.shape); expected (N, …, channels)")
    require(
        groups > 0 && x.shape[-1] % groups == 0,
        "groupNormalization: \(groups) groups of the channels of \(x.shape); expected 1 or more that divide them"
    )
    return normalizedExamples(
        x, groupSize: Swift.max(1, x.shape[-1] / groups), scale: scale, offset: offset, epsilon: epsilon,
        named: "groupNormalization")
}

/// y = (x − mean)/√(var + ε)·scale + offset with mean and biased variance of each channel of each example (Ulyanov,
/// Vedaldi, Lempitsky, "Instance normalization", 2016; PyTorch: `instance_norm`): group normalisation with as many
/// groups as channels.
///
/// - Parameters:
///   - x: (N, …, channels), with 2 or more values for each channel of an example.
///   - scale: (channels), or nil for 1.
///   - offset: (channels), or nil for 0.
/// - Returns: As x. Traps on other shapes.
public func instanceNormalization<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, scale: Tensor<Scalar>? = nil, offset: Tensor<Scalar>? = nil,
    epsilon: Double = 1e-5
) -> Tensor<Scalar> {
    require(
        x.rank >= 2 && Shape(x.shape.dropFirst().dropLast()).elementCount != 1,
        "instanceNormalization: input \(x.shape); expected (N, …, channels) with 2 or more values for each channel "
            + "of an example, which have a variance")
    return normalizedExamples(
        x, groupSize: 1, scale: scale, offset: offset, epsilon: epsilon, named: "instanceNormalization")
}

private func normalizedExamples<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, groupSize: Int, scale: Tensor<Scalar>?, offset: Tensor<Scalar>?,
    epsilon: Double, named name: String
) -> Tensor<Scalar> {
    let grid = ChannelGrid(
        blocks: x.shape[0], rows: Shape(x.shape.dropFirst().dropLast()).elementCount, columns: x.shape[-1],
        groupSize: groupSize)
    return normalizedChannels(
        x, grid, given: nil, epsilon: epsilon, ChannelParameters(scale: scale, offset: offset),
        as: .groupNormalization, named: name
    ).output
}
