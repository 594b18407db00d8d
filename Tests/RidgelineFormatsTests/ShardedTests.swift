// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct ShardedTests {
    private let folder: TemporaryFolder
    private var index: String { folder.file("model.safetensors.index.json") }

    init() throws { folder = try TemporaryFolder() }

    private func shard(_ names: [String], to file: String) throws {
        var writer = SafetensorsWriter()
        for name in names { try writer.add(Tensor<Float>([Float(name.utf8.count)]), named: name) }
        try writer.write(to: folder.file(file))
    }

    private func writeIndex(_ map: String, _ more: String = "") throws {
        _ = try folder.write(
            Array("{\(more)\"weight_map\":{\(map)}}".utf8), to: "model.safetensors.index.json")
    }

    private func expect(_ error: FormatError, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(throws: error, sourceLocation: sourceLocation) { try ShardedSafetensors(contentsOf: index) }
    }

    @Test func readsWhatTheOfficialLibraryDivided() throws {
        for access in [FileAccess.read, .mapped] {
            let path = fixture("safetensors/models/sharded.safetensors.index.json")
            let model = try ShardedSafetensors(contentsOf: path, access: access)
            #expect(model.names == ["a", "b", "c", "caf\u{E9}", "d.flag"])
            #expect(model.metadata == ["total_size": "422"] && model.path == path)
            #expect(try model.tensor("caf\u{E9}", as: Float.self) == .full([70], 70))
            #expect(try model.tensor("b", as: Double.self) == .full([10], 10))
            #expect(try model.tensor("d.flag") == Tensor<Bool>([true, false]))
            #expect(model.info("a")?.byteCount == 80 && model.info("cafe\u{301}") == nil)
            let missing = FormatError.missingTensor(
                path: path, name: "x", available: ["a", "b", "c", "caf\u{E9}", "d.flag"])
            #expect(throws: missing) { try model.tensor("x", as: Float.self) }
        }
    }

    @Test func dividesAsTheOfficialLibrary() throws {
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        for (name, count) in [("b", 10), ("a", 20), ("caf\u{E9}", 70), ("c", 5)] {
            try writer.add(Tensor<Float>.full([count], Float(count)), named: name)
        }
        try writer.add(Tensor<Bool>([true, false]), named: "d.flag")
        let opened = try writer.write(to: folder.file("sharded.safetensors"), shardLimit: 130)
        #expect(opened == folder.file("sharded.safetensors.index.json"))
        let names =
            (1...3).map { "sharded-0000\($0)-of-00003.safetensors" } + ["sharded.safetensors.index.json"]
        #expect(try folder.names() == names)
        for name in names {
            #expect(
                try bytes(of: folder.file(name)) == bytes(of: fixture("safetensors/models/\(name)")),
                "\(name)")
        }
    }

    @Test func oneFileWhereOneIsEnough() throws {
        var writer = SafetensorsWriter()
        try writer.add(Tensor<Float>([1]), named: "x")
        let path = folder.file("model.safetensors")
        #expect(try writer.write(to: path, shardLimit: 4) == path)
        #expect(try SafetensorsWriter().write(to: folder.file("none"), shardLimit: 1) == folder.file("none"))
        #expect(try folder.names() == ["model.safetensors", "none"])
        try writer.add(Tensor<Float>([1, 2]), named: "y")
        #expect(try writer.write(to: path, shardLimit: 4) == index)
        #expect(try ShardedSafetensors(contentsOf: index).tensor("y") == Tensor<Float>([1, 2]))
    }

    /// Of a model in several files, none takes its place where one of them cannot.
    @Test func allOfThemOrNone() throws {
        func writer(_ value: Float) throws -> SafetensorsWriter {
            var writer = SafetensorsWriter()
            for name in ["x", "y"] { try writer.add(Tensor<Float>([value]), named: name) }
            return writer
        }
        let path = folder.file("model.safetensors")
        try writer(1).write(to: path, shardLimit: 4)
        let names = try folder.names()
        // The index comes last.
        try FileManager.default.removeItem(atPath: index)
        try FileManager.default.createDirectory(atPath: index, withIntermediateDirectories: false)
        #expect(throws: FormatError.notARegularFile(path: index)) {
            try writer(2).write(to: path, shardLimit: 4)
        }
        #expect(try folder.names() == names)
        for name in names where name.hasSuffix(".safetensors") {
            let shard = try SafetensorsFile(contentsOf: folder.file(name))
            #expect(try shard.names.map { try shard.tensor($0, as: Float.self) } == [Tensor<Float>([1])])
        }
    }

    @Test(arguments: ["../x", "/etc/passwd", "", ".", "..", "sub/x", "x/", "./x"])
    func refusesFilesElsewhere(_ file: String) throws {
        try shard(["a"], to: "x")
        try writeIndex("\"a\":\"\(file)\"")
        expect(.shardElsewhere(path: index, tensor: "a", shard: file))
    }

    @Test func indexAndFilesThatDiffer() throws {
        try shard(["a", "b"], to: "x")
        try writeIndex(#""a":"x","b":"x","c":"absent""#)
        expect(.missingShard(path: index, shard: "absent", reason: String(cString: strerror(ENOENT))))
        try writeIndex(#""a":"x","b":"x","c":"x""#)
        expect(.missingFromShard(path: index, tensor: "c", shard: "x"))
        try writeIndex(#""a":"x""#)
        expect(.unlistedTensor(path: folder.file("x"), tensor: "b", index: index))
        try shard(["b"], to: "y")
        try writeIndex(#""a":"x","b":"y""#)
        expect(.unlistedTensor(path: folder.file("x"), tensor: "b", index: index))
        try writeIndex(#""a":"x","b":"x","\u0061":"x""#)
        expect(.duplicateName(path: index, name: "a"))
        try writeIndex(#""a":"x\u0000","b":"x""#)
        expect(.missingShard(path: index, shard: "x\0", reason: "a path contains no zero byte"))
        try FileManager.default.createDirectory(atPath: folder.file("z"), withIntermediateDirectories: false)
        try writeIndex(#""a":"z""#)
        expect(.notARegularFile(path: folder.file("z")))
        _ = try folder.write([1, 2], to: "short")
        try writeIndex(#""a":"short""#)
        expect(.truncated(path: folder.file("short"), expected: 8, found: 2))
    }

    @Test func whatElseAnIndexMaySay() throws {
        try shard(["a"], to: "x")
        let more =
            #""metadata":{"total_size":1.5e3,"by":"\"é\"","deep":{"k":[1,{"]":null}]},"no":false},"list":[],"#
        try writeIndex(#""a":"x""#, more)
        let model = try ShardedSafetensors(contentsOf: index)
        #expect(
            model.metadata
                == ["total_size": "1.5e3", "by": "\"é\"", "deep": #"{"k":[1,{"]":null}]}"#, "no": "false"])
    }

    @Test(arguments: [
        ("", 0, "expected '{', found the end of the header"), ("{}", 2, "the index has no weight_map"),
        ("{\"x\":}", 5, "expected a value"),
        ("{\"x\":[1", 7, "expected ',' or ']', found the end of the header"),
        ("{\"x\":[}]}", 6, "expected a value"), ("{\"weight_map\":{\"a\":1}}", 19, "expected a string"),
        ("{\"weight_map\":{}} x", 18, "expected the end of the header"),
    ])
    func malformedIndex(_ text: String, _ position: Int, _ reason: String) throws {
        _ = try folder.write(Array(text.utf8), to: "model.safetensors.index.json")
        expect(.malformedHeader(path: index, position: position, reason: reason))
    }

    /// Of very many files only some are open, and each is still the one that was checked.
    @Test func manyFiles() throws {
        let count = 200
        var map: [String] = []
        for number in 0..<count {
            var writer = SafetensorsWriter()
            try writer.add(Tensor<Float>([Float(number)]), named: "t\(number)")
            try writer.write(to: folder.file("shard\(number)"))
            map.append("\"t\(number)\":\"shard\(number)\"")
        }
        try writeIndex(map.joined(separator: ","))
        for access in [FileAccess.read, .mapped] {
            let model = try ShardedSafetensors(contentsOf: index, access: access)
            // From several threads, in an order in which none stays open.
            Parallelism.forEach(2 * count) { place in
                let number = place * 73 % count
                let found = try? model.tensor("t\(number)", as: Float.self)
                #expect(found == Tensor<Float>([Float(number)]))
            }
            #if os(Linux)
                let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                let ours = descriptors.filter {
                    let path = try? FileManager.default.destinationOfSymbolicLink(
                        atPath: "/proc/self/fd/" + $0)
                    return path?.hasPrefix(folder.path + "/shard") ?? false
                }
                #expect((1...16).contains(ours.count))
            #endif
            try FileManager.default.moveItem(atPath: folder.file("shard3"), toPath: folder.file("old"))
            try shard(["t3"], to: "shard3")
            #expect(try model.tensor("t4") == Tensor<Float>([4]))
            for number in 20..<40 { _ = try model.tensor("t\(number)", as: Float.self) }
            let error = FormatError.cannotRead(
                path: folder.file("shard3"), reason: "the file has changed since it was opened")
            #expect(throws: error) { try model.tensor("t3", as: Float.self) }
            try FileManager.default.removeItem(atPath: folder.file("shard3"))
            try FileManager.default.moveItem(atPath: folder.file("old"), toPath: folder.file("shard3"))
        }
    }

    /// Nesting far deeper than a recursive reader's stack.
    @Test func deepNesting() throws {
        let text = "{\"x\":" + String(repeating: "[", count: 1_000_000)
        _ = try folder.write(Array(text.utf8), to: "model.safetensors.index.json")
        expect(
            .malformedHeader(
                path: index, position: 5 + 127, reason: "more than 127 lists and objects in each other"))
    }

    /// Any changed byte of an index is read or refused with a typed error, and never traps.
    @Test func everyChangedByte() throws {
        let source = "safetensors/models/sharded"
        for number in 1...3 {
            let name = "sharded-0000\(number)-of-00003.safetensors"
            _ = try folder.write(try bytes(of: fixture("safetensors/models/" + name)), to: name)
        }
        let whole = try bytes(of: fixture(source + ".safetensors.index.json"))
        var refusals = 0
        for position in whole.indices {
            for change: UInt8 in [1, 0x10, 0x80] {
                var bytes = whole
                bytes[position] ^= change
                _ = try folder.write(bytes, to: "model.safetensors.index.json")
                do { _ = try ShardedSafetensors(contentsOf: index) } catch is FormatError { refusals += 1 }
            }
        }
        #expect(refusals > whole.count)
    }
}
