// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// The product over the given axes (all by default), multiplied in double precision and rounded once (PyTorch,
    /// NumPy: `prod`); 1 over none. The gradient of each factor is the product of the others, which is right where
    /// factors are 0: nothing is divided. Saves x.
    public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = shape.axes(axes, for: "product")
        let out = detached.reducing(axes, keepingDimensions, to: Scalar.self) { x, count in
            var product = 1.0
            for index in 0..<count { product *= x[index].asDouble }
            return Scalar(fromDouble: product)
        }
        guard let recording = Recording.tracking(trace) else { return out }
        let (entry, x) = (recording.entry(trace), detached)
        return recording.record(.product, out) { pass in
            pass.add(x.productGradient(pass.takeUpstream(), axes), to: entry)
        }
    }

    /// The product along one axis; see `product(axes:keepingDimensions:)`.
    public func product(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        product(axes: [axis], keepingDimensions: keepingDimensions)
    }

    private func productGradient(_ upstream: Tensor, _ axes: [Int]) -> Tensor {
        let rows = ReducedRows(self, reducing: axes)
        let upstream = upstream.contiguous()
        var out = Tensor(uninitialized: rows.tensor.shape)
        out.fill { target in
            upstream.read { dy in
                rows.forEach { row, x in
                    let dx = target + row * rows.columns
                    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.columns + 1) { later in
                        // The product of what comes after each factor, then of what comes before it.
                        later[rows.columns] = 1
                        for index in stride(from: rows.columns - 1, through: 0, by: -1) {
                            later[index] = later[index + 1] * x[index].asDouble
                        }
                        var product = dy[row].asDouble
                        for index in 0..<rows.columns {
                            dx[index] = Scalar(fromDouble: product * later[index + 1])
                            product *= x[index].asDouble
                        }
                    }
                }
            }
        }
        return rows.restoring(out)
    }
}
