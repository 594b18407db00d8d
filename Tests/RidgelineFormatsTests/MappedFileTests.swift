// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct MappedFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func writingChangesNeitherTheFileNorAnotherTensor() throws {
        var writer = SafetensorsWriter()
        for name in ["a", "b"] { try writer.add(Tensor<Float>.full([3], 1), named: name) }
        try writer.write(to: folder.file("x"))
        let before = try bytes(of: folder.file("x"))
        let file = try SafetensorsFile(contentsOf: folder.file("x"), access: .mapped)
        // Both lie on one page.
        var (first, second): (Tensor<Float>, Tensor<Float>) = (try file.tensor("a"), try file.tensor("b"))
        let copy = first
        first.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] = 7 } }
        second.withUnsafeMutableBufferPointer { $0[0] = 9 }
        #expect(first == [7, 7, 7] && copy == [1, 1, 1] && second == [9, 1, 1])
        #expect(try file.tensor("a", as: Float.self) == [1, 1, 1])
        #expect(try file.tensor("b", as: Float.self) == [1, 1, 1])
        #expect(try bytes(of: folder.file("x")) == before)
    }

    /// A mapped tensor outlives its file's name and the file that was opened.
    @Test func outlivesTheFile() throws {
        var writer = SafetensorsWriter()
        try writer.add(Tensor<Int64>([1, -2]), named: "x")
        try writer.write(to: folder.file("x"))
        func open() throws -> Tensor<Int64> {
            try SafetensorsFile(contentsOf: folder.file("x"), access: .mapped).tensor("x")
        }
        let tensor = try open()
        try FileManager.default.removeItem(atPath: folder.file("x"))
        #expect(tensor + tensor == [2, -4])
    }

    /// Bytes that cannot be mapped as they stand are read: an odd place, another type, truth values.
    @Test func whatCannotBeMappedIsRead() throws {
        let header = """
            {"m":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]},\
            "x":{"dtype":"F32","shape":[1],"data_offsets":[3,7]},\
            "h":{"dtype":"F16","shape":[1],"data_offsets":[7,9]},\
            "e":{"dtype":"F64","shape":[0],"data_offsets":[9,9]}}
            """
        let path = try folder.write(header: header, data: [1, 0, 1, 0, 0, 0x80, 0x3F, 0, 0x40])
        let file = try SafetensorsFile(contentsOf: path, access: .mapped)
        #expect(try file.tensor("m") == Tensor<Bool>([true, false, true]))
        #expect(try file.tensor("x") == Tensor<Float>([1]))
        #expect(try file.tensor("h") == Tensor<Double>([2]))
        #expect(try file.tensor("e", as: Double.self).shape == [0])
    }

    /// Where the file is shorter already, mapping it throws as reading does.
    @Test func fileThatHasShrunk() throws {
        var writer = SafetensorsWriter()
        try writer.add(Tensor<Float>.ones([5000]), named: "x")
        try writer.write(to: folder.file("x"))
        let file = try SafetensorsFile(contentsOf: folder.file("x"), access: .mapped)
        let size = UInt64(try bytes(of: folder.file("x")).count)
        #expect(truncate(folder.file("x"), 100) == 0)
        #expect(throws: FormatError.truncated(path: file.path, expected: size, found: 100)) {
            try file.tensor("x", as: Float.self)
        }
    }

    #if os(Linux)
        /// Five gigabytes, most of them a hole; one small tensor at the end. In a process of its own, whose memory
        /// nobody else fills.
        @Test func aLargeFileIsTouchedOnlyWhereItIsUsed() async {
            await #expect(processExitsWith: .success) {
                let folder = try TemporaryFolder()
                let (large, small) = (5 << 30, 4096)
                var header = """
                    {"large":{"dtype":"F32","shape":[\(large / 4)],"data_offsets":[0,\(large)]},\
                    "small":{"dtype":"F32","shape":[\(small / 4)],"data_offsets":[\(large),\(large + small)]}}
                    """
                while header.utf8.count % 8 != 0 { header += " " }
                let path = try folder.write(header: header)
                #expect(truncate(path, off_t(8 + header.utf8.count + large + small)) == 0)
                func residentBytes() throws -> Int {
                    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
                    return try #require(Int(text.split(separator: " ")[1]))
                        * Int(sysconf(Int32(_SC_PAGESIZE)))
                }
                for access in [FileAccess.read, .mapped] {
                    let before = try residentBytes()
                    let start = ContinuousClock.now
                    let file = try SafetensorsFile(contentsOf: path, access: access)
                    #expect(try file.tensor("small", as: Float.self) == .zeros([small / 4]))
                    // Reading all of it takes seconds.
                    #expect(ContinuousClock.now - start < .milliseconds(200))
                    #expect(try residentBytes() - before < 8 << 20)
                }
                let file = try SafetensorsFile(contentsOf: path, access: .mapped)
                // A mapping of five gigabytes costs nothing until it is used.
                let before = try residentBytes()
                let tensor: Tensor<Float> = try file.tensor("large")
                #expect(tensor[large / 4 - 1].item == 0)
                #expect(try residentBytes() - before < 8 << 20)
            }
        }
    #endif
}
