// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// The result of a view or copy, recorded where the scalar is floating-point: `backward` maps the
    /// gradient of the result to that of this tensor.
    ///
    /// Views are defined for every scalar but differentiable for two, which only the run-time type tells.
    func recordingView(
        _ operation: DifferentiableOperation, _ out: Tensor, _ backward: ViewBackward
    ) -> Tensor {
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        return recording.record(operation, out) { pass in
            switch Scalar.dataType {
            case .float32: pass.add(backward.float(pass.takeUpstream()), to: entry)
            case .float64: pass.add(backward.double(pass.takeUpstream()), to: entry)
            default: fatalError("gradients are floating-point")
            }
        }
    }

    // MARK: Shape

    /// The elements in row-major order under another shape; one extent may be −1 and is computed. A view
    /// where the strides allow it, else a copy. Traps where the numbers of elements differ.
    public func reshaped(to shape: Shape) -> Tensor {
        if shape == self.shape { return unchanged }
        require(
            shape.elementCount == elementCount,
            "reshaped: \(self.shape) has \(elementCount) elements; \(shape) expects \(shape.elementCount)")
        let out: Tensor
        if let layout = layout.reshaped(to: shape) {
            out = view(layout)
        } else {
            out = Tensor(storage: copied().storage, layout: Layout(contiguous: shape))
        }
        let before = self.shape
        return recordingView(
            .reshape, out,
            ViewBackward {
                $0.reshaped(to: before)
            } double: {
                $0.reshaped(to: before)
            })
    }

    /// As `reshaped(to:)`, with one extent of −1 computed from the others: `x.reshaped([-1, 768])`.
    public func reshaped(_ extents: [Int]) -> Tensor {
        guard let unknown = extents.firstIndex(of: -1) else { return reshaped(to: Shape(extents)) }
        var known = extents
        known.remove(at: unknown)
        let product = known.reduce(1) { product, extent in
            // What overflows divides nothing, as 0.
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            return overflow ? 0 : next
        }
        require(
            known.allSatisfy { $0 >= 0 } && product > 0 && elementCount % product == 0,
            "reshaped: \(shape) does not divide into \(extents)")
        known.insert(elementCount / product, at: unknown)
        return reshaped(to: Shape(known))
    }

    /// All elements along one axis.
    public func flattened() -> Tensor { reshaped(to: [elementCount]) }

    /// The axes in another order: axis k of the result is axis `order[k]` of this tensor. A view. Traps where
    /// `order` does not name each axis once.
    public func permuted(_ order: [Int]) -> Tensor {
        let axes = order.map { shape.axis($0, for: "permuted") }
        require(
            axes.sorted() == Array(0..<rank),
            "permuted: \(order) does not name each axis of \(shape) once")
        var inverse = axes
        for (position, axis) in axes.enumerated() { inverse[axis] = position }
        let back = inverse
        return recordingView(
            .permute, view(layout.permuted(axes)),
            ViewBackward {
                $0.permuted(back)
            } double: {
                $0.permuted(back)
            })
    }

    /// Two axes exchanged, by default the last two: the matrix transpose. A view.
    public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
        var order = Array(0..<rank)
        order.swapAt(shape.axis(first, for: "transposed"), shape.axis(second, for: "transposed"))
        return permuted(order)
    }

    /// The tensor without its axes of extent 1, or without the given ones. Traps where one of these is not 1.
    public func squeezed(_ axes: [Int]? = nil) -> Tensor {
        let chosen = axes.map { shape.axes($0, for: "squeezed") } ?? (0..<rank).filter { shape[$0] == 1 }
        for axis in chosen {
            require(shape[axis] == 1, "squeezed: axis \(axis) of \(shape) has not extent 1")
        }
        return reshaped(to: shape.reducing(chosen, keepingDimensions: false))
    }

    /// The tensor with a new axis of extent 1 before axis `axis` of the result (PyTorch: `unsqueeze`).
    public func expandingDimension(at axis: Int) -> Tensor {
        let position = axis < 0 ? axis + rank + 1 : axis
        require(
            position >= 0 && position <= rank, "expandingDimension: axis \(axis) is out of range for \(shape)"
        )
        var extents = shape.extents
        extents.insert(1, at: position)
        return reshaped(to: Shape(extents))
    }

    /// The elements repeated along axes of extent 1, and along new leading axes, up to `shape`, as NumPy's
    /// `broadcast_to` and PyTorch's `expand`. A view. Traps where an extent is neither equal nor 1.
    public func broadcast(to shape: Shape) -> Tensor {
        if shape == self.shape { return unchanged }
        require(
            Shape.broadcast(self.shape, shape, for: "broadcast(to:)") == shape,
            "broadcast(to:): \(self.shape) does not broadcast to \(shape)")
        let before = self.shape
        return recordingView(
            .broadcast, view(layout.broadcast(to: shape)),
            ViewBackward {
                $0.summed(to: before)
            } double: {
                $0.summed(to: before)
            })
    }

    /// The elements of each given axis in reverse order (NumPy: `flip`). A view.
    public func flipped(_ axes: [Int]? = nil) -> Tensor {
        var result = unchanged
        for axis in shape.axes(axes, for: "flipped") {
            result = result.sliced(axis: axis, from: shape[axis] - 1, count: shape[axis], step: -1)
        }
        return result
    }

    /// `count` elements along an axis from position `start` on, `step` apart: the slice that every other
    /// slice is made of. A view.
    package func sliced(axis: Int, from start: Int, count: Int, step: Int) -> Tensor {
        // A step that is not taken may be any number, whose strides would overflow.
        let step = count > 1 ? step : 1
        if count == shape[axis] && start == 0 && step == 1 { return unchanged }
        let before = shape
        let origin = count == 0 ? 0 : start
        return recordingView(
            .slice, view(layout.sliced(axis: axis, start: origin, count: count, step: step)),
            ViewBackward {
                $0.scattered(into: before, axis: axis, start: origin, step: step)
            } double: {
                $0.scattered(into: before, axis: axis, start: origin, step: step)
            })
    }

    /// Zeros of the given shape with these elements where the slice took them from: the slice's transpose.
    fileprivate func scattered(into shape: Shape, axis: Int, start: Int, step: Int) -> Tensor {
        let out = Tensor.zeros(shape)
        var region = out.view(
            out.layout.sliced(axis: axis, start: start, count: self.shape[axis], step: step))
        region.copyElements(from: self)
        return out
    }
}

/// The gradient of a view for either floating-point scalar.
struct ViewBackward {
    let float: (Tensor<Float>) -> Tensor<Float>
    let double: (Tensor<Double>) -> Tensor<Double>

    init(
        _ float: @escaping (Tensor<Float>) -> Tensor<Float>,
        double: @escaping (Tensor<Double>) -> Tensor<Double>
    ) {
        self.float = float
        self.double = double
    }
}
