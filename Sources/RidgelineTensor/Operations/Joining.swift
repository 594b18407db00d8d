// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// The tensors one after another along an axis (NumPy and PyTorch: `concatenate`). Traps on an empty list
    /// and where the other extents differ.
    public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        require(!tensors.isEmpty, "concatenated: no tensors; expected at least one")
        let axis = tensors[0].shape.axis(axis, for: "concatenated")
        var shape = tensors[0].shape
        for tensor in tensors.dropFirst() {
            var expected = tensors[0].shape
            require(
                tensor.rank == expected.rank,
                "concatenated: \(tensor.shape) beside \(expected); expected as many axes")
            expected.extents[axis] = tensor.shape[axis]
            require(
                tensor.shape == expected,
                "concatenated: \(tensor.shape) beside \(tensors[0].shape); expected equal extents but along "
                    + "axis \(axis)")
            shape.extents[axis] = sum(shape.extents[axis], tensor.shape[axis], "concatenated", tensor.shape)
        }
        let out = Tensor(uninitialized: Shape(checked: shape.extents, for: "concatenated"))
        var start = 0
        for tensor in tensors {
            let count = tensor.shape[axis]
            var region = out.view(out.layout.sliced(axis: axis, start: start, count: count, step: 1))
            region.copyElements(from: tensor)
            start += count
        }
        return recordConcatenation(out, tensors, axis)
    }

    /// The sum of extents. Traps where it is no Int, with the operation and a shape.
    private static func sum(_ extent: Int, _ other: Int, _ operation: String, _ shape: Shape) -> Int {
        let (sum, overflow) = extent.addingReportingOverflow(other)
        require(!overflow, "\(operation): \(extent) and \(other) more beside \(shape) overflow")
        return sum
    }

    private static func recordConcatenation(_ out: Tensor, _ tensors: [Tensor], _ axis: Int) -> Tensor {
        guard let recording = Recording.tracking(tensors.map(\.trace)) else { return out }
        let parts = tensors.map { (entry: recording.entry($0.trace), count: $0.shape[axis]) }
        func backward<Real: FloatingScalar>(_ pass: inout BackwardPass, _ type: Real.Type) {
            let upstream: Tensor<Real> = pass.takeUpstream()
            var start = 0
            for part in parts {
                pass.add(upstream.sliced(axis: axis, from: start, count: part.count, step: 1), to: part.entry)
                start += part.count
            }
        }
        return recording.record(.concatenate, out) { pass in
            switch Scalar.dataType {
            case .float32: backward(&pass, Float.self)
            case .float64: backward(&pass, Double.self)
            default: fatalError("gradients are floating-point")
            }
        }
    }

    /// The tensors along a new axis. Traps on an empty list and where the shapes differ.
    public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        for tensor in tensors.dropFirst() {
            require(
                tensor.shape == tensors[0].shape,
                "stacked: \(tensor.shape) beside \(tensors[0].shape); expected equal shapes")
        }
        return concatenated(tensors.map { $0.expandingDimension(at: axis) }, axis: axis)
    }

    /// Parts of the given extents along an axis, as views. Traps where they do not add up to its extent.
    public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
        let axis = shape.axis(axis, for: "split")
        require(
            sizes.allSatisfy { $0 >= 0 } && UInt(shape[axis]) == sizes.reduce(0) { $0 &+ UInt($1) }
                && sizes.allSatisfy { $0 <= shape[axis] },
            "split: sizes \(sizes) for axis \(axis) of \(shape); expected their sum to be \(shape[axis])")
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return sliced(axis: axis, from: start, count: size, step: 1)
        }
    }

    /// Equal parts along an axis, as views. Traps where the extent does not divide, and on more than a million parts of
    /// an empty axis.
    public func split(into count: Int, axis: Int = 0) -> [Tensor] {
        let axis = shape.axis(axis, for: "split")
        require(
            count > 0 && shape[axis] % count == 0 && (shape[axis] > 0 || count <= 1_000_000),
            "split: axis \(axis) of \(shape) does not divide into \(count) equal parts")
        return split(sizes: Array(repeating: shape[axis] / count, count: count), axis: axis)
    }

    /// The tensor with `value` around it: `widths[k]` elements before and after along axis k (NumPy:
    /// `pad(mode="constant")`). Traps where there is not one pair an axis, and on a negative width.
    public func padded(_ widths: [(before: Int, after: Int)], value: Scalar = .zeroScalar) -> Tensor {
        require(
            widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
            "padded: widths \(widths) for shape \(shape); expected one non-negative pair for each axis")
        var extents = shape.extents
        for axis in 0..<rank {
            for width in [widths[axis].before, widths[axis].after] {
                extents[axis] = Self.sum(extents[axis], width, "padded", shape)
            }
        }
        let out = Tensor.full(Shape(checked: extents, for: "padded"), value)
        var inside = out.layout
        for axis in 0..<rank {
            inside = inside.sliced(axis: axis, start: widths[axis].before, count: shape[axis], step: 1)
        }
        var region = out.view(inside)
        region.copyElements(from: self)
        let before = shape
        let starts = widths.map(\.before)
        func cut<Real>(_ gradient: Tensor<Real>) -> Tensor<Real> {
            var result = gradient
            for axis in 0..<before.rank {
                result = result.sliced(axis: axis, from: starts[axis], count: before[axis], step: 1)
            }
            return result
        }
        return recordingView(
            .pad, out,
            ViewBackward {
                cut($0)
            } double: {
                cut($0)
            })
    }
}
