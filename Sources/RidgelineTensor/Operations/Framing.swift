// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Windows along one axis of contiguous elements (outer, extent, inner): frame f is the elements f·step + k·dilation for
/// k below `size`, each of them `inner` numbers.
private struct FrameWalk {
    let outer: Int
    let extent: Int
    let inner: Int
    let size: Int
    let step: Int
    let dilation: Int
    let frames: Int

    /// Elements that lie side by side, in a frame as in the whole, and how many such runs a frame has.
    private var run: Int { dilation == 1 ? size * inner : inner }
    private var runs: Int { dilation == 1 ? 1 : size }

    /// Writes the frames, (outer, frames, size, inner).
    func gather<Scalar: FloatingScalar>(_ x: UnsafePointer<Scalar>, to out: UnsafeMutablePointer<Scalar>) {
        Parallelism.forEach(outer * frames) { index in
            let (row, frame) = index.quotientAndRemainder(dividingBy: frames)
            for k in 0..<runs {
                copyElements(
                    x + (row * extent + frame * step + k * dilation) * inner,
                    to: out + index * size * inner + k * run, run)
            }
        }
    }

    /// The transpose: adds the frames, in their order, to what is zero.
    func add<Scalar: FloatingScalar>(_ frames: UnsafePointer<Scalar>, to out: UnsafeMutablePointer<Scalar>) {
        Parallelism.forEach(outer) { row in
            for frame in 0..<self.frames {
                for k in 0..<runs {
                    Scalar._kernels.scaledAdd(
                        alpha: 1, x: frames + (row * self.frames + frame) * size * inner + k * run,
                        y: out + (row * extent + frame * step + k * dilation) * inner, count: run)
                }
            }
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Overlapping windows along an axis (PyTorch: `Tensor.unfold`; of a signal, its frames):
    /// y[…, f, …, k] = x[…, f·step + k·dilation, …], the windows' positions along `axis` and what each holds along a new
    /// last axis.
    ///
    /// The result is a copy. Its gradient is the sum of the copies, `overlapAdded`. Nothing is saved.
    ///
    /// - Parameters:
    ///   - axis: The axis of the windows; a negative one counts from the last.
    ///   - size: Elements of a window.
    ///   - step: From one window to the next.
    ///   - dilation: From one element of a window to the next.
    /// - Returns: x's shape with ⌊(n − dilation·(size − 1) − 1) / step⌋ + 1 for the axis's extent n, and an axis of `size`
    ///   at its end. Elements that no whole window reaches are left out. Traps on numbers below 1 and on windows longer
    ///   than the axis.
    public func unfolded(axis: Int = -1, size: Int, step: Int = 1, dilation: Int = 1) -> Tensor {
        let operation = "unfolded"
        let axis = shape.axis(axis, for: operation)
        let window = WindowAxis.frames(
            of: shape, axis: axis, size: size, step: step, dilation: dilation, for: operation)
        let walk = FrameWalk(
            outer: Shape(shape.prefix(axis)).elementCount, extent: shape[axis],
            inner: Shape(shape.dropFirst(axis + 1)).elementCount, size: size, step: step, dilation: dilation,
            frames: window.output)
        var extents = shape.map { $0 }
        extents.replaceSubrange(axis...axis, with: [window.output, size])
        var frames = Tensor(uninitialized: Shape(extents))
        let input = detached.contiguous()
        frames.fill { out in input.read { walk.gather($0, to: out) } }
        // The window's axis moves to the end.
        let order = extents.indices.filter { $0 != axis + 1 } + [axis + 1]
        let out = frames.permuted(order)
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        let extent = shape[axis]
        return recording.record(.unfold, out) { pass in
            let dy: Tensor = pass.takeUpstream()
            pass.add(dy.overlapAdded(axis: axis, step: step, dilation: dilation, extent: extent), to: entry)
        }
    }

    /// The sum of overlapping windows, the transpose of `unfolded` (PyTorch: `fold` of one axis; of frames, overlap-add):
    /// y[…, i, …] = Σ x[…, f, …, k] over the windows f and their elements k with f·step + k·dilation = i.
    ///
    /// Its gradient is `unfolded`. Nothing is saved.
    ///
    /// - Parameters:
    ///   - axis: The axis of the windows' positions, not the last one, along which they lie.
    ///   - step: From one window to the next.
    ///   - dilation: From one element of a window to the next.
    ///   - extent: Of the axis in the result; nil for what the windows reach, (frames − 1)·step + dilation·(size − 1) + 1.
    /// - Returns: x's shape with `extent` for the axis and without the last one. Traps on numbers below 1, on fewer than
    ///   two axes, and on an extent of which `unfolded` would give another number of windows.
    public func overlapAdded(axis: Int = -2, step: Int = 1, dilation: Int = 1, extent: Int? = nil) -> Tensor {
        let operation = "overlapAdded"
        let axis = shape.axis(axis, for: operation)
        require(
            rank >= 2 && axis < rank - 1,
            "\(operation): axis \(axis) of \(shape); expected another axis than the last, along which windows lie"
        )
        let (frames, size) = (shape[axis], shape[-1])
        WindowAxis.requireRange(
            kernel: Size2D(1, size), stride: Size2D(1, step), dilation: Size2D(1, dilation), padding: .none,
            for: operation)
        require(
            step > 0 && dilation > 0 && size > 0 && frames > 0,
            "\(operation): \(frames) windows of \(size), step \(step), dilation \(dilation); expected 1 or more"
        )
        let reached = (frames - 1) * step + dilation * (size - 1) + 1
        let extent = extent ?? reached
        require(
            extent >= reached && extent < reached + step,
            "\(operation): extent \(extent) for \(frames) windows of \(size), step \(step), dilation \(dilation); "
                + "expected \(reached) up to \(reached + step - 1)")
        // The window's axis comes after that of the positions.
        let order = (0...axis).map { $0 } + [rank - 1] + (axis + 1..<rank - 1).map { $0 }
        let input = detached.permuted(order).contiguous()
        var extents = shape.dropLast().map { $0 }
        extents[axis] = extent
        let walk = FrameWalk(
            outer: Shape(shape.prefix(axis)).elementCount, extent: extent,
            inner: Shape(shape.dropFirst(axis + 1).dropLast()).elementCount, size: size, step: step,
            dilation: dilation, frames: frames)
        var out = Tensor.zeros(Shape(extents))
        out.fill { out in input.read { walk.add($0, to: out) } }
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        return recording.record(.overlapAdd, out) { pass in
            let dy: Tensor = pass.takeUpstream()
            pass.add(dy.unfolded(axis: axis, size: size, step: step, dilation: dilation), to: entry)
        }
    }
}

extension WindowAxis {
    /// The windows along one axis of a shape. Traps on numbers below 1 and on windows longer than the axis.
    fileprivate static func frames(
        of shape: Shape, axis: Int, size: Int, step: Int, dilation: Int, for operation: String
    ) -> WindowAxis {
        require(
            size > 0 && step > 0 && dilation > 0,
            "\(operation): windows of \(size), step \(step), dilation \(dilation); expected 1 or more")
        requireRange(
            kernel: Size2D(1, size), stride: Size2D(1, step), dilation: Size2D(1, dilation), padding: .none,
            for: operation)
        let window = WindowAxis(
            input: shape[axis], kernel: size, stride: step, dilation: dilation, before: 0, after: 0)
        require(
            window.output > 0,
            "\(operation): windows of \(size) with dilation \(dilation) span \(window.reach), more than axis "
                + "\(axis) of \(shape)")
        return window
    }
}
