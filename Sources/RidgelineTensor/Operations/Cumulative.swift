// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Along which way a cumulative sum or product goes, and whether an element counts for its own place.
struct CumulativeOrder: Sendable {
    let isExclusive: Bool
    let isReversed: Bool

    /// The place of step `step` in a row of `count`.
    @inline(__always)
    func place(_ step: Int, _ count: Int) -> Int { isReversed ? count - 1 - step : step }
}

extension Tensor where Scalar: NumericScalar {
    /// A tensor of this shape whose rows along an axis `body` makes of these.
    fileprivate func mappingRows(
        _ rows: ReducedRows<Scalar>,
        _ body: (_ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
        var out = Tensor(uninitialized: rows.tensor.shape)
        out.fill { y in rows.forEach { row, x in body(x, y + row * rows.columns) } }
        return rows.restoring(out)
    }

    fileprivate func running<Total>(
        axis: Int, _ order: CumulativeOrder, from start: Total, _ add: (Total, Scalar) -> Total,
        _ rounded: (Total) -> Scalar
    ) -> Tensor {
        let rows = ReducedRows(detached, reducing: [axis])
        return mappingRows(rows) { x, y in
            var total = start
            for step in 0..<rows.columns {
                let place = order.place(step, rows.columns)
                if order.isExclusive { y[place] = rounded(total) }
                total = add(total, x[place])
                if !order.isExclusive { y[place] = rounded(total) }
            }
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// yᵢ = x₀ + … + xᵢ along an axis, added up in double precision and rounded once (PyTorch, NumPy: `cumsum`). The
    /// shape is this tensor's.
    ///
    /// - Parameters:
    ///   - axis: Along which; negative ones count from the last. Traps where it does not exist.
    ///   - exclusive: Whether yᵢ leaves out xᵢ, so that y₀ = 0.
    ///   - reversed: Whether the sum begins at the end: yᵢ = xᵢ + … + xₙ₋₁.
    public func cumulativeSum(axis: Int, exclusive: Bool = false, reversed: Bool = false) -> Tensor {
        let axis = shape.axis(axis, for: "cumulativeSum")
        let order = CumulativeOrder(isExclusive: exclusive, isReversed: reversed)
        let out = running(axis: axis, order, from: 0.0, { $0 + $1.asDouble }, Scalar.init(fromDouble:))
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        return recording.record(.cumulativeSum, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            pass.add(
                upstream.cumulativeSum(axis: axis, exclusive: exclusive, reversed: !reversed), to: entry)
        }
    }

    /// yᵢ = x₀ · … · xᵢ along an axis, multiplied in double precision (PyTorch, NumPy: `cumprod`). The gradient is right
    /// where factors are 0: nothing is divided. Saves x. Shape and arguments as `cumulativeSum`; without xᵢ, y₀ = 1.
    public func cumulativeProduct(axis: Int, exclusive: Bool = false, reversed: Bool = false) -> Tensor {
        let axis = shape.axis(axis, for: "cumulativeProduct")
        let order = CumulativeOrder(isExclusive: exclusive, isReversed: reversed)
        let out = running(axis: axis, order, from: 1.0, { $0 * $1.asDouble }, Scalar.init(fromDouble:))
        guard let recording = Recording.tracking(trace) else { return out }
        let (entry, x) = (recording.entry(trace), detached)
        return recording.record(.cumulativeProduct, out) { pass in
            pass.add(x.cumulativeProductGradient(pass.takeUpstream(), axis, order), to: entry)
        }
    }

    /// dxᵢ = Pᵢ·Sᵢ with Pᵢ the product of what comes before xᵢ, and Sᵢ = dyᵢ + xᵢ₊₁·Sᵢ₊₁ the sum of the gradients that xᵢ
    /// reaches, each times the factors in between; where yᵢ leaves out xᵢ, Sᵢ = dyᵢ₊₁ + xᵢ₊₁·Sᵢ₊₁.
    private func cumulativeProductGradient(_ dy: Tensor, _ axis: Int, _ order: CumulativeOrder) -> Tensor {
        let rows = ReducedRows(detached, reducing: [axis])
        let upstream = ReducedRows(dy, reducing: [axis]).tensor
        let count = rows.columns
        defer { withExtendedLifetime(upstream.storage) {} }
        let first = upstream.pointer
        let start = rows.tensor.pointer
        return mappingRows(rows) { x, dx in
            let dy = first + (x - start)
            withUnsafeTemporaryAllocation(of: Double.self, capacity: Swift.max(1, count)) { sums in
                var sum = 0.0
                var later = 0.0
                for step in stride(from: count - 1, through: 0, by: -1) {
                    let place = order.place(step, count)
                    if order.isExclusive {
                        sums[step] = sum
                        sum = dy[place].asDouble + x[place].asDouble * sum
                    } else {
                        sum = dy[place].asDouble + later * sum
                        sums[step] = sum
                        later = x[place].asDouble
                    }
                }
                var product = 1.0
                for step in 0..<count {
                    let place = order.place(step, count)
                    dx[place] = Scalar(fromDouble: product * sums[step])
                    product *= x[place].asDouble
                }
            }
        }
    }
}

extension Tensor where Scalar: IntegerScalar {
    /// yᵢ = x₀ + … + xᵢ along an axis, wrapping on overflow; arguments as of floating-point numbers.
    public func cumulativeSum(axis: Int, exclusive: Bool = false, reversed: Bool = false) -> Tensor {
        let order = CumulativeOrder(isExclusive: exclusive, isReversed: reversed)
        return running(axis: shape.axis(axis, for: "cumulativeSum"), order, from: 0, &+, { $0 })
    }

    /// yᵢ = x₀ · … · xᵢ along an axis, wrapping on overflow; arguments as of floating-point numbers.
    public func cumulativeProduct(axis: Int, exclusive: Bool = false, reversed: Bool = false) -> Tensor {
        let order = CumulativeOrder(isExclusive: exclusive, isReversed: reversed)
        return running(axis: shape.axis(axis, for: "cumulativeProduct"), order, from: 1, &*, { $0 })
    }
}
