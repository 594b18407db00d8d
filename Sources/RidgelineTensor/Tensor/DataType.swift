// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The type of elements at run time, by its safetensors name: those that a tensor can hold, and two that only
/// files have.
public enum DataType: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floating point.
    case float32 = "F32"
    /// 64-bit floating point.
    case float64 = "F64"
    /// 16-bit floating point, IEEE 754's: 11 significant bits. In files only; read as `Float` or `Double`.
    case float16 = "F16"
    /// The upper half of a 32-bit floating-point number: 8 significant bits. In files only; read as `Float` or
    /// `Double`.
    case bfloat16 = "BF16"
    /// 8-bit signed integer.
    case int8 = "I8"
    /// 16-bit signed integer.
    case int16 = "I16"
    /// 32-bit signed integer.
    case int32 = "I32"
    /// 64-bit signed integer.
    case int64 = "I64"
    /// 8-bit unsigned integer.
    case uint8 = "U8"
    /// 16-bit unsigned integer.
    case uint16 = "U16"
    /// 32-bit unsigned integer.
    case uint32 = "U32"
    /// 64-bit unsigned integer.
    case uint64 = "U64"
    /// A truth value in one byte.
    case bool = "BOOL"

    /// The bytes of one element.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }
}
