// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct IDXTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Plain and compressed, the latter in two parts, by Python.
    @Test func images() throws {
        let expected = Tensor(shape: [5, 4, 3], scalars: (0..<60).map { UInt8($0) })
        let plain = try IDXFile(contentsOf: fixture("numpy/images.idx3-ubyte"))
        let compressed = try IDXFile(contentsOf: fixture("numpy/images.idx3-ubyte.gz"))
        #expect(!plain.isCompressed && compressed.isCompressed)
        for file in [plain, compressed] {
            #expect(file.names == ["images"])
            #expect(file.info == TensorInfo(dataType: .uint8, shape: [5, 4, 3], byteCount: 60))
            #expect(try file.tensor() == expected)
            #expect(try file.tensor("images", as: Float.self).sum().item == 1770)
        }
        let path = folder.file("images")
        try IDXFile.write(expected, to: path)
        #expect(try bytes(of: path) == bytes(of: fixture("numpy/images.idx3-ubyte")))
    }

    @Test(arguments: [false, true])
    func everyType(compressed: Bool) throws {
        func check<Scalar: IDXScalar>(_: Scalar.Type, _ code: UInt8) throws {
            for (name, shape) in patternShapes {
                let tensor = pattern(shape, as: Scalar.self)
                let path = folder.file(name)
                try IDXFile.write(tensor, to: path, compressed: compressed)
                let file = try IDXFile(contentsOf: path)
                #expect(file.isCompressed == compressed)
                #expect(file.info.dataType == Scalar.dataType && file.info.shape == shape)
                #expect(rawBytes(try file.tensor(as: Scalar.self)) == rawBytes(tensor))
                if compressed { continue }
                let written = try bytes(of: path)
                #expect(Array(written[..<4]) == [0, 0, code, UInt8(shape.rank)])
                #expect(written.count == 4 + 4 * shape.rank + tensor.elementCount * MemoryLayout<Scalar>.size)
            }
        }
        try check(UInt8.self, 0x08)
        try check(Int8.self, 0x09)
        try check(Int16.self, 0x0B)
        try check(Int32.self, 0x0C)
        try check(Float.self, 0x0D)
        try check(Double.self, 0x0E)
        try IDXFile.write(Tensor<Int16>([1, -2]), to: folder.file("x"))
        #expect(try bytes(of: folder.file("x")) == [0, 0, 0x0B, 1, 0, 0, 0, 2, 0, 1, 0xFF, 0xFE])
    }

    /// Larger than the buffers on the way.
    @Test func large() throws {
        let tensor = pattern([1000, 300], as: Int32.self)
        try IDXFile.write(tensor, to: folder.file("x"), compressed: true)
        #expect(try IDXFile(contentsOf: folder.file("x")).tensor() == tensor)
    }

    @Test func headersThatAreWrong() throws {
        func expect(_ error: FormatError, _ bytes: [UInt8]) {
            #expect(throws: error, "\(bytes)") { try IDXFile(bytes: bytes, path: "x").tensor(as: UInt8.self) }
        }
        for count in 0..<4 {
            expect(
                .truncated(path: "x", expected: 4, found: UInt64(count)), Array(repeating: 0, count: count))
        }
        expect(.malformedHeader(path: "x", position: 0, reason: "expected two zero bytes"), [0, 1, 8, 0, 0])
        for code: UInt8 in [0, 0x0A, 0x0F] {
            let name = "0x" + String(code, radix: 16, uppercase: true)
            expect(.unsupportedDataType(path: "x", tensor: "x", dataType: name), [0, 0, code, 0, 0])
        }
        let axes = Array(repeating: [0, 0, 0, 1] as [UInt8], count: 9).flatMap { $0 }
        expect(.tooManyAxes(path: "x", tensor: "x", limit: 8), [0, 0, 8, 9] + axes + [7])
        #expect(try IDXFile(bytes: [0, 0, 8, 9] + axes + [7]).info.extents == Array(repeating: 1, count: 9))
        expect(.truncated(path: "x", expected: 8, found: 6), [0, 0, 8, 1, 0, 0])
        expect(.truncated(path: "x", expected: 11, found: 10), [0, 0, 8, 1, 0, 0, 0, 3, 1, 2])
        expect(.trailingData(path: "x", expected: 9, found: 10), [0, 0, 8, 1, 0, 0, 0, 1, 1, 2])
        let largest: [UInt8] = Array(repeating: 255, count: 12)
        let extents = [4_294_967_295, 4_294_967_295, 4_294_967_295]
        expect(
            .shapeMismatch(path: "x", tensor: "x", shape: extents, dataTypeName: "U8", byteCount: 0),
            [0, 0, 8, 3] + largest)
    }

    @Test func compressedDataThatIsWrong() throws {
        let sound = try bytes(of: fixture("numpy/images.idx3-ubyte.gz"))
        func error(_ change: (inout [UInt8]) -> Void) throws -> FormatError? {
            var bytes = sound
            change(&bytes)
            return #expect(throws: FormatError.self) {
                try IDXFile(bytes: bytes, path: "x").tensor(as: UInt8.self)
            }
        }
        func corrupt(_ position: Int, _ reason: String) -> FormatError {
            .corruptCompression(path: "x", position: position, reason: reason)
        }
        #expect(try error { $0.removeLast() } == corrupt(76, "ends in the middle"))
        #expect(try error { $0.append(0x1F) } == corrupt(76, "ends in the middle"))
        #expect(try error { $0 += [0, 0, 0] } == corrupt(76, "incorrect header check"))
        #expect(try error { $0[$0.count - 8] ^= 1 } == corrupt(76, "incorrect data check"))
        #expect(try error { $0[2] = 0 } == corrupt(0, "unknown compression method"))
        for count in 2..<sound.count - 1 where count != 56 {
            #expect(try error { $0.removeLast($0.count - count) } != nil)
        }
        // The extents promise more than so few bytes can expand to.
        let tensor = Tensor<UInt8>.zeros([2000])
        try IDXFile.write(tensor, to: folder.file("x"))
        var bytes = try bytes(of: folder.file("x"))
        (bytes[4], bytes[5]) = (0x7F, 0xFF)
        let bomb = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 8, 0, 0xF7, 0xFF] + bytes[..<8]
        #expect(throws: FormatError.truncated(path: "x", expected: 2_147_420_120, found: 23 * 1032)) {
            try IDXFile(bytes: bomb, path: "x")
        }
    }
}
