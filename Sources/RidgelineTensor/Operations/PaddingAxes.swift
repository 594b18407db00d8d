// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// The tensor with elements of its own around it along any of its axes (NumPy: `pad`; PyTorch: `nn.functional.pad`):
    /// one axis after the other, so that corners repeat what stands beside them.
    ///
    /// An element's gradient is the sum of those of its copies. Nothing is saved.
    ///
    /// - Parameters:
    ///   - widths: Elements before and after along each axis.
    ///   - mode: What they are.
    /// - Returns: Each extent the sum of it and its widths. Traps where there is not one pair an axis, on a negative
    ///   width, and where an axis mirrors as many elements as it has, repeats more than it has, or is to repeat an edge
    ///   of which it has none.
    public func padded(_ widths: [(before: Int, after: Int)], mode: PaddingMode) -> Tensor {
        require(
            widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
            "padded: widths \(widths) for shape \(shape); expected one non-negative pair for each axis")
        if mode == .zero { return padded(widths) }
        var result = self
        for (axis, width) in widths.enumerated() where width != (0, 0) {
            let extent = shape[axis]
            let most: Int? =
                switch mode {
                case .reflect: extent - 1
                case .circular: extent
                case .replicate, .zero: extent == 0 ? 0 : nil
                }
            require(
                most.map { Swift.max(width.before, width.after) <= $0 } ?? true,
                "padded: \(mode.rawValue) \(width.before) before and \(width.after) after axis \(axis) of \(shape); "
                    + "expected at most \(Swift.max(0, most ?? 0))")
            let parts = [
                result.edge(axis, width.before, mode, isBefore: true), result,
                result.edge(axis, width.after, mode, isBefore: false),
            ]
            result = Tensor.concatenated(parts.filter { $0.shape[axis] > 0 }, axis: axis)
        }
        return result
    }

    /// What stands before or after an axis.
    private func edge(_ axis: Int, _ count: Int, _ mode: PaddingMode, isBefore: Bool) -> Tensor {
        let extent = shape[axis]
        func part(_ start: Int, _ step: Int = 1) -> Tensor {
            sliced(axis: axis, from: count == 0 ? 0 : start, count: count, step: step)
        }
        switch mode {
        case .reflect: return part(isBefore ? count : extent - 2, -1)
        case .circular: return part(isBefore ? extent - count : 0)
        case .replicate, .zero:
            var target = shape.extents
            target[axis] = count
            return sliced(axis: axis, from: isBefore ? 0 : extent - 1, count: 1, step: 1)
                .broadcast(to: Shape(target))
        }
    }
}
