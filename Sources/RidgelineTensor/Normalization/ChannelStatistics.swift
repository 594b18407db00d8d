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
        let mean = Tensor<Double>(uninitialized: [grid.blocks, grid.columns])
        let squares = Tensor<Double>(uninitialized: [grid.blocks, grid.columns])
        for block in 0..<grid.blocks {
            let start = block * grid.columns
            moments.merge(
                block * own..<(block + 1) * own, into: mean.storage.pointer(as: Double.self) + start,
                squares.storage.pointer(as: Double.self) + start)
        }
        let within = squares / Double(Swift.max(1, grid.rows))
        if grid.groupSize == 1 {
            self.init(mean: mean, variance: within, epsilon: epsilon, isOwn: true)
            return
        }
        let center = grid.groupMeans(of: mean)
        let variance = grid.groupMeans(of: within + (mean - center).squared())
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
    func folded<Scalar: FloatingScalar>(_ values: Tensor<Scalar>) -> Tensor<Scalar> {
        if fold == 1 { return values }
        return values.reshaped(to: [blocks, 1, columns]).broadcast(to: [blocks, fold, columns]).contiguous()
            .reshaped(to: [blocks, width])
    }
}
