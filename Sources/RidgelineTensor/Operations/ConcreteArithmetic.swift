// Part of Ridgeline. Licensed under the Apache License 2.0.

// The operators of two tensors once more for the two types by name. They are the generic ones; written out, the
// compiler sees the type of a product before it has settled what the rest of the formula is, and calls from other
// modules reach code compiled for the type.

extension Tensor where Scalar == Float {
    /// x + y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func + (lhs: Tensor, rhs: Tensor) -> Tensor { adding(lhs, rhs) }
    /// x − y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func - (lhs: Tensor, rhs: Tensor) -> Tensor { subtracting(lhs, rhs) }
    /// x · y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func * (lhs: Tensor, rhs: Tensor) -> Tensor { multiplying(lhs, rhs) }
    /// x / y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func / (lhs: Tensor, rhs: Tensor) -> Tensor { dividing(lhs, rhs) }
}

extension Tensor where Scalar == Double {
    /// x + y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func + (lhs: Tensor, rhs: Tensor) -> Tensor { adding(lhs, rhs) }
    /// x − y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func - (lhs: Tensor, rhs: Tensor) -> Tensor { subtracting(lhs, rhs) }
    /// x · y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func * (lhs: Tensor, rhs: Tensor) -> Tensor { multiplying(lhs, rhs) }
    /// x / y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func / (lhs: Tensor, rhs: Tensor) -> Tensor { dividing(lhs, rhs) }
}

// Here the scalar has no name, so that these operators are the generic ones.
private func adding<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    x + y
}
private func subtracting<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> { x - y }
private func multiplying<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> { x * y }
private func dividing<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> { x / y }
