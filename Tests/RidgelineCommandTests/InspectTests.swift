// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// `ridgeline inspect` as a user runs it.
struct InspectTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String) -> String { folder.appending(path: name).path }

    private func inspect(_ arguments: String...) throws -> CommandRun {
        let run = try CommandRun(["inspect"] + arguments)
        try #require(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
        return run
    }

    private func tensors(_ run: CommandRun) throws -> [[String: Any]] {
        try #require(try run.json()["tensors"] as? [[String: Any]])
    }

    private func statistics(_ run: CommandRun, _ index: Int = 0) throws -> [String: Any] {
        try #require(try tensors(run)[index]["statistics"] as? [String: Any])
    }

    /// The same tensor in each format, under a name that says nothing about it.
    @Test(arguments: ["safetensors", "safetensors index", "npy", "npz", "idx", "idx gzip"])
    func formatsAreKnownByTheirContent(format: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let values: Tensor<Float> = [[1, 2, 3], [4, 5, -6]]
        var path = file("data")
        switch format {
        case "npy": try NumPyFile.write(values, to: path)
        case "npz":
            var writer = NumPyArchiveWriter()
            try writer.add(values, named: "data")
            try writer.write(to: path, compressed: true)
        case "idx": try IDXFile.write(values, to: path)
        case "idx gzip": try IDXFile.write(values, to: path, compressed: true)
        default:
            var writer = SafetensorsWriter(metadata: ["made": "here"])
            try writer.add(values, named: "data")
            if format == "safetensors index" { try writer.add(values, named: "other") }
            let written = try writer.write(to: path, shardLimit: 24)
            if written != path {
                path = file("renamed")
                try FileManager.default.moveItem(atPath: written, toPath: path)
            }
        }
        let run = try inspect(path, "--json", "--statistics")
        let json = try run.json()
        #expect(json["format"] as? String == format.replacing(" gzip", with: ""))
        #expect((json["notes"] as? [String])?.isEmpty == !format.hasSuffix("gzip"))
        let metadata = try #require(json["metadata"] as? [String: String])
        #expect(metadata["made"] == (format == "safetensors" ? "here" : nil))
        let total = try #require(json["total"] as? [String: Int])
        let count = format == "safetensors index" ? 2 : 1
        #expect(total == ["tensors": count, "elements": 6 * count, "bytes": 24 * count])
        let first = try #require(try tensors(run).first)
        #expect(first["name"] as? String == "data" && first["dtype"] as? String == "F32")
        #expect(first["shape"] as? [Int] == [2, 3] && first["bytes"] as? Int == 24)
        let found = try statistics(run)
        #expect(found["min"] as? Double == -6 && found["max"] as? Double == 5)
        #expect(found["mean"] as? Double == 1.5 && found["nanCount"] as? Int == 0)
    }

    @Test func tablesOfNumbers() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("a.csv", "x,y\n1,2\n3,nan\n"), ("b.tsv", "1\t2\n3\tnan\n")] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
            let run = try inspect(file(name), "--json", "--statistics")
            #expect(try run.json()["notes"] as? [String] == (name == "a.csv" ? ["columns x, y"] : []))
            #expect(try tensors(run).first?["shape"] as? [Int] == [2, 2])
            let found = try statistics(run)
            #expect(found["mean"] as? Double == 2 && found["nanCount"] as? Int == 1)
        }
    }

    /// Extremes of the types, and many pieces that are not alike.
    @Test func statisticsAreExact() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let count = 20_000_001
        var long = Tensor<Float>.zeros([count])
        long.withUnsafeMutableBufferPointer { elements in
            for index in elements.indices { elements[index] = index < count / 2 ? 1 : 4 }
            elements[7] = .nan
            elements[count - 1] = -.infinity
            elements[count / 3] = .infinity
            elements[count - 2] = -8
        }
        let largest = Double.greatestFiniteMagnitude
        var writer = SafetensorsWriter()
        try writer.add(long, named: "long")
        try writer.add(Tensor<Double>([largest, largest, largest / 2, largest / 2]), named: "huge")
        try writer.add(Tensor<Float>([.nan, .infinity]), named: "none")
        try writer.add(Tensor<UInt64>([0, .max]), named: "unsigned")
        try writer.add(Tensor<Int64>([.min, .max]), named: "signed")
        try writer.add(Tensor<Bool>([true, false, false, false]), named: "truth")
        try writer.add(Tensor<Float>([1, -2.5, 65_504]), named: "half", as: .float16)
        try writer.write(to: file("x"))
        let run = try inspect(file("x"), "--json", "--statistics")
        var found: [String: [String: Any]] = [:]
        for (index, row) in try tensors(run).enumerated() {
            found[try #require(row["name"] as? String)] = try statistics(run, index)
        }
        let ones = Double(count / 2 - 2)
        let fours = Double(count - count / 2 - 2)
        let mean = (ones + 4 * fours - 8) / Double(count - 3)
        #expect(abs(try #require(found["long"]?["mean"] as? Double) - mean) < 1e-12)
        #expect(found["long"]?["min"] as? Double == -8 && found["long"]?["max"] as? Double == 4)
        #expect(found["long"]?["nanCount"] as? Int == 1 && found["long"]?["infinityCount"] as? Int == 2)
        #expect(found["huge"]?["mean"] as? Double == largest * 0.75)
        #expect(found["none"]?["mean"] is NSNull && found["none"]?["min"] is NSNull)
        #expect(found["unsigned"]?["max"] as? UInt64 == .max)
        #expect(found["unsigned"]?["mean"] as? Double == 0x1p63)
        #expect(found["signed"]?["min"] as? Int64 == .min && found["signed"]?["mean"] as? Double == -0.5)
        #expect(found["truth"]?["mean"] as? Double == 0.25 && found["truth"]?["max"] as? Int == 1)
        #expect(found["half"]?["min"] as? Double == -2.5 && found["half"]?["max"] as? Double == 65_504)
        // Of one tensor: the others are listed without; the table has only that one.
        let one = try inspect(file("x"), "--statistics", "half", "--json")
        #expect(try tensors(one).filter { $0["statistics"] != nil }.count == 1 && tensors(one).count == 7)
        let table = try inspect(file("x"), "--statistics", "half").output
        #expect(table.contains("-2.5") && !table.contains("unsigned"))
        // The option before the file is meant for all.
        #expect(try inspect("--statistics", file("x")).output.contains("18446744073709551615"))
    }

    @Test func namesCannotCommandTheTerminal() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = "a\u{1B}[31m\\\n\u{9B}\u{202E}é"
        var writer = SafetensorsWriter(metadata: [name: name, "long": String(repeating: "x", count: 5_000)])
        try writer.add(Tensor<Float>([1]), named: name)
        try writer.write(to: file("x"))
        let run = try inspect(file("x"))
        let escaped = #"a\u{1b}[31m\\\n\u{9b}\u{202e}é"#
        #expect(run.output.contains("\(escaped)  F32"), "\(run.output)")
        #expect(run.output.contains("5000 characters"))
        let json = try inspect(file("x"), "--json")
        for output in [run.output, json.output] {
            let controls = output.unicodeScalars.filter {
                $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
            }
            #expect(controls.isEmpty)
        }
        // As JSON the name is what it was.
        #expect(try tensors(json).first?["name"] as? String == name)
        #expect(try json.json()["metadata"] as? [String: String] == writer.metadata)
    }

    /// Longer than what is written at once, with an escape wherever a piece may end.
    @Test func longMetadata() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for shift in 0..<5 {
            let value =
                String(repeating: "a", count: shift) + String(repeating: "é\u{1F600}\n\"", count: 30_000)
            let writer = SafetensorsWriter(metadata: ["long": value])
            try writer.write(to: file("x"))
            let json = try inspect(file("x"), "--json").json()
            #expect(json["metadata"] as? [String: String] == ["long": value])
            #expect(try inspect(file("x")).output.contains("(\(120_000 + shift) characters"))
            // As another program may write it.
            let escaped = value.replacing("é", with: "\\u00e9").replacing("\u{1F600}", with: "\\ud83d\\ude00")
                .replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            let header = "{\"__metadata__\":{\"long\":\"\(escaped)\"}}"
            let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
            try Data(length + Array(header.utf8)).write(to: URL(fileURLWithPath: file("y")))
            #expect(try SafetensorsFile(contentsOf: file("y")).metadata == ["long": value])
            #expect(
                try inspect(file("y"), "--json").json()["metadata"] as? [String: String] == ["long": value])
        }
    }

    @Test func whatCannotBeReadIsListed() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/safetensors/foreign_types.safetensors").standardized.path
        let run = try inspect(path, "--statistics", "--json")
        #expect(try tensors(run).compactMap { $0["dtype"] as? String } == ["C64", "F8_E4M3", "F32"])
        #expect(try tensors(run).map { $0["statistics"] != nil } == [false, false, true])
        let refused = try CommandRun(["inspect", path, "--statistics", "complex"])
        #expect(refused.exitCode == 1 && refused.errors.contains("C64") && refused.errorLines.count == 1)
    }

    @Test func badFilesAreOneLine() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var writer = SafetensorsWriter()
        try writer.add(Tensor<Float>([1, 2]), named: "x")
        try writer.write(to: file("whole"))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file("whole")))
        bytes.removeLast()
        for (name, data, message) in [
            ("cut", bytes, "truncated"), ("empty", Data(), "neither safetensors"),
            ("empty.npz", Data(), "truncated"), ("cut.npy", Data([0x93] + "NUMPY".utf8), "truncated"),
            ("broken.csv", Data("1,2\n3\n".utf8), ":2:"), ("text", Data("text".utf8), "neither safetensors"),
        ] {
            try data.write(to: URL(fileURLWithPath: file(name)))
            let run = try CommandRun(["inspect", file(name)])
            #expect(run.exitCode == 1 && !run.wasSignalled && run.output.isEmpty)
            #expect(run.errorLines.count == 1, "\(run.errors)")
            #expect(run.errors.contains(file(name)) && run.errors.contains(message), "\(run.errors)")
        }
        for (arguments, message) in [
            ([folder.path], "not a regular file"), ([file("absent")], "No such file"),
            ([file("whole"), "--statistics", "y"], "no tensor \"y\"; there are \"x\""),
        ] {
            let run = try CommandRun(["inspect"] + arguments)
            #expect(run.exitCode == 1 && run.errorLines.count == 1 && run.output.isEmpty)
            #expect(run.errors.contains(message), "\(run.errors)")
        }
        // Nothing at all on the standard input.
        let run = try CommandRun(["inspect"])
        #expect(
            run.exitCode == 1 && run.errors.contains("standard input: neither safetensors"), "\(run.errors)")
    }

    /// Files one after another; one that cannot be read stops neither those before nor those after.
    @Test func severalFiles() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, value) in [("one", 1), ("two", 2)] {
            try NumPyFile.write(Tensor<Float>([Float(value)]), to: file(name))
        }
        let run = try CommandRun([
            "inspect", file("one"), file("none"), file("two"), "--statistics", "--json",
        ])
        #expect(run.exitCode == 1 && run.errorLines.count == 2, "\(run.errors)")
        #expect(run.errors.contains(file("none")) && run.errors.contains("1 of 3 files"))
        let files = try #require(try run.json()["files"] as? [[String: Any]])
        #expect(files.compactMap { $0["path"] as? String } == ["one", "none", "two"].map(file))
        #expect(files.map { $0["error"] != nil } == [false, true, false])
        let tables = try inspect(file("one"), file("two")).output.components(
            separatedBy: "\n\n\(file("two")): npy")
        #expect(tables.count == 2 && tables[0].hasPrefix("\(file("one")): npy"))
        // The option before the files is meant for all of them, unless it names a tensor.
        let all = try inspect("--statistics", file("one"), file("two"), "--json").json()
        let inspected = try #require(all["files"] as? [[String: Any]])
        #expect(inspected.compactMap { $0["path"] as? String } == [file("one"), file("two")])
        #expect(inspected.allSatisfy { (($0["tensors"] as? [[String: Any]])?[0])?["statistics"] != nil })
    }

    /// What comes through a pipe, and a file that is the standard input.
    @Test func standardInput() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try NumPyFile.write(Tensor<Float>([1, 2]), to: file("x.npy"))
        var writer = NumPyArchiveWriter()
        try writer.add(Tensor<Float>.ones([500_000]), named: "ones")
        try writer.write(to: file("x.npz"), compressed: false)
        for (line, format, count) in [
            ("cat \(file("x.npy")) | $0 inspect --json", "npy", 2),
            ("cat \(file("x.npz")) | $0 inspect --json --statistics -", "npz", 500_000),
            ("$0 inspect --json --statistics < \(file("x.npz"))", "npz", 500_000),
            ("printf '1,2\\n3,4\\n' | $0 inspect - --json", "csv", 4),
            ("printf 'a\\tb\\n3\\t4\\n' | $0 inspect - --json", "csv", 2),
        ] {
            let run = try CommandRun.shell(line)
            #expect(run.exitCode == 0, "\(line): \(run.errors)")
            let json = try run.json()
            #expect(json["format"] as? String == format && json["path"] as? String == "standard input")
            #expect((json["total"] as? [String: Int])?["elements"] == count)
            #expect(try ["input", "ones"].contains(tensors(run)[0]["name"] as? String))
        }
        // In a folder of its own for what is temporary, of which nothing stays.
        let broken = try CommandRun.shell(
            "head -c 90 \(file("x.npz")) | $0 inspect", environment: ["TMPDIR": folder.path])
        #expect(
            broken.exitCode == 1 && broken.errors.hasPrefix("ridgeline: standard input: "), "\(broken.errors)"
        )
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["x.npy", "x.npz"])
    }
}
