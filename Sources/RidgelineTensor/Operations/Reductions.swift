// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// Reduces each row of contiguous elements to one value, in parallel over rows.
    func reducing<Result: TensorScalar>(
        _ axes: [Int], _ keepingDimensions: Bool, to result: Result.Type,
        _ reduce: (UnsafePointer<Scalar>, Int) -> Result
    ) -> Tensor<Result> {
        var out = Tensor<Result>(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
        let rows = ReducedRows(detached, reducing: axes)
        out.fill { target in rows.forEach { row, start in target[row] = reduce(start, rows.columns) } }
        return out
    }
}

// MARK: Sums

extension Tensor where Scalar: FloatingScalar {
    /// The sum over the given axes (all of them by default), accumulated in double precision by blocks, so
    /// that a float sum of 10⁸ values is right to a part in 10⁶. The sum of nothing is 0.
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        recordedSum(shape.axes(axes, for: "sum"), keepingDimensions, dividedBy: 1)
    }

    /// The sum over one axis.
    public func sum(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        sum(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The sums over axes by a number, which divides them before they are rounded; recorded.
    private func recordedSum(_ axes: [Int], _ keepingDimensions: Bool, dividedBy divisor: Double) -> Tensor {
        let out = summing(axes, keepingDimensions, dividedBy: divisor)
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        let before = shape
        return recording.record(.sum, out) { pass in
            var upstream: Tensor = pass.takeUpstream()
            if divisor != 1 { upstream = upstream / Scalar(fromDouble: divisor) }
            let kept = upstream.reshaped(to: before.reducing(axes, keepingDimensions: true))
            pass.add(kept.broadcast(to: before), to: entry)
        }
    }

    private func summing(_ axes: [Int], _ keepingDimensions: Bool, dividedBy divisor: Double) -> Tensor {
        if axes.isEmpty { return detached }
        var out = Tensor(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
        let kept = (0..<rank).filter { !axes.contains($0) }
        // Rows to add up as they lie in memory, whatever the axes' order here.
        if !kept.isEmpty && layout.permuted(axes + kept).isContiguous {
            let sums = ColumnSums(rows: axes.reduce(1) { $0 * shape[$1] }, columns: out.elementCount)
            if divisor == 1 {
                out.fill { target in read { sums.sum($0, into: target) } }
                return out
            }
            var wide = Tensor<Double>(uninitialized: [sums.columns])
            wide.fill { wide in
                read { sums.sum($0, into: wide) }
                out.fill {
                    for index in 0..<sums.columns { $0[index] = Scalar(fromDouble: wide[index] / divisor) }
                }
            }
            return out
        }
        let axes = axes.sorted()
        guard let middle = MiddleAxis(of: shape, along: axes) else {
            // Of several groups of axes the innermost first, in double precision.
            let first = axes.last { !axes.contains($0 - 1) } ?? 0
            let (inner, rest) = (axes.filter { $0 >= first }, axes.filter { $0 < first })
            guard let middle = MiddleAxis(of: shape, along: inner) else { return detached }
            let sums: Tensor<Double> = sums(
                along: middle, to: shape.reducing(inner, keepingDimensions: true), dividedBy: 1)
            return Tensor(sums.summing(rest, true, dividedBy: divisor)).reshaped(to: out.shape)
        }
        let isMean = divisor == Double(middle.size)
        if middle.size > 0 && middle.size * middle.inner <= 2 * LoopNest.grain && (divisor == 1 || isMean) {
            return middle.folded(divisor == 1 ? .total : .mean, detached.contiguous(), to: out.shape)
        }
        if middle.inner > 1 { return sums(along: middle, to: out.shape, dividedBy: divisor) }
        let rows = ReducedRows(detached, reducing: axes)
        out.fill { target in
            rows.forEachTotal {
                Scalar._kernels.sum(x: $1, count: $2)
            } _: { row, total in
                target[row] = Scalar(fromDouble: total / divisor)
            }
        }
        return out
    }

    /// The sums along a middle axis by a number: slice by slice, or of many short slices several at once.
    private func sums<Sum: FloatingScalar>(
        along axis: MiddleAxis, to shape: Shape, dividedBy divisor: Double
    ) -> Tensor<Sum> {
        var out = Tensor<Sum>(uninitialized: shape)
        let x = detached.contiguous()
        out.fill { target in
            x.read { x in
                func add(_ slice: Int) {
                    let (from, to) = (x + slice * axis.size * axis.inner, target + slice * axis.inner)
                    if axis.inner == 1 {
                        to[0] = Sum(fromDouble: Self.total(from, axis.size) / divisor)
                        return
                    }
                    let sums = ColumnSums(rows: axis.size, columns: axis.inner)
                    if divisor == 1 { return sums.sum(from, into: to) }
                    withUnsafeTemporaryAllocation(of: Double.self, capacity: axis.inner) { wide in
                        guard let wide = wide.baseAddress else { return }
                        sums.sum(from, into: wide)
                        for index in 0..<axis.inner { to[index] = Sum(fromDouble: wide[index] / divisor) }
                    }
                }
                // Few long slices are cut up themselves.
                if axis.inner > 1 && axis.outer < 8 && axis.size * axis.inner > 2 * LoopNest.grain {
                    for slice in 0..<axis.outer { add(slice) }
                    return
                }
                let pieces = RowPieces(rows: axis.outer, columns: axis.size * axis.inner)
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    for slice in first..<first + count { add(slice) }
                }
            }
        }
        return out
    }

    private static func total(_ pointer: UnsafePointer<Scalar>, _ count: Int) -> Double {
        let piece = 1 << 16
        var sum = 0.0
        for start in stride(from: 0, to: count, by: piece) {
            sum += Scalar._kernels.sum(x: pointer + start, count: Swift.min(piece, count - start))
        }
        return sum
    }

    /// The arithmetic mean over the given axes (all by default), rounded once; NaN over none.
    public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = shape.axes(axes, for: "mean")
        let count = axes.reduce(1) { $0 * shape[$1] }
        return recordedSum(axes, keepingDimensions, dividedBy: Double(count))
    }

    /// The mean over one axis.
    public func mean(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        mean(axes: [axis], keepingDimensions: keepingDimensions)
    }

    // MARK: Extrema

    /// The largest element over the given axes (all by default), NaN where one is NaN. Equal maxima share
    /// the gradient evenly, as in PyTorch's `amax`. Traps where there is nothing to choose from.
    public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extremum(axes, keepingDimensions, "max", .maximum)
    }

    /// The largest element over one axis.
    public func max(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        max(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The smallest element over the given axes (all by default), NaN where one is NaN. Equal minima share
    /// the gradient evenly. Traps where there is nothing to choose from.
    public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extremum(axes, keepingDimensions, "min", .minimum)
    }

    /// The smallest element over one axis.
    public func min(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        min(axes: [axis], keepingDimensions: keepingDimensions)
    }

    private func extremum(
        _ axes: [Int]?, _ keepingDimensions: Bool, _ operation: String, _ fold: FoldKind
    ) -> Tensor {
        let axes = shape.axes(axes, for: operation)
        require(
            axes.allSatisfy { shape[$0] > 0 },
            "\(operation): shape \(shape) has no elements along axes \(axes); expected at least one")
        let kept = shape.reducing(axes, keepingDimensions: true)
        let out: Tensor
        if let middle = MiddleAxis(of: shape, along: axes.sorted()) {
            out = middle.folded(fold, detached.contiguous(), to: kept)
        } else {
            let rows = ReducedRows(detached, reducing: axes)
            out = MiddleAxis(outer: rows.count, size: rows.columns, inner: 1).folded(
                fold, rows.tensor, to: kept)
        }
        let shaped = out.reshaped(to: shape.reducing(axes, keepingDimensions: keepingDimensions))
        guard let recording = Recording.tracking(trace) else { return shaped }
        let entry = recording.entry(trace)
        let x = detached
        return recording.record(.extremum, shaped) { pass in
            let upstream: Tensor = pass.takeUpstream()
            let chosen: Tensor = which(x .== out, .ones([]), .zeros([]))
            let share = upstream.reshaped(to: out.shape) / chosen.sum(axes: axes, keepingDimensions: true)
            pass.add(chosen * share, to: entry)
        }
    }
}

// MARK: Positions and integers

extension Tensor where Scalar: NumericScalar {
    /// The position of the largest element along an axis, the first of equals; of the first NaN where there
    /// is one. Traps on an empty axis and on one longer than `Int32` counts.
    public func argmax(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int32> {
        position(axis, keepingDimensions, "argmax", largest: true)
    }

    /// The position of the smallest element along an axis, the first of equals; of the first NaN where there
    /// is one. Traps on an empty axis and on one longer than `Int32` counts.
    public func argmin(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int32> {
        position(axis, keepingDimensions, "argmin", largest: false)
    }

    private func position(
        _ axis: Int, _ keepingDimensions: Bool, _ operation: String, largest: Bool
    ) -> Tensor<Int32> {
        let axis = shape.axis(axis, for: operation)
        require(
            shape[axis] > 0, "\(operation): axis \(axis) of \(shape) is empty; expected at least one element")
        require(
            shape[axis] - 1 <= Int(Int32.max),
            "\(operation): axis \(axis) of \(shape) has positions that no Int32 holds; expected an extent up to "
                + "\(Int(Int32.max) + 1)")
        var out = Tensor<Int32>(uninitialized: shape.reducing([axis], keepingDimensions: keepingDimensions))
        guard let middle = MiddleAxis(of: shape, along: [axis]) else { return out }
        let x = contiguous()
        out.fill { target in
            x.read { source in
                middle.forEachPiece { start, result, outer, columns in
                    Scalar._positions(
                        largest: largest, source + start, target + result, outer: outer, size: middle.size,
                        step: middle.inner, columns: columns)
                }
            }
        }
        return out
    }
}

/// The plain loops of `_positions`; inlined into concrete types.
@inline(__always)
func extremePositions<Scalar: Comparable>(
    _ largest: Bool, _ x: UnsafePointer<Scalar>, _ out: UnsafeMutablePointer<Int32>, _ outer: Int,
    _ size: Int, _ step: Int, _ columns: Int
) {
    @inline(__always) func search(_ better: (Scalar, Scalar) -> Bool) {
        for row in 0..<outer {
            for column in 0..<columns {
                let group = x + row * size * step + column
                var best = 0
                for index in 1..<Swift.max(size, 1) {
                    let (value, other) = (group[index * step], group[best * step])
                    if other != other { break }
                    if better(value, other) || value != value { best = index }
                }
                out[row * step + column] = Int32(best)
            }
        }
    }
    if largest { search(>) } else { search(<) }
}

extension Tensor where Scalar: IntegerScalar {
    /// The sum over the given axes (all by default), wrapping on overflow.
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reducing(shape.axes(axes, for: "sum"), keepingDimensions, to: Scalar.self) { row, count in
            var sum: Scalar = 0
            for index in 0..<count { sum &+= row[index] }
            return sum
        }
    }
}
