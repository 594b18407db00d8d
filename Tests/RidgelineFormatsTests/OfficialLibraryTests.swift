// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Against files that the official library wrote; `Tests/Fixtures/safetensors/make_safetensors.py`.
@Suite struct OfficialLibraryTests {
    private let folder: TemporaryFolder
    private static let matrix: Tensor<Float> = [[0, 1, 2], [3, 4, 5]]
    private static let quoted = "quote \" backslash \\ tab \t bell \u{7} delete \u{7F} slash /"

    init() throws { folder = try TemporaryFolder() }

    private func expectSameBytes(_ writer: SafetensorsWriter, as name: String) throws {
        let path = folder.file("written.safetensors")
        try writer.write(to: path)
        #expect(try bytes(of: path) == bytes(of: fixture("safetensors/\(name).safetensors")))
    }

    @Test func writesEveryElementTypeAlike() throws {
        var writer = SafetensorsWriter(metadata: ["written by": "the official library"])
        try writer.add(Tensor<Bool>([true, false, true]), named: "mask")
        try writer.add(Tensor<Int32>.zeros([0, 3]), named: "empty")
        try writer.add(Tensor<Int32>([.max, .min, 7]), named: "indices")
        try writer.add(Tensor<Float>([2]), named: "\u{1F9EE}")
        try writer.add(Tensor<Float>([1]), named: "cafe\u{301}")
        try writer.add(Tensor<Float>([0]), named: "caf\u{E9}")
        try writer.add([[0]] as Tensor<Float>, named: Self.quoted)
        try writer.add([[1e-300], [1e300]] as Tensor<Double>, named: "moments")
        try writer.add(Tensor<Double>(0.1), named: "scale")
        try writer.add(Tensor<Float>([.infinity, -.infinity, -0.0]), named: "bias")
        try writer.add([[-2.5, -1.5, -0.5], [0.5, 1.5, 2.5]] as Tensor<Float>, named: "weight")
        try expectSameBytes(writer, as: "mixed")
    }

    @Test func writesViewsRowByRow() throws {
        var writer = SafetensorsWriter()
        try writer.add(Self.matrix.transposed(), named: "a")
        try writer.add(Self.matrix, named: "b")
        try expectSameBytes(writer, as: "plain")
    }

    @Test func writesNothingAlike() throws {
        try expectSameBytes(SafetensorsWriter(), as: "nothing")
        let file = try SafetensorsFile(contentsOf: fixture("safetensors/nothing.safetensors"))
        #expect(file.names == [])
        #expect(file.metadata == [:])
    }

    @Test func readsTheExtremesOfEveryElementType() throws {
        let file = try SafetensorsFile(contentsOf: fixture("safetensors/every_type.safetensors"))
        #expect(file.names.count == 3 * DataType.allCases.count)
        func expectExtremes<Integer: IntegerScalar>(_ type: Integer.Type, _ name: String) throws {
            let tensor = try file.tensor("\(name)/extremes", as: type)
            #expect(tensor == Tensor(shape: [2, 3], scalars: [.min, .max, 0, 1, 2, 77]))
        }
        try expectExtremes(Int8.self, "int8")
        try expectExtremes(Int16.self, "int16")
        try expectExtremes(Int32.self, "int32")
        try expectExtremes(Int64.self, "int64")
        try expectExtremes(UInt8.self, "uint8")
        try expectExtremes(UInt16.self, "uint16")
        try expectExtremes(UInt32.self, "uint32")
        try expectExtremes(UInt64.self, "uint64")
        let half: [Float] = [
            0, -0.0, 0x1.554p-2, -2.5, 65504, -65504, 0x1p-14, 0x1p-17, .infinity, -.infinity,
        ]
        let single = try file.tensor("float16/extremes", as: Float.self).scalars
        #expect(single.dropLast().map(\.bitPattern) == half.map(\.bitPattern) && single.last?.isNaN == true)
        let brain = try file.tensor("bfloat16/extremes", as: Double.self).scalars
        #expect(brain[2...7] == [0x1.56p-2, -2.5, 0x1.FEp127, -0x1.FEp127, 0x1p-126, 0x1p-129])
        #expect(brain[10].isNaN)
        #expect(try file.tensor("bool/extremes") == ([[true, false, true]] as Tensor<Bool>))
        #expect(try file.tensor("4 empty torch.float16", as: Float.self).shape == [3, 0, 2])
    }

    /// What PyTorch rounds from single precision.
    @Test func roundsAsPyTorch() throws {
        let source = fixture("safetensors/reduced.safetensors")
        let file = try SafetensorsFile(contentsOf: source)
        let values: Tensor<Float> = try file.tensor("source")
        var writer = SafetensorsWriter()
        try writer.add(values, named: "source")
        try writer.add(values, named: "f16", as: .float16)
        try writer.add(Tensor<Double>(values), named: "bf16", as: .bfloat16)
        try expectSameBytes(writer, as: "reduced")
    }

    @Test func writesHeaderThatNeedsNoPadding() throws {
        var writer = SafetensorsWriter()
        try writer.add(Tensor<Float>([0]), named: "abc")
        try expectSameBytes(writer, as: "unpadded")
    }

    @Test func readsEveryElementType() throws {
        let file = try SafetensorsFile(contentsOf: fixture("safetensors/mixed.safetensors"))
        let names = [
            "bias", "cafe\u{301}", "caf\u{E9}", "empty", "indices", "mask", "moments", Self.quoted, "scale",
            "weight", "\u{1F9EE}",
        ]
        // By bytes: Swift holds the two spellings of é equal.
        #expect(file.names.map { Array($0.utf8) } == names.map { Array($0.utf8) })
        #expect(file.metadata == ["written by": "the official library"])
        #expect(try file.tensor("mask", as: Bool.self) == Tensor([true, false, true]))
        #expect(try file.tensor("indices", as: Int32.self) == Tensor([.max, .min, 7]))
        #expect(try file.tensor("empty", as: Int32.self).shape == [0, 3])
        #expect(try file.tensor("moments", as: Double.self) == [[1e-300], [1e300]])
        #expect(try file.tensor("scale", as: Double.self) == Tensor(0.1))
        #expect(try file.tensor("weight", as: Float.self) == [[-2.5, -1.5, -0.5], [0.5, 1.5, 2.5]])
        let bias = try file.tensor("bias", as: Float.self).scalars
        #expect(bias.map(\.bitPattern) == [0x7F80_0000, 0xFF80_0000, 0x8000_0000])
        #expect(try file.tensor("caf\u{E9}", as: Float.self) == [0])
        #expect(try file.tensor("cafe\u{301}", as: Float.self) == [1])
        #expect(try file.tensor("\u{1F9EE}", as: Float.self) == [2])
        let info = try #require(file.info("moments"))
        #expect(info.dataType == .float64)
        #expect(info.shape == [2, 1])
        #expect(info.byteCount == 16)
        #expect(file.info("absent") == nil)
    }

    /// What PyTorch saved comes out byte for byte after a way through tensors.
    @Test(arguments: [
        "operations", "feed_forward", "residual", "optimizers", "training", "extremes",
        "safetensors/every_type",
    ])
    func rewritesFixtures(_ name: String) throws {
        let source = fixture("\(name).safetensors")
        let file = try SafetensorsFile(contentsOf: source)
        #expect(!file.names.isEmpty)
        var writer = SafetensorsWriter(metadata: file.metadata)
        for name in file.names { try writer.copy(name, from: file) }
        let path = folder.file("rewritten.safetensors")
        try writer.write(to: path)
        // No comparison inside the expectation: a difference would print the files.
        let isSame = try bytes(of: path) == bytes(of: source)
        #expect(isSame)
    }
}

extension SafetensorsWriter {
    /// Adds a file's tensor under its name and type.
    mutating func copy(_ name: String, from file: SafetensorsFile) throws {
        func copy<Scalar: TensorScalar>(_: Scalar.Type) throws {
            try add(file.tensor(name, as: Scalar.self), named: name)
        }
        switch try #require(file.info(name)?.dataType) {
        case .float32: try copy(Float.self)
        case .float64: try copy(Double.self)
        case .float16: try add(file.tensor(name, as: Float.self), named: name, as: .float16)
        case .bfloat16: try add(file.tensor(name, as: Float.self), named: name, as: .bfloat16)
        case .int8: try copy(Int8.self)
        case .int16: try copy(Int16.self)
        case .int32: try copy(Int32.self)
        case .int64: try copy(Int64.self)
        case .uint8: try copy(UInt8.self)
        case .uint16: try copy(UInt16.self)
        case .uint32: try copy(UInt32.self)
        case .uint64: try copy(UInt64.self)
        case .bool: try copy(Bool.self)
        }
    }
}
