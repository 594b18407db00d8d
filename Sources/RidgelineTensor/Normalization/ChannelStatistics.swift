// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What a normalisation subtracts and divides by, for each block of rows and each channel.
struct ChannelStatistics {
    /// (blocks, channels).
    let mean: Tensor<Double>
    /// The biased variance, (blocks, channels).
    let variance: Tensor<Double>
    /// 1/√(variance + ε), (blocks, channels).
    let reciprocalDeviation: Tensor<Double>
    /// Whether they are the input's own, so that its gradient flows through them too.
    let isOwn: Bool

    init(mean: Tensor<Double>, variance: Tensor<Double>, epsilon: Double, isOwn: Bool) {
        (self.mean, self.variance, self.isOwn) = (mean, variance, isOwn)
        reciprocalDeviation = (variance + epsilon).reciprocalSquareRoot()
    }

    /// Those of a matrix, found in one pass over it.
    init<Scalar: FloatingScalar>(of x: Tensor<Scalar>, _ grid: ChannelGrid, epsilon: Double) {
        // One piece in a block for each row that is folded into one, and one for the rows left over.
        let own = grid.piecesPerBlock * grid.fold + 1
        let moments = ChannelMoments<Scalar>(pieces: grid.blocks * own, columns: grid.columns)
        x.read { x in
            grid.forEachPart { part in
                let place = part.isRest ? own - 1 : part.piece % grid.piecesPerBlock * grid.fold
                moments.observe(
                    x + part.start, stride: part.width, rows: part.rows, column: 0, columns: part.width,
                    piece: part.block * own + place)
            }
        }
        let merged = (0..<grid.blocks).map { moments.merged($0 * own..<($0 + 1) * own) }
        let shape: Shape = [grid.blocks, grid.columns]
        let (mean, squares) =
            merged.isEmpty
            ? (.zeros(shape), .zeros(shape))
            : (Tensor.stacked(merged.map(\.mean)), Tensor.stacked(merged.map(\.squares)))
        let rows = Double(Swift.max(1, grid.rows))
        let center = grid.groupMeans(of: mean)
        let variance = grid.groupMeans(of: squares / rows + (mean - center).squared())
        self.init(mean: center, variance: variance, epsilon: epsilon, isOwn: true)
    }
}

extension ChannelGrid {
    /// The mean over the channels of each group, for every channel of it: (blocks, channels) to the same.
    func groupMeans(of values: Tensor<Double>) -> Tensor<Double> {
        if groupSize == 1 { return values }
        let grouped = values.reshaped(to: [blocks, columns / groupSize, groupSize])
        return grouped.mean(axes: 2, keepingDimensions: true).broadcast(to: grouped.shape).contiguous()
            .reshaped(to: values.shape)
    }

    /// Coefficients for folded rows: (blocks, channels) to (blocks, width).
    func folded<Scalar: FloatingScalar>(_ values: Tensor<Double>) -> Tensor<Scalar> {
        let rounded = Tensor<Scalar>(values)
        if fold == 1 { return rounded }
        return rounded.reshaped(to: [blocks, 1, columns]).broadcast(to: [blocks, fold, columns]).contiguous()
            .reshaped(to: [blocks, width])
    }
}
