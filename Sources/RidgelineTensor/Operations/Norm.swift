// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// The Euclidean norm √Σx² over the given axes (all by default; PyTorch: `linalg.vector_norm`), accumulated in
    /// double precision, and scaled where squares would overflow or vanish.
    ///
    /// The gradient is x/‖x‖·upstream, 0 where all elements are 0, as in PyTorch. NaN where an element is; else
    /// infinite where one is. The norm of nothing is 0. Saves x and the result.
    public func norm(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = shape.axes(axes, for: "norm")
        var out = Tensor(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
        let rows = ReducedRows(detached, reducing: axes)
        out.fill { target in
            rows.forEachTotal {
                Scalar._kernels.sumOfSquares(x: $1, shift: 0, count: $2)
            } _: { row, total in
                target[row] = Scalar(fromDouble: total.squareRoot())
                // Of floats, no square leaves the range of doubles.
                if Scalar.dataType == .float64 && !(1e-290...1e300).contains(total) {
                    let start = rows.tensor.pointer + row * rows.columns
                    target[row] = Self.scaledNorm(start, rows.columns)
                }
            }
        }
        withExtendedLifetime(rows.tensor.storage) {}
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        let (x, norms) = (detached, out.reshaped(to: shape.reducing(axes, keepingDimensions: true)))
        return recording.record(.norm, out) { pass in
            let upstream = pass.takeUpstream(as: Scalar.self).reshaped(to: norms.shape)
            pass.add(which(norms .== 0, .zeros([]), x / norms * upstream), to: entry)
        }
    }

    /// The Euclidean norm over one axis.
    public func norm(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        norm(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// √Σx² of elements brought near 1 by a power of 2.
    private static func scaledNorm(_ x: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        let kernels = Scalar._kernels
        let (lowest, highest) = (kernels.minimum(x: x, count: count), kernels.maximum(x: x, count: count))
        let largest = Swift.max(-lowest, highest)
        guard largest.isFinite, largest > 0 else { return count == 0 ? 0 : largest }
        // Two steps, as the power of 2 for the least numbers is none that a scalar holds.
        let exponent = Swift.min(Swift.max(-Int(largest.exponent), -1_000), 1_000)
        var scale = Scalar(sign: .plus, exponent: Scalar.Exponent(exponent), significand: 1)
        let block = 1_024
        let squares = withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Swift.min(block, count)) {
            scratch in
            guard let scaled = scratch.baseAddress else { return 0.0 }
            return stride(from: 0, to: count, by: block).reduce(0.0) { sum, start in
                let length = Swift.min(block, count - start)
                Scalar._binary(.multiply, x + start, 1, &scale, 0, scaled, length)
                return sum + kernels.sumOfSquares(x: scaled, shift: 0, count: length)
            }
        }
        return Scalar(fromDouble: squares.squareRoot()) / scale
    }
}
