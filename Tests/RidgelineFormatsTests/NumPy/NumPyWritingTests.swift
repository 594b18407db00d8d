// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct NumPyWritingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// All that `numpy.savez` writes, headers, order and archive, for every type, shape and order of axes.
    @Test func byteForByte() throws {
        var writer = NumPyArchiveWriter()
        func add<Scalar: TensorScalar>(_: Scalar.Type, _ name: String) throws {
            for (shapeName, shape) in patternShapes {
                let tensor = pattern(shape, as: Scalar.self)
                try writer.add(tensor, named: "\(name).C.\(shapeName)")
                try writer.add(tensor, named: "\(name).F.\(shapeName)", fortranOrder: true)
            }
            try writer.add(pattern([2], as: Scalar.self), named: "\(name).größe")
        }
        for scalar in NamedScalar.all { try add(scalar.type, scalar.name) }
        let path = folder.file("written.npz")
        try writer.write(to: path)
        #expect(try bytes(of: path) == bytes(of: fixture("numpy/written.npz")))
    }

    @Test(arguments: [false, true])
    func singleFile(fortranOrder: Bool) throws {
        let order = fortranOrder ? "F" : "C"
        let archive = try bytes(of: fixture("numpy/written.npz"))
        let path = folder.file("x.npy")
        // A view that is written as the tensor it shows.
        let tensor = pattern([2, 3, 4], as: Float.self).permuted([2, 0, 1]).contiguous().permuted([1, 2, 0])
        try NumPyFile.write(tensor, to: path, fortranOrder: fortranOrder)
        let written = try bytes(of: path)
        let name = Array("f4.\(order).cube.npy".utf8)
        let start =
            try #require(archive.indices.first { archive[$0...].starts(with: name) }) + name.count + 20
        #expect(Array(archive[start..<start + written.count]) == written)
        #expect(try NumPyFile(contentsOf: path).isFortranOrdered == fortranOrder)
        #expect(rawBytes(try NumPyFile(contentsOf: path).tensor(as: Float.self)) == rawBytes(tensor))
    }

    /// Compressed, it is smaller, the same each time, and read as what it was.
    @Test func compressed() throws {
        var writer = NumPyArchiveWriter()
        let large = Tensor<Float>.full([700, 500], 1.5)
        try writer.add(pattern([2, 3], as: Float.self), named: "b")
        try writer.add(large, named: "large")
        for name in ["one.npz", "two.npz"] { try writer.write(to: folder.file(name), compressed: true) }
        let path = folder.file("one.npz")
        #expect(try bytes(of: path) == bytes(of: folder.file("two.npz")))
        #expect(try bytes(of: path).count < 5000)
        let archive = try NumPyArchive(contentsOf: path)
        #expect(archive.names == ["b", "large"])
        #expect(try archive.tensor("large") == large)
        #expect(
            rawBytes(try archive.tensor("b", as: Float.self)) == rawBytes(pattern([2, 3], as: Float.self)))
    }

    @Test func refusesNamesThatCannotBe() throws {
        var writer = NumPyArchiveWriter()
        let tensor: Tensor<Float> = [1]
        try writer.add(tensor, named: "x")
        #expect(throws: FormatError.duplicateName(path: nil, name: "x")) {
            try writer.add(tensor, named: "x")
        }
        #expect(throws: FormatError.invalidName(name: "", reason: "it is empty")) {
            try writer.add(tensor, named: "")
        }
        #expect(throws: FormatError.invalidName(name: "a\0", reason: "it has a zero byte")) {
            try writer.add(tensor, named: "a\0")
        }
        let long = String(repeating: "x", count: 65_281)
        #expect(throws: FormatError.invalidName(name: long, reason: "it has more than 65280 bytes")) {
            try writer.add(tensor, named: long)
        }
        try writer.add(tensor, named: String(long.dropLast()))
        try writer.write(to: folder.file("x.npz"))
        #expect(try NumPyArchive(contentsOf: folder.file("x.npz")).names == ["x", String(long.dropLast())])
    }

    /// More members than sixteen bits count: the directory's end has them in sixty-four.
    @Test func moreMembersThanSixteenBitsCount() throws {
        var writer = NumPyArchiveWriter()
        let tensor = Tensor<Bool>(true)
        for index in 0..<65_537 { try writer.add(tensor, named: "\(index)") }
        try writer.write(to: folder.file("many.npz"))
        let archive = try NumPyArchive(contentsOf: folder.file("many.npz"))
        #expect(archive.names.count == 65_537)
        #expect(try archive.tensor("65536") == tensor)
    }
}
