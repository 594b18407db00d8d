// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing
import RidgelineTensor

/// The tensor that the fixtures' script makes too: element i has the upper bits of i · 2⁶⁴/φ.
func pattern<Scalar: TensorScalar>(_ shape: Shape, as type: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
    let bytes = (0..<shape.elementCount).flatMap { index in
        let word = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
        let bits = Scalar.self == Bool.self ? 1 : 8 * MemoryLayout<Scalar>.size
        let element = (word >> UInt64(64 - bits)).littleEndian
        return withUnsafeBytes(of: element) { Array($0.prefix(MemoryLayout<Scalar>.size)) }
    }
    return Tensor(
        shape: shape,
        scalars: bytes.withUnsafeBytes { Array($0.assumingMemoryBound(to: Scalar.self)) })
}

/// The elements' bytes, so that NaNs are compared too.
func rawBytes<Scalar>(_ tensor: Tensor<Scalar>) -> [UInt8] {
    tensor.withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) }
}

/// The shapes of the fixtures' arrays by their names.
let patternShapes: [(name: String, shape: Shape)] = [
    ("cube", [2, 3, 4]), ("row", [1, 5]), ("list", [5]), ("one", []), ("none", [0]), ("hole", [3, 0, 2]),
]

/// A type that tensors hold and NumPy's name for it.
struct NamedScalar: Sendable, CustomTestStringConvertible {
    let name: String
    let type: any TensorScalar.Type
    var testDescription: String { name }

    static let all = [
        NamedScalar(name: "f4", type: Float.self), NamedScalar(name: "f8", type: Double.self),
        NamedScalar(name: "i1", type: Int8.self), NamedScalar(name: "i2", type: Int16.self),
        NamedScalar(name: "i4", type: Int32.self), NamedScalar(name: "i8", type: Int64.self),
        NamedScalar(name: "u1", type: UInt8.self), NamedScalar(name: "u2", type: UInt16.self),
        NamedScalar(name: "u4", type: UInt32.self), NamedScalar(name: "u8", type: UInt64.self),
        NamedScalar(name: "b1", type: Bool.self),
    ]
}
