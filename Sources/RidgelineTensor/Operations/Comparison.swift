// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The comparisons, in the order of `RIDGELINE_COMPARISONS` in CRidgelineKernels.h. Not API: use the tensor's
/// operators.
public enum ComparisonKind: Int32, CaseIterable, Sendable {
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual

    /// The name in messages.
    var symbol: String {
        switch self {
        case .equal: ".=="
        case .unequal: ".!="
        case .less: ".<"
        case .lessOrEqual: ".<="
        case .greater: ".>"
        case .greaterOrEqual: ".>="
        }
    }
}

/// The plain loops of comparisons; inlined into concrete types, so that each loop is compiled for them.
@inline(__always)
func compareElements<Scalar: Comparable>(
    _ kind: ComparisonKind, _ a: UnsafePointer<Scalar>, _ aStride: Int, _ b: UnsafePointer<Scalar>,
    _ bStride: Int, _ out: UnsafeMutablePointer<Bool>, _ count: Int
) {
    @inline(__always) func loop(_ relation: (Scalar, Scalar) -> Bool) {
        combineElements(a, aStride, b, bStride, out, count, relation)
    }
    switch kind {
    case .equal: loop(==)
    case .unequal: loop(!=)
    case .less: loop(<)
    case .lessOrEqual: loop(<=)
    case .greater: loop(>)
    case .greaterOrEqual: loop(>=)
    }
}

/// out = a combined with b, with a loop for each pair of strides, 1 or 0, which the compiler can make vectors of.
@inline(__always)
func combineElements<Scalar, Result>(
    _ a: UnsafePointer<Scalar>, _ aStride: Int, _ b: UnsafePointer<Scalar>, _ bStride: Int,
    _ out: UnsafeMutablePointer<Result>, _ count: Int, _ combine: (Scalar, Scalar) -> Result
) {
    guard count > 0 else { return }
    if aStride != 0 && bStride != 0 {
        for index in 0..<count { out[index] = combine(a[index], b[index]) }
    } else if aStride != 0 {
        let value = b[0]
        for index in 0..<count { out[index] = combine(a[index], value) }
    } else if bStride != 0 {
        let value = a[0]
        for index in 0..<count { out[index] = combine(value, b[index]) }
    } else {
        out.update(repeating: combine(a[0], b[0]), count: count)
    }
}

extension Tensor {
    fileprivate static func compare(_ lhs: Tensor, _ rhs: Tensor, _ kind: ComparisonKind) -> Tensor<Bool> {
        combining(lhs, rhs, kind.symbol, result: Bool.self) { a, b, out, rows, columns in
            Scalar._compare(
                kind, a.start, a.stride, a.rowStride, b.start, b.stride, b.rowStride, out, rows, columns)
        }
    }

    /// Whether the elements are equal, with broadcasting; NaN equals nothing. Traps where the shapes do not
    /// broadcast.
    public static func .== (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, .equal) }
    /// Whether the elements differ, with broadcasting.
    public static func .!= (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, .unequal) }
    /// Whether the elements equal one value.
    public static func .== (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .== Tensor(rhs) }
    /// Whether the elements differ from one value.
    public static func .!= (lhs: Tensor, rhs: Scalar) -> Tensor<Bool> { lhs .!= Tensor(rhs) }
}

extension Tensor where Scalar: NumericScalar {
    /// Whether x < y, element by element with broadcasting.
    public static func .< (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, .less) }
    /// Whether x ≤ y, element by element with broadcasting.
    public static func .<= (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, .lessOrEqual) }
    /// Whether x > y, element by element with broadcasting.
    public static func .> (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, .greater) }
    /// Whether x ≥ y, element by element with broadcasting.
    public static func .>= (lhs: Tensor, rhs: Tensor) -> Tensor<Bool> { compare(lhs, rhs, .greaterOrEqual) }
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
    private static func combine(
        _ lhs: Tensor, _ rhs: Tensor, _ operation: String, _ combine: (UInt8, UInt8) -> UInt8
    ) -> Tensor {
        combining(lhs, rhs, operation, result: Bool.self) { a, b, out, rows, columns in
            let x = UnsafeRawPointer(a.start).assumingMemoryBound(to: UInt8.self)
            let y = UnsafeRawPointer(b.start).assumingMemoryBound(to: UInt8.self)
            let out = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt8.self)
            for row in 0..<rows {
                combineElements(
                    x + row * a.rowStride, a.stride, y + row * b.rowStride, b.stride, out + row * columns,
                    columns,
                    combine)
            }
        }
    }

    /// x and y, element by element with broadcasting.
    public static func .& (lhs: Tensor, rhs: Tensor) -> Tensor { combine(lhs, rhs, ".&", &) }
    /// x or y, element by element with broadcasting.
    public static func .| (lhs: Tensor, rhs: Tensor) -> Tensor { combine(lhs, rhs, ".|", |) }
    /// Not x.
    public static prefix func .! (x: Tensor) -> Tensor { x .!= true }
    /// Whether all elements are true; true for none.
    public func all() -> Bool { scalars.allSatisfy { $0 } }
    /// Whether any element is true.
    public func any() -> Bool { scalars.contains(true) }
    /// How many elements are true.
    public func trueCount() -> Int { scalars.lazy.filter { $0 }.count }
}
