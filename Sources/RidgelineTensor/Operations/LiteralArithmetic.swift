// Part of Ridgeline. Licensed under the Apache License 2.0.

// Arithmetic with a whole number written in the formula: see `WholeNumberLiteral`. Disfavoured, so that whatever else
// fits a literal goes before.

extension Tensor where Scalar: FloatingScalar {
    /// x + a whole number.
    @_disfavoredOverload
    public static func + (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs + Tensor(rhs.value()) }
    /// A whole number + x.
    @_disfavoredOverload
    public static func + (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) + rhs }
    /// x − a whole number.
    @_disfavoredOverload
    public static func - (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs - Tensor(rhs.value()) }
    /// A whole number − x.
    @_disfavoredOverload
    public static func - (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) - rhs }
    /// x · a whole number.
    @_disfavoredOverload
    public static func * (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs * Tensor(rhs.value()) }
    /// A whole number · x.
    @_disfavoredOverload
    public static func * (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) * rhs }
    /// x / a whole number.
    @_disfavoredOverload
    public static func / (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs / Tensor(rhs.value()) }
    /// A whole number / x.
    @_disfavoredOverload
    public static func / (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) / rhs }
}

extension Tensor where Scalar: IntegerScalar {
    /// x + a whole number, wrapping on overflow. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func + (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs + Tensor(rhs.value()) }
    /// A whole number + x, wrapping on overflow. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func + (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) + rhs }
    /// x − a whole number, wrapping on overflow. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func - (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs - Tensor(rhs.value()) }
    /// A whole number − x, wrapping on overflow. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func - (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) - rhs }
    /// x · a whole number, wrapping on overflow. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func * (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs * Tensor(rhs.value()) }
    /// A whole number · x, wrapping on overflow. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func * (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) * rhs }
    /// x / a whole number, as `/` of two tensors. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func / (lhs: Tensor, rhs: WholeNumberLiteral) -> Tensor { lhs / Tensor(rhs.value()) }
    /// A whole number / x, as `/` of two tensors. Traps where the scalar cannot hold the number.
    @_disfavoredOverload
    public static func / (lhs: WholeNumberLiteral, rhs: Tensor) -> Tensor { Tensor(lhs.value()) / rhs }
}
