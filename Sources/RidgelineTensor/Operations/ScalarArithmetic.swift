// Part of Ridgeline. Licensed under the Apache License 2.0.

// Arithmetic with one number, which stands for a tensor full of it.
extension Tensor where Scalar: FloatingScalar {
    /// x + scalar.
    public static func + (lhs: Tensor, rhs: Scalar) -> Tensor { lhs + Tensor(rhs) }
    /// scalar + x.
    public static func + (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) + rhs }
    /// x − scalar.
    public static func - (lhs: Tensor, rhs: Scalar) -> Tensor { lhs - Tensor(rhs) }
    /// scalar − x.
    public static func - (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) - rhs }
    /// x · scalar.
    public static func * (lhs: Tensor, rhs: Scalar) -> Tensor { lhs * Tensor(rhs) }
    /// scalar · x.
    public static func * (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) * rhs }
    /// x / scalar.
    public static func / (lhs: Tensor, rhs: Scalar) -> Tensor { lhs / Tensor(rhs) }
    /// scalar / x.
    public static func / (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) / rhs }

    /// Adds in place; a new tensor is made where the storage is shared or the sum is recorded.
    public static func += (lhs: inout Tensor, rhs: Tensor) {
        if lhs.trace.isNone && rhs.trace.isNone { lhs.addInPlace(rhs) } else { lhs = lhs + rhs }
    }
    /// Adds a number.
    public static func += (lhs: inout Tensor, rhs: Scalar) { lhs += Tensor(rhs) }
    /// Subtracts a number.
    public static func -= (lhs: inout Tensor, rhs: Scalar) { lhs = lhs - rhs }
    /// Multiplies by a number.
    public static func *= (lhs: inout Tensor, rhs: Scalar) { lhs = lhs * rhs }
    /// Divides by a number.
    public static func /= (lhs: inout Tensor, rhs: Scalar) { lhs = lhs / rhs }
    /// Subtracts.
    public static func -= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs - rhs }
    /// Multiplies.
    public static func *= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs * rhs }
    /// Divides.
    public static func /= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs / rhs }
}

// The same for integers, wrapping on overflow.
extension Tensor where Scalar: IntegerScalar {
    /// x + scalar.
    public static func + (lhs: Tensor, rhs: Scalar) -> Tensor { lhs + Tensor(rhs) }
    /// scalar + x.
    public static func + (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) + rhs }
    /// x − scalar.
    public static func - (lhs: Tensor, rhs: Scalar) -> Tensor { lhs - Tensor(rhs) }
    /// scalar − x.
    public static func - (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) - rhs }
    /// x · scalar.
    public static func * (lhs: Tensor, rhs: Scalar) -> Tensor { lhs * Tensor(rhs) }
    /// scalar · x.
    public static func * (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) * rhs }
    /// x / scalar, as `/` of two tensors.
    public static func / (lhs: Tensor, rhs: Scalar) -> Tensor { lhs / Tensor(rhs) }
    /// scalar / x, as `/` of two tensors.
    public static func / (lhs: Scalar, rhs: Tensor) -> Tensor { Tensor(lhs) / rhs }

    /// Adds in place where nobody else holds the storage.
    public static func += (lhs: inout Tensor, rhs: Tensor) { lhs.addInPlace(rhs) }
    /// Adds a number.
    public static func += (lhs: inout Tensor, rhs: Scalar) { lhs += Tensor(rhs) }
    /// Subtracts a number.
    public static func -= (lhs: inout Tensor, rhs: Scalar) { lhs = lhs - rhs }
    /// Multiplies by a number.
    public static func *= (lhs: inout Tensor, rhs: Scalar) { lhs = lhs * rhs }
    /// Divides by a number.
    public static func /= (lhs: inout Tensor, rhs: Scalar) { lhs = lhs / rhs }
    /// Subtracts.
    public static func -= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs - rhs }
    /// Multiplies.
    public static func *= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs * rhs }
    /// Divides.
    public static func /= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs / rhs }
}
