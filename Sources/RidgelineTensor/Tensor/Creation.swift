// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// A tensor of one element and no axes.
    public init(_ scalar: Scalar) {
        self.init(uninitialized: [])
        storage.pointer(as: Scalar.self).pointee = scalar
    }

    /// The elements in row-major order. Traps where their number is not the shape's.
    public init(shape: Shape, scalars: some Collection<Scalar>) {
        require(
            scalars.count == shape.elementCount,
            "Tensor(shape:scalars:): \(scalars.count) elements for shape \(shape); expected "
                + "\(shape.elementCount)")
        self.init(uninitialized: shape)
        let target = UnsafeMutableBufferPointer(start: storage.pointer(as: Scalar.self), count: scalars.count)
        _ = target.initialize(fromContentsOf: scalars)
    }

    /// A vector of these elements.
    public init(_ scalars: [Scalar]) { self.init(shape: [scalars.count], scalars: scalars) }

    /// All elements equal to `value`.
    public static func full(_ shape: Shape, _ value: Scalar) -> Tensor {
        let out = Tensor(uninitialized: shape)
        let pointer = out.storage.pointer(as: Scalar.self)
        LoopNest(out.layout).forEachRun { offsets, _, count in
            fillContiguous(pointer + offsets[0], value, count)
        }
        return out
    }

    /// All elements zero, or false.
    public static func zeros(_ shape: Shape) -> Tensor { full(shape, Scalar.zeroScalar) }
}

extension Tensor where Scalar: NumericScalar {
    /// All elements one.
    public static func ones(_ shape: Shape) -> Tensor { full(shape, 1) }

    /// `start`, `start + step`, … as far as they lie before `end` (NumPy and PyTorch: `arange`): element i is
    /// start + i·step, computed in double precision. Traps on a step of 0 and on bounds that are not finite.
    public static func range(from start: Scalar, to end: Scalar, by step: Scalar = 1) -> Tensor {
        let (first, last, width) = (start.asDouble, end.asDouble, step.asDouble)
        require(
            width != 0 && width.isFinite && first.isFinite && last.isFinite,
            "range: from \(start) to \(end) by \(step); expected finite bounds and a step that is not 0")
        let count = Swift.max(0, Int(((last - first) / width).rounded(.up)))
        var out = Tensor(uninitialized: [count])
        out.fill { for index in 0..<count { $0[index] = Scalar(fromDouble: first + Double(index) * width) } }
        return out
    }

    /// `count` values from `start` to `end`, both included, evenly spaced. Traps below one value.
    public static func linearlySpaced(from start: Scalar, to end: Scalar, count: Int) -> Tensor
    where Scalar: FloatingScalar {
        require(count > 0, "linearlySpaced: \(count) values; expected at least 1")
        let width = (end.asDouble - start.asDouble) / Double(Swift.max(count - 1, 1))
        var out = Tensor(uninitialized: [count])
        out.fill {
            for index in 0..<count { $0[index] = Scalar(fromDouble: start.asDouble + Double(index) * width) }
            if count > 1 { $0[count - 1] = end }
        }
        return out
    }

    /// A matrix with ones on a diagonal and zeros elsewhere, square unless `columns` is given.
    public static func eye(_ rows: Int, columns: Int? = nil) -> Tensor {
        let columns = columns ?? rows
        var out = zeros([rows, columns])
        out.fill { for index in 0..<Swift.min(rows, columns) { $0[index * columns + index] = 1 } }
        return out
    }
}
