// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Files that NumPy reads although it writes others.
@Suite struct UnusualFileTests {
    @Test(arguments: ["python2", "python2_unicode"]) func python2(_ name: String) throws {
        let file = try NumPyFile(contentsOf: fixture("numpy/\(name).npy"))
        #expect(file.info.shape == [2, 3] && file.info.dataType == .int32)
        #expect(try file.tensor() == pattern([2, 3], as: Int32.self))
    }

    @Test func moreAxesThanATensorHas() throws {
        let archive = try NumPyArchive(contentsOf: fixture("numpy/axes.npz"))
        #expect(archive.names == ["nine", "two"])
        #expect(archive.info("nine")?.extents == [1, 2, 1, 1, 1, 1, 1, 1, 3])
        #expect(archive.info("nine")?.shape == nil && archive.info("nine")?.elementCount == 6)
        let error = FormatError.tooManyAxes(path: archive.path, tensor: "nine", limit: 8)
        #expect(throws: error) { try archive.tensor("nine", as: Float.self) }
        #expect(
            try rawBytes(archive.tensor("two", as: Float.self)) == rawBytes(pattern([2, 3], as: Float.self)))
    }

    @Test func endIn64BitsThatNobodyNeeds() throws {
        let sound = try bytes(of: fixture("numpy/unneeded64.npz"))
        let archive = try NumPyArchive(bytes: sound, path: "x")
        #expect(try archive.tensor("b") == pattern([4], as: Int64.self))
        // Two ends that say different things are no archive: another program may believe the other one.
        for offset in [8, 10, 12, 16] {
            var bytes = sound
            bytes[bytes.count - 22 + offset] ^= 1
            #expect(throws: FormatError.self, "\(offset)") { try NumPyArchive(bytes: bytes, path: "x") }
        }
        // What only looks like a locator is the end of the directory.
        let locator = little(UInt32(0x0706_4B50)) + little(UInt32(0)) + little(UInt64(0)) + little(UInt32(1))
        for changed in [locator, little(UInt32(0x0706_4B50)) + Array(repeating: 255, count: 16)] {
            var zip = ZipBuilder(.init(name: Array("a.txt".utf8), data: [1]))
            zip.members[0].extra = [9, 0, 20, 0] + changed
            #expect(try NumPyArchive(bytes: zip.bytes()).names == [])
        }
    }

    /// Members in another order than the directory's, as some programs leave them behind.
    @Test func membersInAnotherOrder() throws {
        let archive = try NumPyArchive(contentsOf: fixture("../../Fuzzing/Corpus/npz/reversed"))
        #expect(archive.names == ["a", "b", "c"])
        for name in archive.names { #expect(try archive.tensor(name) == Tensor<Float>([1, 1])) }
    }

    /// Names are sorted without their ending: a.npy comes before a.b.npy.
    @Test func orderOfNames() throws {
        let folder = try TemporaryFolder()
        var writer = NumPyArchiveWriter()
        let names = ["a", "a.b", "a!", "\u{E9}", "Z", "a/b", "a.npy"]
        for (index, name) in names.enumerated() {
            try writer.add(Tensor<Int32>([Int32(index)]), named: name)
        }
        try writer.write(to: folder.file("x.npz"))
        let archive = try NumPyArchive(contentsOf: folder.file("x.npz"))
        #expect(archive.names == ["Z", "a", "a!", "a.b", "a.npy", "a/b", "\u{E9}"])
        for (index, name) in names.enumerated() {
            #expect(try archive.tensor(name) == Tensor<Int32>([Int32(index)]), "\(name)")
        }
        #expect(archive.info("a.") == nil && archive.info("") == nil && archive.info("zz") == nil)
    }
}
