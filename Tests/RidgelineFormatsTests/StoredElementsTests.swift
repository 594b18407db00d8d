// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct StoredElementsTests {
    /// Bytes in memory, which may be read in order only.
    private final class Bytes: ByteSource {
        let bytes: [UInt8]
        let isRandomAccess: Bool
        private var position = 0

        init(_ bytes: [UInt8], isRandomAccess: Bool = true) {
            self.bytes = bytes
            self.isRandomAccess = isRandomAccess
        }

        convenience init<Element: BitwiseCopyable>(of elements: [Element], isRandomAccess: Bool = true) {
            self.init(elements.withUnsafeBytes { Array($0) }, isRandomAccess: isRandomAccess)
        }

        func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
            if !isRandomAccess {
                #expect(offset == position)
                position += buffer.count
            }
            buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
        }
    }

    private func read<Source: TensorScalar, Target: TensorScalar>(
        _ elements: [Source], as type: Target.Type, rounding: Bool = false, isRandomAccess: Bool = true
    ) throws -> [Target] {
        let stored = StoredElements(path: "f", name: "t", dataType: Source.dataType)
        let source = Bytes(of: elements, isRandomAccess: isRandomAccess)
        return try stored.tensor(shape: [elements.count], as: type, rounding: rounding, from: source).scalars
    }

    private func misfit(_ element: Int, _ value: String, _ type: DataType) -> FormatError {
        .unrepresentable(path: "f", tensor: "t", element: element, value: value, dataType: type)
    }

    @Test func integersWhereTheyFit() throws {
        #expect(try read([Int8.min, 0, .max], as: Int64.self) == [-128, 0, 127])
        #expect(try read([UInt64(0), 255], as: UInt8.self) == [0, 255])
        #expect(try read([Int64(-5), 7], as: Int16.self) == [-5, 7])
        #expect(try read([Int32.min, .max], as: Double.self) == [-2_147_483_648, 2_147_483_647])
        #expect(try read([Int64.min, 1 << 62, 3 << 40], as: Float.self) == [-0x1p63, 0x1p62, 0x3p40])
        #expect(throws: misfit(1, "-1", .uint64)) { try read([Int8(0), -1], as: UInt64.self) }
        #expect(throws: misfit(2, "\(UInt64.max)", .int64)) { try read([1, 2, UInt64.max], as: Int64.self) }
        #expect(throws: misfit(0, "256", .uint8)) { try read([Int32(256)], as: UInt8.self) }
        #expect(throws: misfit(1, "16777217", .float32)) {
            try read([Int32(16_777_216), 16_777_217], as: Float.self)
        }
        #expect(throws: misfit(0, "\(Int64.max)", .float64)) { try read([Int64.max], as: Double.self) }
    }

    @Test func whatDoesNotGoTogether() throws {
        func wrong(_ found: DataType, _ expected: DataType) -> FormatError {
            .wrongDataType(path: "f", name: "t", found: found, expected: expected)
        }
        #expect(throws: wrong(.float32, .int64)) { try read([Float(1)], as: Int64.self) }
        #expect(throws: wrong(.bool, .uint8)) { try read([true], as: UInt8.self) }
        #expect(throws: wrong(.uint8, .bool)) { try read([UInt8(1)], as: Bool.self) }
        #expect(throws: wrong(.float64, .float32)) { try read([1.5], as: Float.self) }
        #expect(
            try read([0.1, .infinity, 1e300], as: Float.self, rounding: true) == [0.1, .infinity, .infinity])
    }

    /// Many pieces, on all threads and in order: the first element that does not fit is named.
    @Test(arguments: [true, false]) func manyPieces(isRandomAccess: Bool) throws {
        var values = (0..<1_000_003).map { Int32($0) }
        #expect(try read(values, as: Int64.self, isRandomAccess: isRandomAccess) == values.map { Int64($0) })
        #expect(try read(values + values, as: Int32.self, isRandomAccess: isRandomAccess) == values + values)
        values = values.map { $0 % 100 }
        for element in [400_001, 400_002, 900_000] { values[element] = 1000 }
        #expect(throws: misfit(400_001, "1000", .int8)) {
            try read(values, as: Int8.self, isRandomAccess: isRandomAccess)
        }
    }

    @Test func swappedBytes() throws {
        let swapped = [Int16(1), -2].map(\.byteSwapped)
        let stored = StoredElements(path: "f", name: "t", dataType: .int16, isByteSwapped: true)
        #expect(try stored.tensor(shape: [2], as: Int16.self, from: Bytes(of: swapped)) == [1, -2])
        #expect(try stored.tensor(shape: [2, 1], as: Float.self, from: Bytes(of: swapped)) == [[1], [-2]])
        let wide = StoredElements(path: "f", name: "t", dataType: .float64, isByteSwapped: true)
        let bytes = Bytes(of: [(0.1).bitPattern.byteSwapped])
        #expect(try wide.tensor(shape: [], as: Double.self, from: bytes) == Tensor(0.1))
    }

    /// A size that no system has, as a sparse file may promise it.
    @Test func memoryThatIsNotThere() {
        let stored = StoredElements(path: "f", name: "t", dataType: .uint8)
        for (extent, bytes) in [(1 << 56, 1 << 59), (1 << 61, Int.max)] {
            #expect(throws: FormatError.outOfMemory(path: "f", tensor: "t", byteCount: bytes)) {
                try stored.tensor(shape: [extent], as: Int64.self, from: Bytes([]))
            }
        }
    }
}
