// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// The elements in row-major order.
    public var scalars: [Scalar] {
        let plain = detached.contiguous()
        return plain.read { Array(UnsafeBufferPointer(start: $0, count: elementCount)) }
    }

    /// The only element. Traps where there is not exactly one.
    public var item: Scalar {
        require(
            elementCount == 1, "item: a tensor of shape \(shape) has \(elementCount) elements; expected 1")
        return read { $0.pointee }
    }

    /// Calls `body` with the elements in row-major order, where they lie if they lie so, else in a copy.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        let plain = detached.contiguous()
        return try plain.read { try body(UnsafeBufferPointer(start: $0, count: elementCount)) }
    }

    /// Calls `body` with the elements in row-major order, to change them; copies them first where the
    /// storage is shared. The tensor is then a constant to any recording.
    public mutating func withUnsafeMutableBufferPointer<Result>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        trace = .none
        makeUnique()
        let count = elementCount
        defer { withExtendedLifetime(storage) {} }
        let start = storage.pointer(as: Scalar.self) + layout.offset
        return try body(UnsafeMutableBufferPointer(start: start, count: count))
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
        return zip(scalars, other.scalars).allSatisfy { x, y in
            x == y || (x - y).magnitude <= absolute + relative * y.magnitude && y.isFinite
        }
    }
}
