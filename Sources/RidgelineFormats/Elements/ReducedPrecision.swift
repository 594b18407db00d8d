// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A floating-point type that files have and tensors do not: half the bytes of a `Float`.
public enum ReducedPrecision: Sendable, Hashable {
    /// F16, IEEE 754's half: 11 significant bits, up to 65504.
    case float16
    /// BF16: 8 significant bits, `Float`'s range.
    case bfloat16

    /// The type as files name it.
    public var dataType: DataType { self == .float16 ? .float16 : .bfloat16 }

    /// Writes each value rounded to nearest, ties to even; what is too large becomes infinite.
    package func round<Scalar: FloatingScalar>(
        _ source: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<UInt16>, _ count: Int
    ) {
        let source = UnsafeRawPointer(source)
        switch (Scalar.dataType, self) {
        case (.float32, .float16):
            convert(source, target, count) { (x: Float) in HalfPrecision.float16(x) }
        case (.float32, .bfloat16):
            convert(source, target, count) { (x: Float) in HalfPrecision.bfloat16(x) }
        case (_, .float16):
            convert(source, target, count) { HalfPrecision.float16(HalfPrecision.roundedToOdd($0)) }
        case (_, .bfloat16):
            convert(source, target, count) { HalfPrecision.bfloat16(HalfPrecision.roundedToOdd($0)) }
        }
    }

    @inline(__always)
    private func convert<Value>(
        _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt16>, _ count: Int,
        _ narrow: (Value) -> UInt16
    ) {
        let source = source.assumingMemoryBound(to: Value.self)
        for index in 0..<count { target[index] = narrow(source[index]) }
    }

    /// Hands the rounded elements on, some megabytes at a time.
    func forEachRounded<Scalar: FloatingScalar>(
        _ elements: UnsafeBufferPointer<Scalar>, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let source = elements.baseAddress, !elements.isEmpty else { return }
        let length = min(elements.count, 2 << 20)
        let buffer = UnsafeMutablePointer<UInt16>.allocate(capacity: length)
        defer { buffer.deallocate() }
        try forEachPiece(of: elements.count, length: length, inOrder: true) { part in
            try forEachPiece(of: part.count, length: 128 << 10, inOrder: false) { piece in
                round(
                    source + part.lowerBound + piece.lowerBound, to: buffer + piece.lowerBound, piece.count)
            }
            try body(UnsafeRawBufferPointer(start: buffer, count: 2 * part.count))
        }
    }
}
