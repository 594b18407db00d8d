// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Sums over some outputs.
struct OutputMoments: Sendable {
    var count = 0.0
    var zeros = 0.0
    var saturated = 0.0
    var mean = 0.0
    /// The sum of squared differences from the mean.
    var squares = 0.0

    /// Those of both (Chan, Golub and LeVeque, 1979).
    func merged(with other: OutputMoments) -> OutputMoments {
        guard count > 0 else { return other }
        guard other.count > 0 else { return self }
        let total = count + other.count
        let difference = other.mean - mean
        return OutputMoments(
            count: total, zeros: zeros + other.zeros, saturated: saturated + other.saturated,
            mean: mean + difference * (other.count / total),
            squares: squares + other.squares + difference * difference * (count * other.count / total))
    }
}

/// One pass over a layer's output.
struct OutputCount {
    private(set) var moments = OutputMoments()
    /// For each element of the last axis, whether any row has it outside the silent values.
    private(set) var isActive: [Bool]

    init<Scalar: FloatingScalar>(of output: Tensor<Scalar>, _ meaning: OutputMeaning) {
        let columns = output.rank == 0 ? 1 : output.shape[-1]
        let rows = output.elementCount / columns
        // A few large pieces, as each has flags for all units; cut by the extents alone.
        let rowsPerPiece = Swift.max((rows + 7) / 8, (1 << 15) / columns, 1)
        let pieces = (rows + rowsPerPiece - 1) / rowsPerPiece
        var active = [Scalar](repeating: 0, count: pieces * columns)
        var sums = [ObservationKernel.Sums](repeating: .init(), count: pieces)
        var shift: Scalar = 0
        stopGradient(output).withUnsafeBufferPointer { y in
            active.withUnsafeMutableBufferPointer { active in
                sums.withUnsafeMutableBufferPointer { sums in
                    guard let y = y.baseAddress, let active = active.baseAddress, let sums = sums.baseAddress
                    else { return }
                    // Differences from any value near the mean do not cancel.
                    if y[0].isFinite { shift = y[0] }
                    let shift = shift
                    Parallelism.forEach(pieces) { piece in
                        let first = piece * rowsPerPiece
                        sums[piece] = ObservationKernel.count(
                            y + first * columns, rows: Swift.min(rowsPerPiece, rows - first),
                            columns: columns, meaning.bounds, shift: shift, active: active + piece * columns)
                    }
                }
            }
        }
        isActive = (0..<columns).map { column in
            (0..<pieces).contains { active[$0 * columns + column] != 0 }
        }
        for (piece, sum) in sums.enumerated() {
            let first = piece * rowsPerPiece
            let count = Double(Swift.min(rowsPerPiece, rows - first) * columns)
            let squares = sum.squares - sum.differences * sum.differences / count
            moments = moments.merged(
                with: OutputMoments(
                    count: count, zeros: sum.zeros, saturated: sum.saturated,
                    mean: Double(shift) + sum.differences / count,
                    squares: squares < 0 ? 0 : squares))
        }
    }
}
