// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A scalar that is a whole number: `Int8` to `Int64`, `UInt8` to `UInt64`. Tensors of them have arithmetic,
/// which wraps on overflow as NumPy's does, and no gradients.
public protocol IntegerScalar: NumericScalar, FixedWidthInteger {}

extension IntegerScalar {
    /// 0.
    public static var zeroScalar: Self { 0 }
    /// The same value, exactly up to 2⁵³, else rounded.
    public var asDouble: Double { Double(self) }
    /// The value towards zero; traps out of range.
    @inline(__always)
    public init(fromDouble value: Double) {
        // By a concrete type: the generic conversion takes the number apart bit by bit.
        let whole = value.rounded(.towardZero)
        let result =
            Self.self == UInt64.self
            ? UInt64(exactly: whole).flatMap { Self(exactly: $0) }
            : Int64(exactly: whole).flatMap { Self(exactly: $0) }
        guard let result else { doesNotFit("\(value)", Self.self) }
        self = result
    }
}

@inline(never)
private func doesNotFit<Scalar: IntegerScalar>(_ value: String, _ type: Scalar.Type) -> Never {
    requirementFailed("\(value) is no \(type); expected \(type.min) up to \(type.max)")
}

/// Sums and products wrap, a division by zero traps.
@inline(__always)
private func combineIntegers<Scalar: IntegerScalar>(
    _ kind: BinaryKind, _ a: UnsafePointer<Scalar>, _ aStride: Int, _ b: UnsafePointer<Scalar>,
    _ bStride: Int, _ out: UnsafeMutablePointer<Scalar>, _ count: Int
) {
    @inline(__always) func loop(_ combine: (Scalar, Scalar) -> Scalar) {
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

@inline(__always)
private func convertToIntegers<Scalar: IntegerScalar>(
    from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Scalar>, _ count: Int
) {
    @inline(__always) func loop<Other: NumericScalar>(_: Other.Type, _ convert: (Other) -> Scalar) {
        let source = source.assumingMemoryBound(to: Other.self)
        for index in 0..<count { target[index] = convert(source[index]) }
    }
    @inline(__always) func integer<Other: IntegerScalar>(_ value: Other) -> Scalar {
        guard let result = Scalar(exactly: value) else { doesNotFit("\(value)", Scalar.self) }
        return result
    }
    switch type {
    case .float32: loop(Float.self) { Scalar(fromDouble: Double($0)) }
    case .float64: loop(Double.self) { Scalar(fromDouble: $0) }
    case .int8: loop(Int8.self, integer)
    case .int16: loop(Int16.self, integer)
    case .int32: loop(Int32.self, integer)
    case .int64: loop(Int64.self, integer)
    case .uint8: loop(UInt8.self, integer)
    case .uint16: loop(UInt16.self, integer)
    case .uint32: loop(UInt32.self, integer)
    case .uint64: loop(UInt64.self, integer)
    case .float16, .bfloat16, .bool: fatalError("a tensor of \(type) is not numeric")
    }
}

extension Int8: IntegerScalar {
    /// I8.
    public static var dataType: DataType { .int8 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Int8>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Int8>, _ aStride: Int, _ b: UnsafePointer<Int8>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<Int8>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}

extension Int16: IntegerScalar {
    /// I16.
    public static var dataType: DataType { .int16 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Int16>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Int16>, _ aStride: Int, _ b: UnsafePointer<Int16>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<Int16>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}

extension Int32: IntegerScalar {
    /// I32.
    public static var dataType: DataType { .int32 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Int32>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Int32>, _ aStride: Int, _ b: UnsafePointer<Int32>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<Int32>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}

extension Int64: IntegerScalar {
    /// I64.
    public static var dataType: DataType { .int64 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Int64>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Int64>, _ aStride: Int, _ b: UnsafePointer<Int64>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<Int64>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}

extension UInt8: IntegerScalar {
    /// U8.
    public static var dataType: DataType { .uint8 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt8>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<UInt8>, _ aStride: Int, _ b: UnsafePointer<UInt8>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<UInt8>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}

extension UInt16: IntegerScalar {
    /// U16.
    public static var dataType: DataType { .uint16 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt16>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<UInt16>, _ aStride: Int, _ b: UnsafePointer<UInt16>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<UInt16>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}

extension UInt32: IntegerScalar {
    /// U32.
    public static var dataType: DataType { .uint32 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt32>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<UInt32>, _ aStride: Int, _ b: UnsafePointer<UInt32>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<UInt32>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}

extension UInt64: IntegerScalar {
    /// U64.
    public static var dataType: DataType { .uint64 }
    /// The integers nearest to numbers of another type, towards zero. Not API.
    public static func _convert(
        from type: DataType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt64>, _ count: Int
    ) { convertToIntegers(from: type, source, target, count) }
    /// Element-wise arithmetic on contiguous elements. Not API.
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<UInt64>, _ aStride: Int, _ b: UnsafePointer<UInt64>,
        _ bStride: Int,
        _ out: UnsafeMutablePointer<UInt64>, _ count: Int
    ) { combineIntegers(kind, a, aStride, b, bStride, out, count) }
}
