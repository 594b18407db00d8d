// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// The elements in row-major order. Traps on a tensor that is being recorded, whose gradient would end here:
    /// write `stopGradient(x).scalars`.
    public var scalars: [Scalar] {
        requireUnrecorded("scalars")
        let plain = detached.contiguous()
        return plain.read { Array(UnsafeBufferPointer(start: $0, count: elementCount)) }
    }

    /// The only element. Traps where there is not exactly one, and on a tensor that is being recorded, whose gradient
    /// would end here: write `stopGradient(x).item`.
    public var item: Scalar {
        requireUnrecorded("item")
        require(
            elementCount == 1, "item: a tensor of shape \(shape) has \(elementCount) elements; expected 1")
        return read { $0.pointee }
    }

    /// Calls `body` with the elements in row-major order, where they lie if they lie so, else in a copy. Traps on a
    /// tensor that is being recorded, as `scalars` does.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        requireUnrecorded("withUnsafeBufferPointer")
        let plain = detached.contiguous()
        return try plain.read { try body(UnsafeBufferPointer(start: $0, count: elementCount)) }
    }

    /// Calls `body` with the elements in row-major order, to change them; copies them first where the
    /// storage is shared. Traps on a tensor that is being recorded, as `scalars` does.
    public mutating func withUnsafeMutableBufferPointer<Result>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        requireUnrecorded("withUnsafeMutableBufferPointer")
        trace = .none
        makeUnique()
        let count = elementCount
        defer { withExtendedLifetime(storage) {} }
        let start = storage.pointer(as: Scalar.self) + layout.offset
        return try body(UnsafeMutableBufferPointer(start: start, count: count))
    }

    /// Traps where this tensor is part of a recording: what is read out as plain numbers is a constant.
    private func requireUnrecorded(_ access: String) {
        require(
            Recording.tracking(trace) == nil,
            "\(access): a tensor of shape \(shape) is being recorded, and numbers read from it would lose its "
                + "gradient. Read them from stopGradient(…), or in withoutGradients")
    }

    /// Whether shapes and all elements are equal; NaN equals nothing.
    public static func == (lhs: Tensor, rhs: Tensor) -> Bool {
        lhs.shape == rhs.shape && (lhs .== rhs).all()
    }
}

extension Tensor: Equatable {}

extension Tensor where Scalar: FloatingScalar {
    /// Whether shapes are equal and each |x − y| ≤ absolute + relative·|y|, as NumPy's `allclose`; NaN is
    /// close to nothing, infinities to themselves.
    public func isAlmostEqual(
        to other: Tensor, relative: Scalar = 1e-5, absolute: Scalar = 1e-8
    ) -> Bool {
        guard shape == other.shape else { return false }
        return zip(stopGradient(self).scalars, stopGradient(other).scalars).allSatisfy { x, y in
            x == y || (x - y).magnitude <= absolute + relative * y.magnitude && y.isFinite
        }
    }
}
