// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Which integers a type holds exactly: those of a range with at most so many bits from the first one to the last.
struct IntegerLimits {
    let range: (lower: Int64, upper: UInt64)
    let significantBits: Int

    /// The limits of a numeric type; nil for others.
    init?(_ type: DataType) {
        func limits<Integer: FixedWidthInteger>(_: Integer.Type) -> (Int64, UInt64) {
            (Int64(Integer.min), UInt64(Integer.max))
        }
        significantBits = type == .float32 ? 24 : type == .float64 ? 53 : 64
        switch type {
        case .float32, .float64: range = (.min, .max)
        case .int8: range = limits(Int8.self)
        case .int16: range = limits(Int16.self)
        case .int32: range = limits(Int32.self)
        case .int64: range = limits(Int64.self)
        case .uint8: range = limits(UInt8.self)
        case .uint16: range = limits(UInt16.self)
        case .uint32: range = limits(UInt32.self)
        case .uint64: range = limits(UInt64.self)
        case .float16, .bfloat16, .bool: return nil
        }
    }

    /// The first element that is outside, with its value; nil where none is, or where the elements are not
    /// integers.
    func firstOutside(_ type: DataType, _ source: UnsafeRawPointer, _ count: Int) -> (Int, String)? {
        func search<Integer: FixedWidthInteger>(_: Integer.Type) -> (Int, String)? {
            let source = source.assumingMemoryBound(to: Integer.self)
            return firstOutside(source, count).map { ($0, "\(source[$0])") }
        }
        return switch type {
        case .int8: search(Int8.self)
        case .int16: search(Int16.self)
        case .int32: search(Int32.self)
        case .int64: search(Int64.self)
        case .uint8: search(UInt8.self)
        case .uint16: search(UInt16.self)
        case .uint32: search(UInt32.self)
        case .uint64: search(UInt64.self)
        case .float16, .bfloat16, .float32, .float64, .bool: nil
        }
    }

    @inline(__always)
    private func firstOutside<Integer: FixedWidthInteger>(
        _ source: UnsafePointer<Integer>, _ count: Int
    ) -> Int? {
        let (lower, upper) = (Integer(clamping: range.lower), Integer(clamping: range.upper))
        if lower > Integer.min || upper < Integer.max {
            // Without an early exit, so that it becomes vector instructions.
            var outside = false
            for index in 0..<count { outside = outside || source[index] < lower || source[index] > upper }
            if outside { return (0..<count).first { source[$0] < lower || source[$0] > upper } }
        }
        if Integer.bitWidth > significantBits {
            return (0..<count).first { index in
                let size = source[index].magnitude
                return Integer.bitWidth - size.leadingZeroBitCount - size.trailingZeroBitCount
                    > significantBits
            }
        }
        return nil
    }
}
