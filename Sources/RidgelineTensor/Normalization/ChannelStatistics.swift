// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What a normalisation subtracts and divides by, for each block of rows and each channel.
struct ChannelStatistics {
    /// (blocks, channels).
    let mean: Tensor<Double>
    /// What the mean's rounding to Double has lost, (blocks, channels).
    let rest: Tensor<Double>
    /// The biased variance, (blocks, channels).
    let variance: Tensor<Double>
    /// 1/√(variance + ε), (blocks, channels).
    let reciprocalDeviation: Tensor<Double>
    /// Whether they are the input's own, so that its gradient flows through them too.
    let isOwn: Bool

    /// Given ones.
    init(
        mean: Tensor<Double>, rest: Tensor<Double>? = nil, variance: Tensor<Double>, epsilon: Double,
        isOwn: Bool
    ) {
        (self.mean, self.variance, self.isOwn) = (mean.contiguous(), variance.contiguous(), isOwn)
        self.rest = rest?.contiguous() ?? .zeros(mean.shape)
        reciprocalDeviation = Tensor(uninitialized: variance.shape)
        complete(0..<variance.elementCount) { _ in epsilon }
    }

    /// The input's own, to be found block by block.
    init(_ grid: ChannelGrid) {
        let shape: Shape = [grid.blocks, grid.columns]
        (mean, rest, variance) = (
            Tensor(uninitialized: shape), Tensor(uninitialized: shape), Tensor(uninitialized: shape)
        )
        reciprocalDeviation = Tensor(uninitialized: shape)
        isOwn = true
    }

    /// Finds those of a block from the moments of its pieces.
    ///
    /// - Parameter epsilon: ε of each channel of each block.
    func find<Scalar>(
        _ block: Int, _ grid: ChannelGrid, _ moments: ChannelMoments<Scalar>, epsilon: (Int) -> Double
    ) {
        let (start, own) = (block * grid.columns, grid.momentPieces)
        let mean = mean.storage.pointer(as: Double.self) + start
        let rest = rest.storage.pointer(as: Double.self) + start
        let variance = variance.storage.pointer(as: Double.self) + start
        moments.merge(block * own..<(block + 1) * own, into: (mean, rest, variance))
        let (rows, size) = (Double(Swift.max(1, grid.rows)), grid.groupSize)
        for column in 0..<grid.columns { variance[column] /= rows }
        for first in size == 1 ? stride(from: 0, to: 0, by: 1) : stride(from: 0, to: grid.columns, by: size) {
            let (channels, center) = (first..<first + size, mean[first])
            var shift = 0.0
            for channel in channels {
                // What each mean is above the first.
                rest[channel] += mean[channel] - center
                shift += rest[channel]
            }
            shift /= Double(size)
            var squares = 0.0
            for channel in channels {
                let difference = rest[channel] - shift
                squares += variance[channel] + difference * difference
            }
            let common = center + shift
            let added = common - center
            for channel in channels {
                mean[channel] = common
                rest[channel] = (center - (common - added)) + (shift - added)
                variance[channel] = squares / Double(size)
            }
        }
        complete(start..<start + grid.columns, epsilon: epsilon)
    }

    /// The reciprocal deviations of some channels, to the last bit but one.
    private func complete(_ range: Range<Int>, epsilon: (Int) -> Double) {
        let (variance, result) = (variance.pointer, reciprocalDeviation.storage.pointer(as: Double.self))
        for index in range {
            let value = variance[index] + epsilon(index)
            let root = 1 / value.squareRoot()
            let square = root * root
            let error = (1.0).addingProduct(-value, square) - value * (-square).addingProduct(root, root)
            result[index] = error.magnitude < 0x1p-40 ? root + root * error / 2 : root
        }
        withExtendedLifetime((self.variance.storage, reciprocalDeviation.storage)) {}
    }
}

extension ChannelStatistics {
    /// Whether squares of this type's largest and smallest numbers leave Double's range.
    static func mayOverflow<Scalar: FloatingScalar>(_: Scalar.Type) -> Bool {
        Scalar.greatestFiniteMagnitude.exponent > 500
    }

    /// Whether no variance has left Double's range.
    func isRepresentable(epsilon: Double) -> Bool {
        variance.read { variance in
            (0..<self.variance.elementCount).allSatisfy {
                variance[$0] <= 0x1p1000 && variance[$0] + epsilon >= 0x1p-900
            }
        }
    }
}

/// The power of two that brings magnitudes up to this one near 1; 1 for 0, infinity and NaN.
func powerOfTwo(bringingNearOne largest: Double) -> Double {
    guard largest.isFinite, largest > 0 else { return 1 }
    return Double(
        sign: .plus, exponent: Swift.max(-1_022, Swift.min(1_022, -Int(largest.exponent))), significand: 1)
}

extension ChannelGrid {
    /// For each block and channel the power of two that brings its group's largest magnitude near 1, (blocks,
    /// channels).
    func powersOfTwo<Scalar: FloatingScalar>(of x: Tensor<Scalar>) -> Tensor<Double> {
        let powers = Tensor<Double>(
            abs(x.detached.reshaped(to: [blocks, rows, columns])).max(axes: 1)
        ).contiguous()
        let values = powers.storage.pointer(as: Double.self)
        for group in stride(from: 0, to: blocks * columns, by: groupSize) {
            let largest = (group..<group + groupSize).reduce(0.0) { Swift.max($0, values[$1]) }
            for index in group..<group + groupSize { values[index] = powerOfTwo(bringingNearOne: largest) }
        }
        return powers
    }
}
