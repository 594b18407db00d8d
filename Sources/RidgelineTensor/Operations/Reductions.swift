// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// The elements with the reduced axes moved last and contiguous: rows to reduce one by one.
    fileprivate func rowsReducing(_ axes: [Int]) -> (tensor: Tensor, rows: Int, columns: Int) {
        let kept = (0..<rank).filter { !axes.contains($0) }
        let arranged = view(layout.permuted(kept + axes)).contiguous()
        return (
            arranged, kept.reduce(1) { $0 * shape[$1] }, axes.reduce(1) { $0 * shape[$1] }
        )
    }

    /// Reduces each row of contiguous elements to one value, in parallel over rows.
    fileprivate func reducing<Result: TensorScalar>(
        _ axes: [Int], _ keepingDimensions: Bool, to result: Result.Type,
        _ reduce: (UnsafePointer<Scalar>, Int) -> Result
    ) -> Tensor<Result> {
        var out = Tensor<Result>(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
        let (arranged, rows, columns) = rowsReducing(axes)
        let rowsPerPiece = Swift.max(1, LoopNest.grain / Swift.max(columns, 1))
        out.fill { target in
            arranged.read { source in
                Parallelism.forEach((rows + rowsPerPiece - 1) / rowsPerPiece) { piece in
                    for row in piece * rowsPerPiece..<Swift.min((piece + 1) * rowsPerPiece, rows) {
                        target[row] = reduce(source + row * columns, columns)
                    }
                }
            }
        }
        return out
    }
}

// MARK: Sums

extension Tensor where Scalar: FloatingScalar {
    /// The sum over the given axes (all of them by default), accumulated in double precision by blocks, so
    /// that a float sum of 10⁸ values is right to a part in 10⁶. The sum of nothing is 0.
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = shape.axes(axes, for: "sum")
        let out = summing(axes, keepingDimensions)
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        let before = shape
        return recording.record(.sum, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            let kept = upstream.reshaped(to: before.reducing(axes, keepingDimensions: true))
            pass.add(kept.broadcast(to: before), to: entry)
        }
    }

    /// The sum over one axis.
    public func sum(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        sum(axes: [axis], keepingDimensions: keepingDimensions)
    }

    private func summing(_ axes: [Int], _ keepingDimensions: Bool) -> Tensor {
        if axes.isEmpty { return detached }
        let kept = (0..<rank).filter { !axes.contains($0) }
        // Rows to add up as they lie in memory, whatever the axes' order here.
        if !kept.isEmpty && layout.permuted(axes + kept).isContiguous {
            let rows = axes.reduce(1) { $0 * shape[$1] }
            var out = Tensor(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
            let columns = out.elementCount
            out.fill { target in
                read { ColumnSums(rows: rows, columns: columns).sum($0, into: target) }
            }
            return out
        }
        let (arranged, rows, columns) = rowsReducing(axes)
        var out = Tensor(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
        let piece = 1 << 16
        if rows >= Parallelism.gridCores || columns <= 2 * piece {
            return reducing(axes, keepingDimensions, to: Scalar.self) {
                Scalar(fromDouble: Self.total($0, $1))
            }
        }
        // Few long rows: each is cut into pieces whose sums are added in order.
        let pieces = (columns + piece - 1) / piece
        let partial = [Double](unsafeUninitializedCapacity: rows * pieces) { partial, count in
            count = rows * pieces
            let slots = partial
            arranged.read { source in
                Parallelism.forEach(rows * pieces) { index in
                    let start = index % pieces * piece
                    slots[index] = Scalar._kernels.sum(
                        x: source + index / pieces * columns + start,
                        count: Swift.min(piece, columns - start))
                }
            }
        }
        out.fill { target in
            for row in 0..<rows {
                target[row] = Scalar(fromDouble: partial[row * pieces..<(row + 1) * pieces].reduce(0, +))
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

    /// The arithmetic mean over the given axes (all by default); NaN over none.
    public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let count = shape.axes(axes, for: "mean").reduce(1) { $0 * shape[$1] }
        return sum(axes: axes, keepingDimensions: keepingDimensions) / Scalar(fromDouble: Double(count))
    }

    /// The mean over one axis.
    public func mean(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        mean(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The variance over the given axes (all by default): Σ(x − mean)² / (n − correction), in two passes.
    /// `correction` 0 as in NumPy and JAX; 1 gives the unbiased estimate, PyTorch's default.
    public func variance(
        axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false
    ) -> Tensor {
        let count = shape.axes(axes, for: "variance").reduce(1) { $0 * shape[$1] }
        let centred = self - mean(axes: axes, keepingDimensions: true)
        let divisor = Scalar(fromDouble: Double(Swift.max(0, count - correction)))
        return centred.squared().sum(axes: axes, keepingDimensions: keepingDimensions) / divisor
    }

    /// The variance over one axis.
    public func variance(axes axis: Int, correction: Int = 0, keepingDimensions: Bool = false) -> Tensor {
        variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
    }

    /// ln Σ eˣ over one axis, without overflow.
    public func logSumExp(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// ln Σ eˣ over the given axes (all by default), without overflow.
    public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = shape.axes(axes, for: "logSumExp")
        let out = reducing(axes, true, to: Scalar.self) { Scalar._kernels.logSumExp(x: $0, count: $1) }
        let shaped = out.reshaped(to: shape.reducing(axes, keepingDimensions: keepingDimensions))
        guard let recording = Recording.tracking(trace) else { return shaped }
        let entry = recording.entry(trace)
        let x = detached
        return recording.record(.logSumExp, shaped) { pass in
            let upstream: Tensor = pass.takeUpstream()
            pass.add(upstream.reshaped(to: out.shape) * exp(x - out), to: entry)
        }
    }

    // MARK: Extrema

    /// The largest element over the given axes (all by default), NaN where one is NaN. Equal maxima share
    /// the gradient evenly, as in PyTorch's `amax`. Traps where there is nothing to choose from.
    public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extremum(axes, keepingDimensions, "max") { Scalar._kernels.maximum(x: $0, count: $1) }
    }

    /// The largest element over one axis.
    public func max(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        max(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The smallest element over the given axes (all by default), NaN where one is NaN. Equal minima share
    /// the gradient evenly. Traps where there is nothing to choose from.
    public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extremum(axes, keepingDimensions, "min") { Scalar._kernels.minimum(x: $0, count: $1) }
    }

    /// The smallest element over one axis.
    public func min(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        min(axes: [axis], keepingDimensions: keepingDimensions)
    }

    private func extremum(
        _ axes: [Int]?, _ keepingDimensions: Bool, _ operation: String,
        _ reduce: (UnsafePointer<Scalar>, Int) -> Scalar
    ) -> Tensor {
        let axes = shape.axes(axes, for: operation)
        require(
            axes.allSatisfy { shape[$0] > 0 },
            "\(operation): shape \(shape) has no elements along axes \(axes); expected at least one")
        let out = reducing(axes, true, to: Scalar.self, reduce)
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
    /// is one. Traps on an empty axis.
    public func argmax(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int32> {
        position(axis, keepingDimensions, "argmax", >)
    }

    /// The position of the smallest element along an axis, the first of equals; of the first NaN where there
    /// is one. Traps on an empty axis.
    public func argmin(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int32> {
        position(axis, keepingDimensions, "argmin", <)
    }

    private func position(
        _ axis: Int, _ keepingDimensions: Bool, _ operation: String, _ better: (Scalar, Scalar) -> Bool
    ) -> Tensor<Int32> {
        let axis = shape.axis(axis, for: operation)
        require(shape[axis] > 0, "\(operation): axis \(axis) of \(shape) is empty")
        return reducing([axis], keepingDimensions, to: Int32.self) { row, count in
            var best = 0
            for index in 1..<Swift.max(count, 1) {
                if row[best] != row[best] { break }
                if better(row[index], row[best]) || row[index] != row[index] { best = index }
            }
            return Int32(best)
        }
    }
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
