// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

extension Tensor where Scalar: FloatingScalar {
    /// ln Σ eˣ over one axis, without overflow.
    public func logSumExp(axes axis: Int, keepingDimensions: Bool = false) -> Tensor {
        logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// ln Σ eˣ over the given axes (all by default), without overflow (PyTorch: `logsumexp`).
    ///
    /// It is m + ln Σ exp(x − m), m the largest value; where that is infinite or NaN, the result is m. The
    /// gradient, softmax(x)·upstream, is made of x − m too, not of the result, which is rounded as coarsely as x
    /// is large: those of a row add up to the upstream one. Where m is infinite, equal elements get NaN and others
    /// 0, as in PyTorch. Saves x, and m and Σ exp(x − m) of each row.
    public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = shape.axes(axes, for: "logSumExp")
        if axes.count == 1, let axis = axes.first, liesBeforeManyColumns(axis) {
            return folded(.logSumExp, axis: axis, keepingDimensions: keepingDimensions)
        }
        var out = Tensor(uninitialized: shape.reducing(axes, keepingDimensions: keepingDimensions))
        let rows = ReducedRows(detached, reducing: axes)
        var largest = Tensor(uninitialized: [rows.count])
        var sums = Tensor<Double>(uninitialized: [rows.count])
        out.fill { out in
            largest.fill { largest in
                sums.fill { sums in
                    rows.forEach { row, x in
                        let (kernels, columns) = (Scalar._kernels, rows.columns)
                        let m = kernels.maximum(x: x, count: columns)
                        largest[row] = m
                        sums[row] = m.isFinite ? kernels.sumOfExponentials(x: x, shift: m, count: columns) : 1
                        out[row] = Scalar(fromDouble: m.asDouble + Double.log(sums[row]))
                    }
                }
            }
        }
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        return recording.record(.logSumExp, out) { [largest, sums] pass in
            let upstream = pass.takeUpstream(as: Scalar.self).contiguous()
            var gradient = Tensor(uninitialized: rows.tensor.shape)
            gradient.fill { dx in
                let (dy, shifts, sums) = (upstream.pointer, largest.pointer, sums.pointer)
                rows.forEach { row, x in
                    Scalar._kernels.exponentialShifted(
                        x: x, shift: shifts[row], scale: Scalar(fromDouble: dy[row].asDouble / sums[row]),
                        out: dx + row * rows.columns, count: rows.columns)
                }
            }
            withExtendedLifetime((upstream.storage, largest.storage, sums.storage)) {}
            pass.add(rows.restoring(gradient), to: entry)
        }
    }

    /// Whether enough columns lie side by side behind an axis for the fold kernels, which then take the axis where it
    /// is: made a row, it would have to be copied.
    private func liesBeforeManyColumns(_ axis: Int) -> Bool {
        layout.isContiguous && shape[axis] > 0
            && shape.dropFirst(axis + 1).reduce(1, *) >= MiddleAxis.fewColumns
    }
}
