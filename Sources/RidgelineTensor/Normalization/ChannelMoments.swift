// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Mean and variance of each channel of a batch.
public struct BatchMoments: Sendable {
    /// How many values each channel has.
    public let count: Int
    /// The means, of shape (channels).
    public let mean: Tensor<Double>
    /// What their rounding to Double has lost, of shape (channels): a mean may be far larger than the deviation.
    let rest: Tensor<Double>
    /// The biased variances (the mean squared differences), of shape (channels).
    public let variance: Tensor<Double>

    /// Moments known from elsewhere. Traps where the shapes differ.
    public init(count: Int, mean: Tensor<Double>, variance: Tensor<Double>) {
        require(
            count >= 0 && mean.rank == 1 && mean.shape == variance.shape,
            "BatchMoments: count \(count), mean \(mean.shape), variance \(variance.shape); expected 0 or more "
                + "and twice (channels)")
        (self.count, self.mean, self.variance) = (count, stopGradient(mean), stopGradient(variance))
        rest = .zeros(mean.shape)
    }

    init(count: Int, mean: Tensor<Double>, rest: Tensor<Double>, variance: Tensor<Double>) {
        (self.count, self.mean, self.rest, self.variance) = (count, mean, rest, variance)
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
    /// Of each piece and column a value near the mean, then of each the rest of the mean, and then the sum of squared
    /// differences.
    private let partial: Tensor<Double>
    /// The rows of each piece.
    private let counts: Tensor<Double>

    package init(pieces: Int, columns: Int) {
        (self.pieces, self.columns) = (pieces, columns)
        partial = Tensor(uninitialized: [3, pieces, columns])
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
        let center = partial.storage.pointer(as: Double.self) + piece * self.columns + column
        let kind = pieces * self.columns
        Scalar._kernels.channels.moments(
            x: x, stride: stride, center: center, delta: center + kind, squares: center + 2 * kind,
            rows: rows, columns: columns)
        // One of the ranges tells, so that no two threads write.
        guard column == 0, columns > 0 else { return }
        let counts = counts.storage.pointer(as: Double.self) + piece
        for side in 0..<Swift.max(1, columns / self.columns) { counts[side] = Double(rows) }
    }

    /// The moments of all rows seen; zeros of none.
    package func finish() -> BatchMoments {
        let found = Tensor<Double>(uninitialized: [3, columns])
        let mean = found.storage.pointer(as: Double.self)
        let count = merge(0..<pieces, into: (mean, mean + columns, mean + 2 * columns))
        return BatchMoments(
            count: count, mean: found[0], rest: found[1], variance: found[2] / Double(Swift.max(1, count)))
    }

    /// The moments of the rows of some pieces: the means, what their rounding loses, and the sums of squared
    /// differences.
    ///
    /// - Returns: How many rows they are.
    @discardableResult
    func merge(_ range: Range<Int>, into found: MomentPointers) -> Int {
        let total = counts.read { counts in range.reduce(0) { $0 + counts[$1] } }
        let strip = 64
        Parallelism.forEach((columns + strip - 1) / strip) { index in
            merge(
                range, total, index * strip..<Swift.min((index + 1) * strip, columns), into: found)
        }
        withExtendedLifetime((partial.storage, counts.storage)) {}
        return Int(total)
    }

    private func merge(
        _ range: Range<Int>, _ total: Double, _ columns: Range<Int>, into found: MomentPointers
    ) {
        let (width, start) = (columns.count, columns.lowerBound)
        let (mean, rest, squares) = (found.mean + start, found.rest + start, found.squares + start)
        for column in 0..<width { (mean[column], rest[column], squares[column]) = (0, 0, 0) }
        let (counts, centers, kind) = (counts.pointer, partial.pointer + start, pieces * self.columns)
        let (deltas, sums) = (centers + kind, centers + 2 * kind)
        guard let first = range.first(where: { counts[$0] > 0 }).map({ centers + $0 * self.columns }) else {
            return
        }
        // The means of the pieces from the first one's center on, weighted, and then what they add to the squares.
        let scratch = Tensor<Double>(uninitialized: [2, range.count, width])
        let shifts = scratch.storage.pointer(as: Double.self)
        let weighted = shifts + range.count * width
        for (row, piece) in range.enumerated() {
            let (center, delta) = (centers + piece * self.columns, deltas + piece * self.columns)
            let (shift, product, count) = (shifts + row * width, weighted + row * width, counts[piece])
            for column in 0..<width {
                let value =
                    count > 0 ? (center[column] - first[column]) + delta[column] : 0
                shift[column] = value
                product[column] = count * value
            }
        }
        let kernels = Double._kernels
        kernels.columnSums(x: weighted, stride: width, total: mean, rows: range.count, columns: width)
        for column in 0..<width { mean[column] /= total }
        for (row, piece) in range.enumerated() {
            let (shift, product, count) = (shifts + row * width, weighted + row * width, counts[piece])
            let own = sums + piece * self.columns
            for column in 0..<width {
                let difference = shift[column] - mean[column]
                product[column] = count > 0 ? own[column] + count * difference * difference : 0
            }
        }
        kernels.columnSums(x: weighted, stride: width, total: squares, rows: range.count, columns: width)
        for column in 0..<width {
            let (center, shift) = (first[column], mean[column])
            let sum = center + shift
            let added = sum - center
            (mean[column], rest[column]) = (sum, (center - (sum - added)) + (shift - added))
        }
        withExtendedLifetime(scratch.storage) {}
    }
}

/// Where the moments of channels go: the means, what their rounding loses, and the sums of squared differences.
typealias MomentPointers = (
    mean: UnsafeMutablePointer<Double>, rest: UnsafeMutablePointer<Double>,
    squares: UnsafeMutablePointer<Double>
)
