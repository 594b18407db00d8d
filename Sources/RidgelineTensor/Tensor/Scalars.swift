// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// What a tensor can hold: `Float`, `Double`, the fixed-width integers (`Int32` for indices) and `Bool`
/// (masks).
public protocol TensorScalar: Sendable, Hashable, BitwiseCopyable {
    /// The type's name at run time.
    static var dataType: DataType { get }
    /// The value that `zeros` and padding write.
    static var zeroScalar: Self { get }
    /// Comparison of rows, without gaps in the result; along a row, a stride of 0 repeats one value. Not API.
    static func _compare(
        _ kind: ComparisonKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ aRow: Int,
        _ b: UnsafePointer<Self>,
        _ bStride: Int, _ bRow: Int, _ out: UnsafeMutablePointer<Bool>, _ rows: Int, _ columns: Int)
}

/// A scalar with arithmetic and an order: `Float`, `Double` and the integers.
public protocol NumericScalar: TensorScalar, Numeric, Comparable {
    /// Element-wise arithmetic on contiguous elements; a stride of 0 repeats one value. Not API.
    static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ b: UnsafePointer<Self>,
        _ bStride: Int, _ out: UnsafeMutablePointer<Self>, _ count: Int)
    /// The same for rows, without gaps in the result. Not API.
    static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ aRow: Int, _ b: UnsafePointer<Self>,
        _ bStride: Int, _ bRow: Int, _ out: UnsafeMutablePointer<Self>, _ rows: Int, _ columns: Int)
    /// Numbers of another type on contiguous elements: to floating point rounded to nearest, to integers
    /// towards zero, trapping where one does not fit. Not API.
    static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Self>, _ count: Int)
    /// The positions of the largest or smallest values of x, (outer, size, step), along its middle axis: the first of
    /// equals, the first NaN where there is one; in both the first `columns` columns. Not API.
    static func _positions(
        largest: Bool, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Int32>, outer: Int, size: Int,
        step: Int, columns: Int)
    /// The numbers from `start` on, `step` apart, before `end`. Not API.
    static func _progression(from start: Self, to end: Self, by step: Self) -> Tensor<Self>
    /// The value as a double, exactly or rounded.
    var asDouble: Double { get }
    /// The value nearest to a double; for integers rounded towards zero and trapping out of range.
    init(fromDouble value: Double)
    /// The value nearest to an integer; for integers the same, trapping out of range.
    init(fromInteger value: some IntegerScalar)
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

    /// The same for rows. Not API.
    @inline(__always)
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ aRow: Int, _ b: UnsafePointer<Self>,
        _ bStride: Int, _ bRow: Int, _ out: UnsafeMutablePointer<Self>, _ rows: Int, _ columns: Int
    ) {
        _kernels.binary(
            op: kind, a: OperandRows(start: a, stride: aStride, rowStride: aRow),
            b: OperandRows(start: b, stride: bStride, rowStride: bRow), out: out, rows: rows, columns: columns
        )
    }

    /// Comparison by the vector kernels. Not API.
    @inline(__always)
    public static func _compare(
        _ kind: ComparisonKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ aRow: Int,
        _ b: UnsafePointer<Self>,
        _ bStride: Int, _ bRow: Int, _ out: UnsafeMutablePointer<Bool>, _ rows: Int, _ columns: Int
    ) {
        _kernels.elementwise.compare(
            kind, a: OperandRows(start: a, stride: aStride, rowStride: aRow),
            b: OperandRows(start: b, stride: bStride, rowStride: bRow), out: out, rows: rows, columns: columns
        )
    }

    /// Positions by the vector kernels. Not API.
    @inline(__always)
    public static func _positions(
        largest: Bool, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Int32>, outer: Int, size: Int,
        step: Int, columns: Int
    ) {
        _kernels.elementwise.positions(
            largest: largest, x: x, out: out, outer: outer, size: size, step: step, columns: columns)
    }

    /// An element-wise function by the vector kernels. Not API.
    @inline(__always)
    public static func _unary(
        _ kind: UnaryKind, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>, _ count: Int
    ) {
        _kernels.elementwise.unary(kind, x: x, out: out, count: count)
    }
}

extension NumericScalar {
    /// Numbers of another type, by `init(fromDouble:)` or `init(fromInteger:)`. Not API.
    @inline(__always)
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Self>, _ count: Int
    ) {
        @inline(__always) func loop<Other: NumericScalar>(_: Other.Type, _ convert: (Other) -> Self) {
            let source = source.assumingMemoryBound(to: Other.self)
            for index in 0..<count { target[index] = convert(source[index]) }
        }
        switch type {
        case .float32: loop(Float.self) { Self(fromDouble: Double($0)) }
        case .float64: loop(Double.self) { Self(fromDouble: $0) }
        case .int8: loop(Int8.self) { Self(fromInteger: $0) }
        case .int16: loop(Int16.self) { Self(fromInteger: $0) }
        case .int32: loop(Int32.self) { Self(fromInteger: $0) }
        case .int64: loop(Int64.self) { Self(fromInteger: $0) }
        case .uint8: loop(UInt8.self) { Self(fromInteger: $0) }
        case .uint16: loop(UInt16.self) { Self(fromInteger: $0) }
        case .uint32: loop(UInt32.self) { Self(fromInteger: $0) }
        case .uint64: loop(UInt64.self) { Self(fromInteger: $0) }
        case .float16, .bfloat16, .bool: fatalError("a tensor of \(type) is not numeric")
        }
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
    /// The nearest number.
    @inline(__always)
    public init(fromInteger value: some IntegerScalar) { self.init(value) }
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
    /// The nearest number.
    @inline(__always)
    public init(fromInteger value: some IntegerScalar) { self.init(value) }
}

extension Bool: TensorScalar {
    /// BOOL.
    public static var dataType: DataType { .bool }
    /// False.
    public static var zeroScalar: Bool { false }
    /// Equality, and false before true. Not API.
    public static func _compare(
        _ kind: ComparisonKind, _ a: UnsafePointer<Bool>, _ aStride: Int, _ aRow: Int,
        _ b: UnsafePointer<Bool>,
        _ bStride: Int, _ bRow: Int, _ out: UnsafeMutablePointer<Bool>, _ rows: Int, _ columns: Int
    ) {
        let a = UnsafeRawPointer(a).assumingMemoryBound(to: UInt8.self)
        let b = UnsafeRawPointer(b).assumingMemoryBound(to: UInt8.self)
        for row in 0..<rows {
            compareElements(
                kind, a + row * aRow, aStride, b + row * bRow, bStride, out + row * columns, columns)
        }
    }
}
