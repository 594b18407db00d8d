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

    /// A matrix with ones on a diagonal and zeros elsewhere, square unless `columns` is given.
    public static func eye(_ rows: Int, columns: Int? = nil) -> Tensor {
        let columns = columns ?? rows
        var out = zeros([rows, columns])
        out.fill { for index in 0..<Swift.min(rows, columns) { $0[index * columns + index] = 1 } }
        return out
    }
}
