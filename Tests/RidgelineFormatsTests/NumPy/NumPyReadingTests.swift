// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Files that NumPy wrote.
@Suite struct NumPyReadingTests {
    private let orders = ["little", "big"].flatMap { order in ["C", "F"].map { "\(order).\($0)" } }

    @Test(arguments: NamedScalar.all)
    func everyOrderAndShape(_ scalar: NamedScalar) throws {
        let archive = try NumPyArchive(contentsOf: fixture("numpy/everything.npz"))
        func check<Scalar: TensorScalar>(_: Scalar.Type) throws {
            for (shapeName, shape) in patternShapes {
                let expected = pattern(shape, as: Scalar.self)
                for order in orders {
                    let name = "\(scalar.name).\(order).\(shapeName)"
                    #expect(archive.info(name)?.dataType == Scalar.dataType, "\(name)")
                    let tensor = try archive.tensor(name, as: Scalar.self)
                    #expect(tensor.shape == shape, "\(name)")
                    #expect(rawBytes(tensor) == rawBytes(expected), "\(name)")
                }
            }
        }
        try check(scalar.type)
    }

    /// NumPy's own widening, but for NaNs, which need not keep their bits.
    @Test func halfPrecision() throws {
        let archive = try NumPyArchive(contentsOf: fixture("numpy/everything.npz"))
        var finite = 0
        for (shapeName, shape) in patternShapes {
            let expected = try archive.tensor("widened.\(shapeName)", as: Float.self)
            for order in orders {
                let name = "f2.\(order).\(shapeName)"
                #expect(archive.info(name)?.dataType == .float16)
                let tensor = try archive.tensor(name, as: Float.self)
                #expect(tensor.shape == shape)
                let double = try archive.tensor(name, as: Double.self)
                for (index, value) in expected.scalars.enumerated() {
                    let found = tensor.scalars[index]
                    #expect(found.bitPattern == value.bitPattern || found.isNaN && value.isNaN, "\(name)")
                    #expect(double.scalars[index] == Double(value) || value.isNaN)
                    finite += value.isFinite ? 1 : 0
                }
            }
        }
        #expect(finite > 100)
    }

    @Test func names() throws {
        let archive = try NumPyArchive(contentsOf: fixture("numpy/everything.npz"))
        #expect(archive.names.count == 12 * 4 * 6 + 6)
        #expect(archive.names.first == "b1.big.C.cube")
        #expect(archive.names.last == "widened.row")
        #expect(archive.info("f4.big.F.cube")?.shape == [2, 3, 4])
        #expect(archive.info("absent") == nil)
        let missing = FormatError.missingTensor(
            path: archive.path, name: "absent", available: Array(archive.names.prefix(5)))
        #expect(throws: missing) { try archive.tensor("absent", as: Float.self) }
        #expect(try NumPyArchive(contentsOf: fixture("numpy/nothing.npz")).names == [])
    }

    @Test(arguments: [1, 2, 3])
    func versions(_ version: Int) throws {
        let file = try NumPyFile(contentsOf: fixture("numpy/version\(version).npy"))
        #expect(file.isFortranOrdered)
        #expect(file.names == ["version\(version)"])
        #expect(file.info("version\(version)") == file.info)
        #expect(rawBytes(try file.tensor(as: Float.self)) == rawBytes(pattern([2, 3, 4], as: Float.self)))
        let missing = FormatError.missingTensor(path: file.path, name: "x", available: file.names)
        #expect(throws: missing) { try file.tensor("x", as: Float.self) }
    }

    @Test func python2() throws {
        let file = try NumPyFile(contentsOf: fixture("numpy/python2.npy"))
        #expect(try file.tensor() == pattern([2, 3], as: Int32.self))
        #expect(!file.isFortranOrdered)
    }

    /// Sizes after the data, a comment that looks like an archive's end, and a file that is no array.
    @Test func archiveFromAPipe() throws {
        let archive = try NumPyArchive(contentsOf: fixture("numpy/streamed.npz"))
        #expect(archive.names == ["deflated", "folder/stored"])
        #expect(
            rawBytes(try archive.tensor("deflated", as: Float.self))
                == rawBytes(pattern([300], as: Float.self)))
        #expect(
            rawBytes(try archive.tensor("folder/stored", as: Double.self))
                == rawBytes(pattern([4, 5], as: Double.self)))
    }

    @Test func whatNoTensorHolds() throws {
        let archive = try NumPyArchive(contentsOf: fixture("numpy/unsupported.npz"))
        #expect(try archive.tensor("number") == Tensor<Double>([1, 1]))
        for (name, type) in [
            ("complex", "<c8"), ("date", "<M8[s]"), ("object", "|O"), ("text", "<U2"),
            ("structure", "[('x', '<f4'), ('y', '<i2', (3,))]"),
        ] {
            #expect(archive.info(name)?.dataTypeName == type)
            #expect(archive.info(name)?.dataType == nil)
            let error = FormatError.unsupportedDataType(path: archive.path, tensor: name, dataType: type)
            #expect(throws: error) { try archive.tensor(name, as: Float.self) }
        }
    }

    /// The archive in memory answers as the file does.
    @Test func bytesInMemory() throws {
        let path = fixture("numpy/compressed.npz")
        let archive = try NumPyArchive(bytes: bytes(of: path), path: "x")
        #expect(try archive.tensor("a") == pattern([1000], as: Int64.self))
        let file = try NumPyFile(bytes: bytes(of: fixture("numpy/python2.npy")))
        #expect(try file.tensor() == pattern([2, 3], as: Int32.self))
        #expect(file.name == "memory")
    }
}
