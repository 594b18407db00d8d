// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    @inline(__always)
    fileprivate static func compare(
        _ lhs: Tensor, _ rhs: Tensor, _ operation: String, _ relation: (Scalar, Scalar) -> Bool
    ) -> Tensor<Bool> {
        combining(lhs, rhs, operation, result: Bool.self) { a, aStride, b, bStride, out, count in
            for index in 0..<count { out[index] = relation(a[index * aStride], b[index * bStride]) }
        }
    }

    /// Whether the elements are equal, with broadcasting; NaN equals nothing. Traps where the shapes do not
    /// broadcast.
    public static func .== (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, ".==", ==) }
    /// Whether the elements differ, with broadcasting.
    public static func .!= (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, ".!=", !=) }
    /// Whether the elements equal one value.
    public static func .== (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .== Tensor(rhs) }
    /// Whether the elements differ from one value.
    public static func .!= (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .!= Tensor(rhs) }
}

extension Tensor where Scalar: NumericScalar {
    /// Whether x < y, element by element with broadcasting.
    public static func .< (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, ".<", <) }
    /// Whether x ≤ y, element by element with broadcasting.
    public static func .<= (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, ".<=", <=) }
    /// Whether x > y, element by element with broadcasting.
    public static func .> (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, ".>", >) }
    /// Whether x ≥ y, element by element with broadcasting.
    public static func .>= (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, ".>=", >=) }
    /// Whether x < scalar.
    public static func .< (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .< Tensor(rhs) }
    /// Whether x ≤ scalar.
    public static func .<= (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .<= Tensor(rhs) }
    /// Whether x > scalar.
    public static func .> (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .> Tensor(rhs) }
    /// Whether x ≥ scalar.
    public static func .>= (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .>= Tensor(rhs) }
}

extension Tensor where Scalar: FloatingScalar {
    /// Where the elements are NaN.
    public func isNaN() -> Tensor<Bool> { self .!= self }
    /// Where the elements are neither infinite nor NaN.
    public func isFinite() -> Tensor<Bool> { unary(.absolute).detached .< Tensor(Scalar.infinity) }
}

extension Tensor where Scalar == Bool {
    /// x and y, element by element with broadcasting.
    public static func .& (lhs: Tensor, rhs: Tensor) -> Tensor { compare(lhs, rhs, ".&") { $0 && $1 } }
    /// x or y, element by element with broadcasting.
    public static func .| (lhs: Tensor, rhs: Tensor) -> Tensor { compare(lhs, rhs, ".|") { $0 || $1 } }
    /// Not x.
    public static prefix func .! (x: Tensor) -> Tensor { x .!= true }
    /// Whether all elements are true; true for none.
    public func all() -> Bool { scalars.allSatisfy { $0 } }
    /// Whether any element is true.
    public func any() -> Bool { scalars.contains(true) }
    /// How many elements are true.
    public func trueCount() -> Int { scalars.lazy.filter { $0 }.count }
}
