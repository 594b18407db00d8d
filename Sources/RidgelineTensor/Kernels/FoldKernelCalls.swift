// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// The functions that make one value of several, in the order of `RIDGELINE_FOLDS` in CRidgelineKernels.h.
package enum FoldKind: Int32, CaseIterable, Sendable {
    case mean, minimum, maximum, logSumExp, total
}

extension KernelTable {
    /// y = the fold of x along its middle axis: x is (outer, size, step), y (outer, step), in both the first `columns`
    /// columns. NaN where a member is, for all; the log-sum-exp of an infinite largest member is that member.
    @inline(__always)
    package func fold(_ fold: FoldKind, x: P, y: M, outer: Int, size: Int, step: Int, columns: Int) {
        require(size > 0, "a fold of no members")
        foldKernel(fold, x, y, outer, size, step, columns)
    }

    /// dx, from what `fold` read and wrote: dy / size; of the extremes, dy / (how many members equal y) for those
    /// members and 0 for others; dy·exp(x − y) / Σ exp(x − y); dy. dx may be x.
    @inline(__always)
    package func foldBackward(
        _ fold: FoldKind, x: P, y: P, dy: P, dx: M, outer: Int, size: Int, step: Int, columns: Int
    ) {
        foldBackwardKernel(fold, x, y, dy, dx, outer, size, step, columns)
    }
}

extension Reference {
    @inline(__always)
    static func fold(_ fold: FoldKind, _ x: P, _ y: M, _ outer: Int, _ size: Int, _ step: Int, _ columns: Int)
    {
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: size) { members in
            guard let start = members.baseAddress else { return }
            for group in 0..<outer * columns {
                let first = group / columns * size * step + group % columns
                let result = group / columns * step + group % columns
                for j in 0..<size { start[j] = x[first + j * step] }
                y[result] =
                    switch fold {
                    case .mean: Scalar(sum(start, size) / Double(size))
                    case .minimum: minimum(start, size)
                    case .maximum: maximum(start, size)
                    case .logSumExp: logSumExp(start, size)
                    case .total: Scalar(sum(start, size))
                    }
            }
        }
    }

    @inline(__always)
    static func foldBackward(
        _ fold: FoldKind, _ x: P, _ y: P, _ dy: P, _ dx: M, _ outer: Int, _ size: Int, _ step: Int,
        _ columns: Int
    ) {
        for group in 0..<outer * columns {
            let first = group / columns * size * step + group % columns
            let result = group / columns * step + group % columns
            var (winners, sum) = (0, 0.0)
            for j in 0..<size where x[first + j * step] == y[result] { winners += 1 }
            // 1 but for the rounding of y, which is as coarse as the members are large.
            for j in 0..<size where fold == .logSumExp && y[result].isFinite {
                sum += Double(Scalar.exp(x[first + j * step] - y[result]))
            }
            let share = y[result].isFinite ? Scalar(Double(dy[result]) / sum) : dy[result]
            for j in 0..<size {
                let member = first + j * step
                switch fold {
                case .mean: dx[member] = dy[result] / Scalar(size)
                case .minimum, .maximum:
                    dx[member] = dy[result] / Scalar(winners) * (x[member] == y[result] ? 1 : 0)
                case .logSumExp: dx[member] = share * Scalar.exp(x[member] - y[result])
                case .total: dx[member] = dy[result]
                }
            }
        }
    }
}
