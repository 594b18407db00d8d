// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Where the elements of a tensor lie in its storage: element (i₀, i₁, …) is at
/// `offset + Σ iₖ·strides[k]`, counted in elements.
///
/// Transposes, slices and broadcasts are new layouts on the same storage: a stride of 0 repeats, a negative
/// one walks backwards.
package struct Layout: Sendable, Equatable {
    package var shape: Shape
    package var strides: InlineIntegers
    package var offset: Int

    package init(shape: Shape, strides: InlineIntegers, offset: Int) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
    }

    /// The row-major layout of a shape, from the start of a storage.
    package init(contiguous shape: Shape) {
        var strides = InlineIntegers(repeating: 1, count: shape.rank)
        var step = 1
        var axis = shape.rank - 1
        while axis >= 0 {
            strides[axis] = step
            step *= Swift.max(shape.extents[axis], 1)
            axis -= 1
        }
        self.init(shape: shape, strides: strides, offset: 0)
    }

    package var rank: Int { shape.rank }
    package var elementCount: Int { shape.elementCount }

    /// Whether the elements lie row-major without gaps (axes of extent 1 do not matter).
    package var isContiguous: Bool {
        var expected = 1
        var axis = shape.rank - 1
        while axis >= 0 {
            let extent = shape.extents[axis]
            if extent == 0 { return true }
            if extent != 1 {
                if strides[axis] != expected { return false }
                expected *= extent
            }
            axis -= 1
        }
        return true
    }

    // MARK: Views

    /// The axes in another order: axis k of the result is axis `order[k]` of this layout.
    package func permuted(_ order: [Int]) -> Layout {
        Layout(
            shape: Shape(InlineIntegers(order.map { shape.extents[$0] })),
            strides: InlineIntegers(order.map { strides[$0] }),
            offset: offset)
    }

    /// `count` elements of one axis from `start` on, `step` apart.
    package func sliced(axis: Int, start: Int, count: Int, step: Int) -> Layout {
        var result = self
        result.offset += start * strides[axis]
        result.shape.extents[axis] = count
        result.strides[axis] *= step
        return result
    }

    /// This layout without an axis, at one position of it.
    package func selecting(axis: Int, position: Int) -> Layout {
        var result = self
        result.offset += position * strides[axis]
        result.shape.extents.remove(at: axis)
        result.strides.remove(at: axis)
        return result
    }

    /// A new axis of extent 1 before the given one.
    package func insertingAxis(at axis: Int) -> Layout {
        var result = self
        result.shape.extents.insert(1, at: axis)
        result.strides.insert(0, at: axis)
        return result
    }

    /// The layout that repeats this one's elements up to `target`, which the caller has checked to be a
    /// broadcast of this shape.
    package func broadcast(to target: Shape) -> Layout {
        if target == shape { return self }
        var result = InlineIntegers(repeating: 0, count: target.rank)
        let lead = target.rank - rank
        for axis in 0..<rank where shape.extents[axis] == target.extents[lead + axis] {
            result[lead + axis] = strides[axis]
        }
        return Layout(shape: target, strides: result, offset: offset)
    }

    /// This layout seen in another shape of as many elements, or nil where that needs a copy.
    package func reshaped(to target: Shape) -> Layout? {
        if isContiguous {
            var result = Layout(contiguous: target)
            result.offset = offset
            return result
        }
        // Walk both shapes, matching groups of axes that hold equally many elements; a group of source axes
        // can be seen otherwise only where each steps exactly over the next.
        var result = InlineIntegers(repeating: 0, count: target.rank)
        let source = (0..<rank).filter { shape.extents[$0] != 1 }
        var from = 0
        var to = 0
        while from < source.count {
            var have = shape.extents[source[from]]
            var last = from
            var firstTarget = to
            while firstTarget < target.rank && target.extents[firstTarget] == 1 { firstTarget += 1 }
            guard firstTarget < target.rank else { return nil }
            var want = target.extents[firstTarget]
            var end = firstTarget + 1
            while have != want {
                if have < want {
                    last += 1
                    guard last < source.count else { return nil }
                    let inner = source[last]
                    guard strides[source[last - 1]] == strides[inner] * shape.extents[inner] else {
                        return nil
                    }
                    have *= shape.extents[inner]
                } else {
                    guard end < target.rank else { return nil }
                    want *= target.extents[end]
                    end += 1
                }
            }
            var step = strides[source[last]]
            for axis in stride(from: end - 1, through: firstTarget, by: -1) {
                result[axis] = step
                step *= target.extents[axis]
            }
            from = last + 1
            to = end
        }
        return Layout(shape: target, strides: result, offset: offset)
    }
}
