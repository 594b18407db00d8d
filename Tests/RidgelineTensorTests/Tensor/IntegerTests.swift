// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Tensors of every fixed-width integer, beside Swift's own arithmetic on arrays.
@Suite struct IntegerTests {
    @Test func everyType() {
        check(Int8.self, .int8)
        check(Int16.self, .int16)
        check(Int32.self, .int32)
        check(Int64.self, .int64)
        check(UInt8.self, .uint8)
        check(UInt16.self, .uint16)
        check(UInt32.self, .uint32)
        check(UInt64.self, .uint64)
    }

    private func check<Integer: IntegerScalar>(_: Integer.Type, _ type: DataType) {
        #expect(Integer.dataType == type && type.byteCount == MemoryLayout<Integer>.size)
        let values: [Integer] = [.min, 0, 1, 3, .max, 100]
        let others: [Integer] = [1, 2, .max, 5, .max, 7]
        let (x, y) = (
            Tensor(shape: [2, 3], scalars: values), Tensor(shape: [2, 3], scalars: others)
        )
        #expect(x.dataType == type)
        expect(x + y, [2, 3], zip(values, others).map { $0 &+ $1 })
        expect(x - y, [2, 3], zip(values, others).map { $0 &- $1 })
        expect(x * y, [2, 3], zip(values, others).map { $0 &* $1 })
        expect(x / y, [2, 3], zip(values, others).map { $0 / $1 })
        expect(maximum(x, y), [2, 3], zip(values, others).map { max($0, $1) })
        expect(minimum(x, y), [2, 3], zip(values, others).map { min($0, $1) })
        expect(-y, [2, 3], others.map { 0 &- $0 })
        expect(x .< y, [2, 3], zip(values, others).map { $0 < $1 })
        expect(which(x .== y, x, .zeros([])), [2, 3], zip(values, others).map { $0 == $1 ? $0 : 0 })
        // Copies go by the size of an element.
        expect(x.transposed().contiguous(), [3, 2], [0, 3, 1, 4, 2, 5].map { values[$0] })
        let joined: [Integer] =
            Array(values[..<3]) + Array(others[..<3]) + Array(values[3...]) + Array(others[3...])
        expect(Tensor<Integer>.concatenated([x, y], axis: 1), [2, 6], joined)
        expect(x.sum(axes: [0]), [3], (0..<3).map { values[$0] &+ values[$0 + 3] })
        expect(Tensor<Integer>.full([40, 50], 7).sum(), [], [Integer(truncatingIfNeeded: 14_000)])
        expect(Tensor<Integer>.range(from: 3, to: 100, by: 20), [5], [3, 23, 43, 63, 83])
        let square = Tensor(shape: [20, 30], scalars: (0..<600).map { Integer(truncatingIfNeeded: $0) })
        let turned = (0..<600).map { index -> Integer in
            Integer(truncatingIfNeeded: index % 20 * 30 + index / 20)
        }
        expect(square.transposed().contiguous(), [30, 20], turned)
        // To floating point rounded, back exactly where the value has as many digits.
        expect(Tensor<Double>(x), [2, 3], values.map { Double($0) })
        expect(Tensor<Float>(x), [2, 3], values.map { Float($0) })
        let small = Tensor(shape: [3], scalars: [0, 1, 127] as [Integer])
        expect(Tensor<Integer>(Tensor<Float>(small)), [3], small.scalars)
        expect(Tensor<Integer>(Tensor<Double>([0.9, 1.9, 2])), [3], [0, 1, 2])
        expect(Tensor<Integer>(Tensor<Bool>([true, false])), [2], [1, 0])
        expect(Tensor<Int64>(small), [3], [0, 1, 127])
        expect(Tensor<UInt8>(small), [3], [0, 1, 127])
    }

    @Test func extremesConvert() {
        expect(
            Tensor<UInt64>(Tensor<Double>([0x1p63, 0x1.fffffffffffffp63])), [2],
            [1 << 63, 0xFFFF_FFFF_FFFF_F800])
        expect(Tensor<Int64>(Tensor<Double>([-0x1p63])), [1], [.min])
        expect(Tensor<Float>(Tensor<UInt64>([.max])), [1], [0x1p64])
        expect(Tensor<Double>(Tensor<Int64>([(1 << 53) + 1])), [1], [0x1p53])
    }
}
