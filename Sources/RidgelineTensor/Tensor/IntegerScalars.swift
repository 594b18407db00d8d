// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A scalar that is a whole number: `Int8` to `Int64`, `UInt8` to `UInt64`. Tensors of them have arithmetic,
/// which wraps on overflow as NumPy's does, and no gradients.
public protocol IntegerScalar: NumericScalar, FixedWidthInteger {}

// Inlined into each type's conformance, where the types are known.
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

    /// The same integer; traps out of range.
    @inline(__always)
    public init(fromInteger value: some IntegerScalar) {
        guard let result = Self(exactly: value) else { doesNotFit("\(value)", Self.self) }
        self = result
    }

    /// Comparison. Not API.
    @inline(__always)
    public static func _compare(
        _ kind: ComparisonKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ aRow: Int,
        _ b: UnsafePointer<Self>,
        _ bStride: Int, _ bRow: Int, _ out: UnsafeMutablePointer<Bool>, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            compareElements(
                kind, a + row * aRow, aStride, b + row * bRow, bStride, out + row * columns, columns)
        }
    }

    /// Element-wise arithmetic of rows. Not API.
    @inline(__always)
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ aRow: Int, _ b: UnsafePointer<Self>,
        _ bStride: Int, _ bRow: Int, _ out: UnsafeMutablePointer<Self>, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            _binary(kind, a + row * aRow, aStride, b + row * bRow, bStride, out + row * columns, columns)
        }
    }

    /// Positions of the largest or smallest values. Not API.
    @inline(__always)
    public static func _positions(
        largest: Bool, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Int32>, outer: Int, size: Int,
        step: Int, columns: Int
    ) {
        extremePositions(largest, x, out, outer, size, step, columns)
    }

    /// Element-wise arithmetic: sums, products and the one quotient that overflows wrap, a division by zero traps.
    /// Not API.
    @inline(__always)
    public static func _binary(
        _ kind: BinaryKind, _ a: UnsafePointer<Self>, _ aStride: Int, _ b: UnsafePointer<Self>,
        _ bStride: Int, _ out: UnsafeMutablePointer<Self>, _ count: Int
    ) {
        @inline(__always) func loop(_ combine: (Self, Self) -> Self) {
            combineElements(a, aStride, b, bStride, out, count, combine)
        }
        switch kind {
        case .add: loop(&+)
        case .subtract: loop(&-)
        case .multiply: loop(&*)
        case .divide: loop(wrappingQuotient)
        case .maximum: loop(Swift.max)
        case .minimum: loop(Swift.min)
        }
    }
}

@inline(__always)
private func wrappingQuotient<Integer: IntegerScalar>(_ x: Integer, _ y: Integer) -> Integer {
    require(y != 0, "/: an integer divided by 0; expected divisors that are not 0")
    return x.dividedReportingOverflow(by: y).partialValue
}

@inline(never)
private func doesNotFit<Scalar: IntegerScalar>(_ value: String, _ type: Scalar.Type) -> Never {
    requirementFailed("\(value) is no \(type); expected \(type.min) up to \(type.max)")
}

extension Int8: IntegerScalar {
    /// I8.
    public static var dataType: DataType { .int8 }
}

extension Int16: IntegerScalar {
    /// I16.
    public static var dataType: DataType { .int16 }
}

extension Int32: IntegerScalar {
    /// I32.
    public static var dataType: DataType { .int32 }
}

extension Int64: IntegerScalar {
    /// I64.
    public static var dataType: DataType { .int64 }
}

extension UInt8: IntegerScalar {
    /// U8.
    public static var dataType: DataType { .uint8 }
}

extension UInt16: IntegerScalar {
    /// U16.
    public static var dataType: DataType { .uint16 }
}

extension UInt32: IntegerScalar {
    /// U32.
    public static var dataType: DataType { .uint32 }
}

extension UInt64: IntegerScalar {
    /// U64.
    public static var dataType: DataType { .uint64 }
}
