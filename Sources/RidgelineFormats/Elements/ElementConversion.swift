// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// How stored elements of one type become those of another.
enum ElementConversion {
    /// They are the same.
    case none
    /// From a 16-bit floating-point type, by its widening.
    case widening
    /// By the conversion that tensors have, after a look at every integer.
    case numeric(IntegerLimits)

    /// The way from one type to the other, where there is one that keeps every value or throws. `rounding` also
    /// permits F64 to become F32.
    init?(from source: DataType, to target: DataType, rounding: Bool) {
        let toFloat = target == .float32 || target == .float64
        switch source {
        case target: self = .none
        case .bool: return nil
        case .float16, .bfloat16:
            guard toFloat else { return nil }
            self = .widening
        case .float32, .float64:
            guard target == .float64 || target == .float32 && rounding else { return nil }
            fallthrough
        case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64:
            guard let limits = IntegerLimits(target) else { return nil }
            self = .numeric(limits)
        }
    }

    /// Converts; answers with the first element that does not fit and its value, where there is one.
    func convert<Scalar: NumericScalar>(
        _ source: UnsafeRawPointer, of type: DataType, to target: UnsafeMutablePointer<Scalar>, _ count: Int
    ) -> (element: Int, value: String)? {
        switch self {
        case .none: target.update(from: source.assumingMemoryBound(to: Scalar.self), count: count)
        case .widening:
            let target = UnsafeMutableRawPointer(target)
            if Scalar.self == Float.self {
                widen(source, type, target.assumingMemoryBound(to: Float.self), count)
            } else {
                widen(source, type, target.assumingMemoryBound(to: Double.self), count)
            }
        case .numeric(let limits):
            if let misfit = limits.firstOutside(type, source, count) { return misfit }
            Scalar._convert(from: type, source, target, count)
        }
        return nil
    }

    @inline(__always)
    private func widen<Scalar: FloatingScalar>(
        _ source: UnsafeRawPointer, _ type: DataType, _ target: UnsafeMutablePointer<Scalar>, _ count: Int
    ) {
        let source = source.assumingMemoryBound(to: UInt16.self)
        if type == .float16 {
            for index in 0..<count { target[index] = Scalar(HalfPrecision.widen(float16: source[index])) }
        } else {
            for index in 0..<count { target[index] = Scalar(HalfPrecision.widen(bfloat16: source[index])) }
        }
    }
}
