// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

/// Everything but the JSON of the header, for which see `HeaderSyntaxTests`.
@Suite struct MalformedFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("file.safetensors") }

    init() throws { folder = try TemporaryFolder() }

    private func entry(_ name: String, _ type: String, _ shape: String, _ start: Int, _ end: Int) -> String {
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
    }

    private func expect(
        _ error: FormatError, _ entries: String..., dataByteCount: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let header = "{" + entries.joined(separator: ",") + "}"
        let path = try folder.write(header: header, data: Array(repeating: 0, count: dataByteCount))
        #expect(throws: error, sourceLocation: sourceLocation) { try SafetensorsFile(contentsOf: path) }
    }

    @Test func tooShort() throws {
        for count in 0..<8 {
            _ = try folder.write(Array(repeating: 1, count: count))
            #expect(throws: FormatError.truncated(path: path, expected: 8, found: UInt64(count))) {
                try SafetensorsFile(contentsOf: path)
            }
        }
        _ = try folder.write([3, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
        #expect(throws: FormatError.truncated(path: path, expected: 11, found: 10)) {
            try SafetensorsFile(contentsOf: path)
        }
    }

    /// Every prefix of a good file is refused, as is the file with a byte more.
    @Test func everyPrefix() throws {
        let whole = try bytes(of: fixture("safetensors/mixed.safetensors"))
        for count in 0..<whole.count {
            let error = #expect(throws: FormatError.self) {
                try SafetensorsFile(contentsOf: try folder.write(Array(whole[..<count])))
            }
            guard case .truncated(_, let expected, let found) = error else {
                Issue.record("\(count) bytes: \(String(describing: error))")
                continue
            }
            #expect(found == UInt64(count))
            #expect(expected > found)
        }
        let size = UInt64(whole.count)
        #expect(throws: FormatError.trailingData(path: path, expected: size, found: size + 1)) {
            try SafetensorsFile(contentsOf: try folder.write(whole + [0]))
        }
    }

    @Test func headerTooLarge() throws {
        _ = try folder.write([1, 0xE1, 0xF5, 5, 0, 0, 0, 0])
        #expect(throws: FormatError.headerTooLarge(path: path, byteCount: 100_000_001, limit: 100_000_000)) {
            try SafetensorsFile(contentsOf: path)
        }
        _ = try folder.write(Array(repeating: 0xFF, count: 8))
        #expect(throws: FormatError.headerTooLarge(path: path, byteCount: .max, limit: 100_000_000)) {
            try SafetensorsFile(contentsOf: path)
        }
    }

    @Test func offsets() throws {
        let first = entry("a", "F32", "[1]", 0, 4)
        func misplaced(_ name: String, _ expected: Int, _ start: Int) -> FormatError {
            .misplacedData(path: path, tensor: name, expectedStart: expected, start: start)
        }
        try expect(misplaced("b", 4, 8), first, entry("b", "F32", "[1]", 8, 12), dataByteCount: 12)
        try expect(misplaced("b", 4, 2), entry("b", "F32", "[1]", 2, 6), first, dataByteCount: 6)
        try expect(misplaced("b", 4, 0), first, entry("b", "F32", "[1]", 0, 4), dataByteCount: 4)
        try expect(misplaced("a", 0, 4), entry("a", "F32", "[1]", 4, 8), dataByteCount: 8)
        try expect(misplaced("b", 4, 5), first, entry("b", "F32", "[0]", 5, 5), dataByteCount: 4)
        try expect(
            .reversedOffsets(path: path, tensor: "b", start: 8, end: 4), first,
            entry("b", "F32", "[1]", 8, 4),
            dataByteCount: 4)
    }

    @Test func dataLength() throws {
        let header = entry("a", "F32", "[2]", 0, 8)
        let head = UInt64(8 + header.utf8.count + 2)
        try expect(.truncated(path: path, expected: head + 8, found: head + 7), header, dataByteCount: 7)
        try expect(.trailingData(path: path, expected: head + 8, found: head + 9), header, dataByteCount: 9)
    }

    @Test func shapes() throws {
        func mismatch(_ shape: [Int], _ type: DataType, _ count: Int) -> FormatError {
            .shapeMismatch(
                path: path, tensor: "a", shape: shape, dataTypeName: type.rawValue, byteCount: count)
        }
        try expect(mismatch([2], .float32, 4), entry("a", "F32", "[2]", 0, 4), dataByteCount: 4)
        try expect(mismatch([2], .float64, 8), entry("a", "F64", "[2]", 0, 8), dataByteCount: 8)
        try expect(mismatch([], .bool, 0), entry("a", "BOOL", "[]", 0, 0))
        try expect(mismatch([3, 0], .int32, 4), entry("a", "I32", "[3,0]", 0, 4), dataByteCount: 4)
        // Products that overflow: the elements, the bytes alone, and a shape whose strides would.
        let half = 1 << 32
        try expect(mismatch([half, half], .bool, 0), entry("a", "BOOL", "[\(half),\(half)]", 0, 0))
        try expect(mismatch([1 << 61], .float64, 0), entry("a", "F64", "[\(1 << 61)]", 0, 0))
        try expect(mismatch([half, 0, half], .bool, 0), entry("a", "BOOL", "[\(half),0,\(half)]", 0, 0))
        let axes = Array(repeating: "1", count: 65).joined(separator: ",")
        try expect(
            .tooManyAxes(path: path, tensor: "a", limit: 64), entry("a", "F32", "[\(axes)]", 0, 4),
            dataByteCount: 4)
        // The largest promise that does not overflow meets a file that is too short.
        let header = entry("a", "BOOL", "[\(Int.max)]", 0, .max)
        let head = UInt64(8 + header.utf8.count + 2)
        try expect(.truncated(path: path, expected: head + UInt64(Int.max), found: head), header)
    }

    /// The bytes in another order than the entries, among them tensors that have none; what starts at the same place is
    /// told apart.
    @Test func everyOrderOfBytes() throws {
        let entries = [
            entry("c", "F32", "[1]", 4, 8), entry("a", "F32", "[0]", 8, 8), entry("d", "U8", "[4]", 0, 4),
            entry("b", "I32", "[2,0]", 4, 4), entry("e", "U8", "[0]", 0, 0), entry("f", "F32", "[1]", 8, 12),
        ]
        let header = "{" + entries.joined(separator: ",") + "}"
        let path = try folder.write(header: header, data: [1, 2, 3, 4, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.names == ["a", "b", "c", "d", "e", "f"])
        #expect(try file.tensor("c", as: Float.self) == [1] && file.tensor("f", as: Float.self) == [2])
        #expect(try file.tensor("d", as: UInt8.self) == [1, 2, 3, 4])
        #expect(file.info("b")?.shape == [2, 0] && file.info("e")?.byteCount == 0)
        let overlapping = FormatError.misplacedData(path: path, tensor: "g", expectedStart: 12, start: 8)
        try expect(
            overlapping, entries[5], entries[0], entries[2], entry("g", "U8", "[2]", 8, 10), dataByteCount: 12
        )
        let early = FormatError.misplacedData(path: path, tensor: "e", expectedStart: 0, start: 1)
        try expect(early, entry("g", "U8", "[2]", 2, 4), entry("e", "U8", "[1]", 1, 2), dataByteCount: 4)
    }

    /// What other programs may write and the official library reads: white space before the header, members that say
    /// nothing, metadata that is none, and more axes than a tensor has, which is listed and refused when asked for.
    @Test func unusualFileOfTheOfficialLibrary() throws {
        for access in [FileAccess.read, .mapped] {
            let path = fixture("safetensors/unusual.safetensors")
            let file = try SafetensorsFile(contentsOf: path, access: access)
            #expect(file.names == ["b", "nine"] && file.metadata == [:])
            #expect(try file.tensor("b") == Tensor<Float>([6, 7]))
            let info = try #require(file.info("nine"))
            #expect(info.extents == [1, 1, 1, 1, 1, 1, 1, 2, 3] && info.shape == nil)
            #expect(info.elementCount == 6 && info.byteCount == 24 && !info.isReadable(as: .float32))
            #expect(throws: FormatError.tooManyAxes(path: path, tensor: "nine", limit: 8)) {
                try file.tensor("nine", as: Float.self)
            }
        }
    }

    /// Listed, and refused only when asked for.
    @Test(arguments: ["F8_E4M3", "C64", "f32", "", "F32 "])
    func elementTypes(_ name: String) throws {
        let header = "{" + entry("a", name, "[1]", 0, 2) + "," + entry("b", "F32", "[1]", 2, 6) + "}"
        let path = try folder.write(header: header, data: [1, 2, 0, 0, 0x80, 0x3F])
        for access in [FileAccess.read, .mapped] {
            let file = try SafetensorsFile(contentsOf: path, access: access)
            let info = try #require(file.info("a"))
            #expect(info.dataType == nil && info.dataTypeName == name && info.byteCount == 2)
            #expect(info.shape == [1] && !info.isReadable(as: .float32))
            #expect(throws: FormatError.unsupportedDataType(path: path, tensor: "a", dataType: name)) {
                try file.tensor("a", as: Float.self)
            }
            #expect(try file.tensor("b", as: Float.self) == [1])
        }
    }

    @Test func foreignTypesOfTheOfficialLibrary() throws {
        let file = try SafetensorsFile(contentsOf: fixture("safetensors/foreign_types.safetensors"))
        #expect(file.names.compactMap { file.info($0)?.dataTypeName } == ["C64", "F8_E4M3", "F32"])
        #expect(file.names.compactMap { file.info($0)?.shape } == [[2], [1, 3], [2]])
        #expect(try file.tensor("weight", as: Float.self) == [1.5, -2.5])
    }

    /// Keys that Swift holds equal, written by bytes: two forms of é.
    @Test func metadataKeysAreBytes() throws {
        let header = "{\"__metadata__\":{\"cafe\u{301}\":\"2\",\"caf\u{E9}\":\"1\"}}"
        let file = try SafetensorsFile(contentsOf: folder.write(header: header))
        #expect(
            file.metadataEntries.map { Array($0.key.utf8) }
                == ["cafe\u{301}", "caf\u{E9}"].map { Array($0.utf8) })
        #expect(file.metadataEntries.map(\.value) == ["2", "1"] && file.metadata.count == 1)
    }

    @Test func names() throws {
        try expect(
            .duplicateName(path: path, name: "a"), entry("a", "F32", "[1]", 0, 4),
            entry("\\u0061", "F32", "[1]", 4, 8), dataByteCount: 8)
        try expect(
            .duplicateName(path: path, name: "__metadata__"), "\"__metadata__\":{}", "\"__metadata__\":{}")
        try expect(.duplicateName(path: path, name: "k"), #""__metadata__":{"k":"1","k":"2"}"#)
    }

    @Test func truthValues() throws {
        let path = try folder.write(
            header: "{" + entry("a", "BOOL", "[2,2]", 0, 4) + "}", data: [0, 1, 2, 255])
        let file = try SafetensorsFile(contentsOf: path)
        #expect(throws: FormatError.invalidTruthValue(path: path, tensor: "a", element: 2, byte: 2)) {
            try file.tensor("a", as: Bool.self)
        }
    }

    @Test func fileThatShrinksWhileOpen() throws {
        let path = try folder.write(header: "{" + entry("a", "F32", "[2]", 0, 8) + "}", data: Array(0..<8))
        let size = try bytes(of: path).count
        let file = try SafetensorsFile(contentsOf: path)
        #expect(truncate(path, off_t(size - 3)) == 0)
        #expect(throws: FormatError.truncated(path: path, expected: UInt64(size), found: UInt64(size - 3))) {
            try file.tensor("a", as: Float.self)
        }
    }
}
