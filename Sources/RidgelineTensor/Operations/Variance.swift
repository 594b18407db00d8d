// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// The variance over the given axes (all by default): Σ(x − mean)² / (n − correction), in two passes, the mean as
    /// exact as two scalars can hold it. `correction` 0 as in NumPy and JAX; 1 gives the unbiased estimate, PyTorch's
    /// default (PyTorch: `var`).
    ///
    /// The gradient is 2(x − mean)·upstream / (n − correction). Saves x and the mean of each row.
    public func variance(
        axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false
    ) -> Tensor {
        let axes = shape.axes(axes, for: "variance")
        let rows = ReducedRows(detached, reducing: axes)
        let divisor = Double(Swift.max(0, rows.columns - correction))
        let means = RowMeans(of: rows)
        var out = Tensor(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
        out.fill { target in
            means.forEachSumOfSquares(in: rows) { row, squares in
                target[row] = Scalar(fromDouble: squares / divisor)
            }
        }
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        let (x, kept) = (detached, shape.reducing(axes, keepingDimensions: true))
        return recording.record(.variance, out) { pass in
            let upstream = pass.takeUpstream(as: Scalar.self).reshaped(to: kept)
            let (high, low) = (means.high.reshaped(to: kept), means.low.reshaped(to: kept))
            pass.add((x - high - low) * (upstream * Scalar(fromDouble: 2 / divisor)), to: entry)
        }
    }

    /// The variance over one axis.
    public func variance(axes axis: Int, correction: Int = 0, keepingDimensions: Bool = false) -> Tensor {
        variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
    }
}

/// The mean of each row as the sum of two scalars: what the first loses to rounding may be all the deviation there is.
private struct RowMeans<Scalar: FloatingScalar>: Sendable {
    private(set) var high: Tensor<Scalar>
    private(set) var low: Tensor<Scalar>

    init(of rows: ReducedRows<Scalar>) {
        high = Tensor(uninitialized: [rows.count])
        low = Tensor(uninitialized: [rows.count])
        let count = Double(rows.columns)
        high.fill { high in
            low.fill { low in
                rows.forEachTotal {
                    Scalar._kernels.sum(x: $1, count: $2)
                } _: { row, total in
                    let mean = total / count
                    high[row] = Scalar(fromDouble: mean)
                    low[row] = Scalar(fromDouble: mean - high[row].asDouble)
                }
                // Of doubles, the mean is rounded where their differences from it need not be.
                guard Scalar.dataType == .float64 else { return }
                rows.forEachTotal {
                    Self.sum(ofDifferencesFrom: high[$0], $1, $2)
                } _: { row, total in
                    low[row] = Scalar(fromDouble: total / count)
                }
            }
        }
    }

    private static func sum(
        ofDifferencesFrom center: Scalar, _ x: UnsafePointer<Scalar>, _ count: Int
    ) -> Double {
        let block = 1_024
        return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Swift.min(block, count)) { scratch in
            guard let differences = scratch.baseAddress else { return 0 }
            var (sum, center) = (0.0, center)
            for start in stride(from: 0, to: count, by: block) {
                let length = Swift.min(block, count - start)
                Scalar._binary(.subtract, x + start, 1, &center, 0, differences, length)
                sum += Scalar._kernels.sum(x: differences, count: length)
            }
            return sum
        }
    }

    /// Σ(x − mean)² of each row.
    func forEachSumOfSquares(in rows: ReducedRows<Scalar>, _ body: (_ row: Int, _ squares: Double) -> Void) {
        high.read { high in
            low.read { low in
                let isDouble = Scalar.dataType == .float64
                rows.forEachTotal { row, x, count in
                    let center = high[row].asDouble + (isDouble ? 0 : low[row].asDouble)
                    return Scalar._kernels.sumOfSquares(x: x, shift: center, count: count)
                } _: { row, squares in
                    // Of doubles, about the rounded mean: Σ(x − h)² = Σ(x − mean)² + n·(mean − h)².
                    let rest = low[row].asDouble
                    body(row, isDouble ? squares - Double(rows.columns) * rest * rest : squares)
                }
            }
        }
    }
}
