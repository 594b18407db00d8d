// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct RoundTripTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func keepsEveryBit() throws {
        let patterns: [UInt32] = [0, 1, 0x8000_0000, 0x7F80_0001, 0xFFC0_1234, 0x7F7F_FFFF, 0x3F80_0001]
        let wide = patterns.map { Double(bitPattern: UInt64($0) << 32 | 0xF_0000_0001) }
        var writer = SafetensorsWriter(metadata: ["a": "", "z\n": "\u{1F600}\"", "": "x"])
        try writer.add(
            Tensor(shape: [7, 1], scalars: patterns.map(Float.init(bitPattern:))), named: "narrow")
        try writer.add(Tensor(shape: [1, 7], scalars: wide), named: "wide")
        try writer.add(Tensor<Float>.zeros([2, 0, 5]), named: "none")
        try writer.add(Tensor<Float>.ones([1, 1, 1, 2, 1, 1, 1, 3]), named: "rank 8")
        let path = folder.file("bits.safetensors")
        try writer.write(to: path)
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.metadata == ["a": "", "z\n": "\u{1F600}\"", "": "x"])
        #expect(file.names == ["narrow", "none", "rank 8", "wide"])
        let narrow = try file.tensor("narrow", as: Float.self)
        #expect(narrow.shape == [7, 1])
        #expect(narrow.scalars.map(\.bitPattern) == patterns)
        let read = try file.tensor("wide", as: Double.self)
        #expect(read.shape == [1, 7])
        #expect(read.scalars.map(\.bitPattern) == wide.map(\.bitPattern))
        #expect(try file.tensor("none", as: Float.self).shape == [2, 0, 5])
        #expect(try file.tensor("rank 8", as: Float.self) == .ones([1, 1, 1, 2, 1, 1, 1, 3]))
    }

    @Test func writesWhatWasAdded() throws {
        var tensor: Tensor<Float> = [1, 2]
        var writer = SafetensorsWriter()
        try writer.add(tensor, named: "x")
        tensor.withUnsafeMutableBufferPointer { $0[0] = 9 }
        try writer.write(to: folder.file("x"))
        #expect(try SafetensorsFile(contentsOf: folder.file("x")).tensor("x", as: Float.self) == [1, 2])
    }

    @Test func sameTensorsMakeSameBytes() throws {
        let names = (0..<50).map { "tensor \($0)" }
        func write(_ names: [String], _ metadata: [(String, String)], to name: String) throws -> [UInt8] {
            var writer = SafetensorsWriter(metadata: Dictionary(uniqueKeysWithValues: metadata))
            for name in names { try writer.add(Tensor<Float>([Float(name.utf8.count)]), named: name) }
            try writer.write(to: folder.file(name))
            return try bytes(of: folder.file(name))
        }
        let metadata = names.map { ($0, "text") }
        let isSame =
            try write(names, metadata, to: "1") == write(names.reversed(), metadata.reversed(), to: "2")
        #expect(isSame)
    }

    @Test func widensButDoesNotNarrow() throws {
        let values: [Float] = [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity]
        var writer = SafetensorsWriter()
        try writer.add(Tensor(shape: [5, 1], scalars: values), named: "narrow")
        try writer.add(Tensor<Double>([1]), named: "wide")
        try writer.add(Tensor<Int32>([1]), named: "whole")
        let path = folder.file("types.safetensors")
        try writer.write(to: path)
        let file = try SafetensorsFile(contentsOf: path)
        let wide = try file.tensor("narrow", as: Double.self)
        #expect(wide.shape == [5, 1])
        #expect(wide.scalars.map(\.bitPattern) == values.map { Double($0).bitPattern })

        func wrong(_ name: String, _ found: DataType, _ expected: DataType) -> FormatError {
            .wrongDataType(path: path, name: name, found: found, expected: expected)
        }
        #expect(throws: wrong("wide", .float64, .float32)) { try file.tensor("wide", as: Float.self) }
        #expect(try file.tensor("wide", as: Float.self, rounding: true) == [1])
        #expect(try file.tensor("whole", as: Double.self) == [1])
        #expect(throws: wrong("whole", .int32, .bool)) { try file.tensor("whole", as: Bool.self) }
        #expect(throws: wrong("narrow", .float32, .int32)) { try file.tensor("narrow", as: Int32.self) }
    }

    @Test func namesWhatIsThereWhereATensorIsMissing() throws {
        var writer = SafetensorsWriter()
        for name in ["g", "f", "e", "d", "c", "b"] { try writer.add(Tensor<Float>([1]), named: name) }
        let path = folder.file("six.safetensors")
        try writer.write(to: path)
        let file = try SafetensorsFile(contentsOf: path)
        let missing = FormatError.missingTensor(path: path, name: "a", available: ["b", "c", "d", "e", "f"])
        #expect(throws: missing) { try file.tensor("a", as: Float.self) }
        #expect(
            missing.description == "\(path): no tensor \"a\"; there are \"b\", \"c\", \"d\", \"e\", \"f\"")
    }

    @Test func refusesNamesThatCannotBe() throws {
        var writer = SafetensorsWriter()
        let tensor: Tensor<Float> = [1]
        #expect(throws: FormatError.invalidName(name: "", reason: "it is empty")) {
            try writer.add(tensor, named: "")
        }
        let kept = FormatError.invalidName(
            name: "__metadata__", reason: "the format keeps it for the metadata")
        #expect(throws: kept) { try writer.add(tensor, named: "__metadata__") }
        try writer.add(tensor, named: "x")
        #expect(throws: FormatError.duplicateName(path: nil, name: "x")) {
            try writer.add(Tensor<Bool>([true]), named: "x")
        }
        try writer.write(to: folder.file("x"))
        #expect(try SafetensorsFile(contentsOf: folder.file("x")).tensor("x", as: Float.self) == tensor)
    }

    /// A file that another replaces goes on being read as it was opened.
    @Test func staysWithTheFileItOpened() throws {
        let path = folder.file("x")
        var old = SafetensorsWriter()
        try old.add(Tensor<Float>([1, 2]), named: "x")
        try old.write(to: path)
        let file = try SafetensorsFile(contentsOf: path)
        var new = SafetensorsWriter()
        try new.add(Tensor<Float>([3, 4, 5]), named: "x")
        try new.write(to: path)
        #expect(try file.tensor("x", as: Float.self) == [1, 2])
        #expect(try SafetensorsFile(contentsOf: path).tensor("x", as: Float.self) == [3, 4, 5])
    }
}
