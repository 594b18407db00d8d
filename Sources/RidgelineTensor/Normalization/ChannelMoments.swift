// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Mean and variance of each channel of a batch.
public struct BatchMoments: Sendable {
    /// How many values each channel has.
    public let count: Int
    /// The means, of shape (channels).
    public let mean: Tensor<Double>
    /// The biased variances (the mean squared differences), of shape (channels).
    public let variance: Tensor<Double>

    /// Moments known from elsewhere. Traps where the shapes differ.
    public init(count: Int, mean: Tensor<Double>, variance: Tensor<Double>) {
        require(
            count >= 0 && mean.rank == 1 && mean.shape == variance.shape,
            "BatchMoments: count \(count), mean \(mean.shape), variance \(variance.shape); expected 0 or more "
                + "and twice (channels)")
        (self.count, self.mean, self.variance) = (count, stopGradient(mean), stopGradient(variance))
    }
}

/// The mean and variance of each column of a matrix, gathered piece by piece in any order and by several threads at
/// once, such as tiles of a product while they are in cache.
///
/// Each piece's moments are taken about a value near their mean, so that a large mean does not cancel, and merged in
/// the order of the pieces (Chan, Golub and LeVeque, 1979): bitwise the same whichever thread saw which.
package struct ChannelMoments<Scalar: FloatingScalar>: Sendable {
    private let pieces: Int
    private let columns: Int
    /// Of each piece and column the mean, and then of each the sum of squared differences.
    private let partial: Tensor<Double>
    /// The rows of each piece.
    private let counts: Tensor<Double>

    package init(pieces: Int, columns: Int) {
        (self.pieces, self.columns) = (pieces, columns)
        partial = Tensor(uninitialized: [2, pieces, columns])
        counts = .zeros([pieces])
    }

    /// Takes up some columns of a piece's rows; pieces never seen count nothing.
    ///
    /// Different pieces and column ranges may be seen at once; each only once, and the ranges of one piece have equally
    /// many rows. A range wider than the columns is that of several pieces, from this one on, side by side.
    @inline(__always)
    package func observe(
        _ x: UnsafePointer<Scalar>, stride: Int, rows: Int, column: Int, columns: Int, piece: Int
    ) {
        let mean = partial.storage.pointer(as: Double.self) + piece * self.columns + column
        Scalar._kernels.channels.moments(
            x: x, stride: stride, mean: mean, squares: mean + pieces * self.columns, rows: rows,
            columns: columns)
        // One of the ranges tells, so that no two threads write.
        guard column == 0, columns > 0 else { return }
        let counts = counts.storage.pointer(as: Double.self) + piece
        for side in 0..<Swift.max(1, columns / self.columns) { counts[side] = Double(rows) }
    }

    /// The moments of all rows seen; zeros of none.
    package func finish() -> BatchMoments {
        let mean = Tensor<Double>(uninitialized: [columns])
        let squares = Tensor<Double>(uninitialized: [columns])
        let count = merge(
            0..<pieces, into: mean.storage.pointer(as: Double.self), squares.storage.pointer(as: Double.self))
        return BatchMoments(count: count, mean: mean, variance: squares / Double(Swift.max(1, count)))
    }

    /// The moments of the rows of some pieces: the means, and the sums of squared differences.
    ///
    /// - Returns: How many rows they are.
    @discardableResult
    func merge(
        _ range: Range<Int>, into mean: UnsafeMutablePointer<Double>, _ squares: UnsafeMutablePointer<Double>
    ) -> Int {
        let total = counts.read { counts in range.reduce(0) { $0 + counts[$1] } }
        let strip = 64
        Parallelism.forEach((columns + strip - 1) / strip) { index in
            let columns = index * strip..<Swift.min((index + 1) * strip, columns)
            merge(range, total, columns, mean, squares)
        }
        withExtendedLifetime((partial.storage, counts.storage)) {}
        return Int(total)
    }

    private func merge(
        _ range: Range<Int>, _ total: Double, _ columns: Range<Int>, _ mean: UnsafeMutablePointer<Double>,
        _ squares: UnsafeMutablePointer<Double>
    ) {
        let (means, sums) = (partial.pointer, partial.pointer + pieces * self.columns)
        let counts = counts.pointer
        for column in columns { (mean[column], squares[column]) = (0, 0) }
        guard let first = range.first(where: { counts[$0] > 0 }).map({ means + $0 * self.columns }) else {
            return
        }
        // From the first mean on, so that a constant column stays what it is.
        for column in columns { mean[column] = first[column] }
        for piece in range where counts[piece] > 0 {
            let (weight, start) = (counts[piece] / total, piece * self.columns)
            for column in columns { mean[column] += weight * (means[start + column] - first[column]) }
        }
        for piece in range where counts[piece] > 0 {
            let (count, start) = (counts[piece], piece * self.columns)
            for column in columns {
                let difference = means[start + column] - mean[column]
                squares[column] += sums[start + column] + count * difference * difference
            }
        }
    }
}
