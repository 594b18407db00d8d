// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// The type of a tensor's elements at run time, by its safetensors name.
public enum DataType: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floating point.
    case float32 = "F32"
    /// 64-bit floating point.
    case float64 = "F64"
    /// 32-bit signed integer.
    case int32 = "I32"
    /// A truth value in one byte.
    case bool = "BOOL"

    /// The bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float32, .int32: 4
        case .float64: 8
        case .bool: 1
        }
    }
}

/// What a tensor can hold: `Float`, `Double`, `Int32` (indices) and `Bool` (masks).
public protocol TensorScalar: Sendable, Hashable, BitwiseCopyable {
    /// The type's name at run time.
    static var dataType: DataType { get }
    /// The value that `zeros` and padding write.
    static var zeroScalar: Self { get }
}

/// A scalar with arithmetic and an order: `Float`, `Double` and `Int32`.
public protocol NumericScalar: TensorScalar, SignedNumeric, Comparable {
    /// Element-wise arithmetic on contiguous elements; a stride of 0 repeats one value. Not API.
    static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ b: UnsafePointer<Self>,
        _ bStride: Int, _ out: UnsafeMutablePointer<Self>, _ count: Int)
    /// The value as a double, exactly or rounded.
    var asDouble: Double { get }
    /// The value nearest to a double; for `Int32` rounded towards zero and trapping out of range.
    init(fromDouble value: Double)
}

/// A scalar on which the engine differentiates and calls BLAS: `Float` and `Double`.
public protocol FloatingScalar: NumericScalar, Real, BinaryFloatingPoint, BLASScalar {
    /// The vector kernels in use for this type. Not API.
    static var _kernels: KernelTable<Self> { get }
    /// An element-wise function on contiguous elements. Not API.
    static func _unary(
        _ kind: UnaryKind, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>, _ count: Int)
}

extension FloatingScalar {
    /// Element-wise arithmetic by the vector kernels. Not API.
    @inline(__always)
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ b: UnsafePointer<Self>,
        _ bStride: Int, _ out: UnsafeMutablePointer<Self>, _ count: Int
    ) {
        _kernels.binary(op: kind, a: a, aStride: aStride, b: b, bStride: bStride, out: out, count: count)
    }
}

extension Float: FloatingScalar {
    /// F32.
    public static var dataType: DataType { .float32 }
    /// 0.
    public static var zeroScalar: Float { 0 }
    /// The same value, exactly.
    public var asDouble: Double { Double(self) }
    /// The nearest float.
    public init(fromDouble value: Double) { self.init(value) }
    /// An element-wise function on contiguous elements. Not API.
    public static func _unary(
        _ kind: UnaryKind, _ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int
    ) { applyUnary(kind, x, out, count) }
}

extension Double: FloatingScalar {
    /// F64.
    public static var dataType: DataType { .float64 }
    /// 0.
    public static var zeroScalar: Double { 0 }
    /// The value itself.
    public var asDouble: Double { self }
    /// The value itself.
    public init(fromDouble value: Double) { self = value }
    /// An element-wise function on contiguous elements. Not API.
    public static func _unary(
        _ kind: UnaryKind, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, _ count: Int
    ) { applyUnary(kind, x, out, count) }
}

extension Int32: NumericScalar {
    /// I32.
    public static var dataType: DataType { .int32 }
    /// 0.
    public static var zeroScalar: Int32 { 0 }
    /// The same value, exactly.
    public var asDouble: Double { Double(self) }
    /// The value towards zero; traps out of range.
    public init(fromDouble value: Double) { self.init(value) }

    /// Element-wise arithmetic; sums and products wrap as NumPy's do, a division by zero traps. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Int32>, _ aStride: Int, _ b: UnsafePointer<Int32>,
        _ bStride: Int, _ out: UnsafeMutablePointer<Int32>, _ count: Int
    ) {
        @inline(__always) func loop(_ combine: (Int32, Int32) -> Int32) {
            for index in 0..<count { out[index] = combine(a[index * aStride], b[index * bStride]) }
        }
        switch kind {
        case .add: loop(&+)
        case .subtract: loop(&-)
        case .multiply: loop(&*)
        case .divide: loop(/)
        case .maximum: loop(Swift.max)
        case .minimum: loop(Swift.min)
        }
    }
}

extension Bool: TensorScalar {
    /// BOOL.
    public static var dataType: DataType { .bool }
    /// False.
    public static var zeroScalar: Bool { false }
}
