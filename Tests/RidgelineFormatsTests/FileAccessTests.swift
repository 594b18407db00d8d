// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct FileAccessTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ number: Int32) -> String { String(cString: strerror(number)) }

    @Test func missingFile() throws {
        let path = folder.file("absent")
        #expect(throws: FormatError.cannotOpen(path: path, reason: text(ENOENT))) {
            try SafetensorsFile(contentsOf: path)
        }
        #expect(throws: FormatError.cannotOpen(path: "", reason: text(ENOENT))) {
            try SafetensorsFile(contentsOf: "")
        }
    }

    /// A zero byte would end the path early, and open another file.
    @Test func pathWithZeroByte() throws {
        let path = try folder.write(header: "{}")
        let error = FormatError.cannotOpen(path: path + "\0x", reason: "a path contains no zero byte")
        #expect(throws: error) { try SafetensorsFile(contentsOf: path + "\0x") }
        let refusal = FormatError.cannotWrite(path: path + "\0x", reason: "a path contains no zero byte")
        #expect(throws: refusal) { try SafetensorsWriter().write(to: path + "\0x") }
    }

    #if os(Linux)
        /// File names of bytes that are no UTF-8, in folders and links too: two that differ in one byte are two files.
        @Test func namesThatAreNoText() throws {
            let names: [[UInt8]] = [
                [0x66, 0xE9], [0x66, 0xE8], Array("fé".utf8), [0xF0, 0x9F], [0xC3], [0xFF, 0xFE, 0x80],
            ]
            for (index, name) in names.enumerated() {
                let text = SystemPath.text(name)
                #expect(SystemPath.bytes(text) == name.map { CChar(bitPattern: $0) } + [0])
                try SafetensorsWriter(metadata: ["at": "\(index)"]).write(to: folder.file(text))
            }
            #expect(SystemPath.text(names[2]) == "fé" && SystemPath.text(names[0]) == "f\0\u{E9}")
            #expect(
                SystemPath.bytes("\0") == nil && SystemPath.bytes("a\0\0") == nil
                    && SystemPath.bytes("\0\u{100}") == nil)
            for (index, name) in names.enumerated() {
                // What the system sees.
                let path = Array(folder.path.utf8) + [0x2F] + name + [0]
                #expect(access(path.map { CChar(bitPattern: $0) }, F_OK) == 0)
                let file = try SafetensorsFile(contentsOf: folder.file(SystemPath.text(name)))
                #expect(file.metadata == ["at": "\(index)"])
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == names.count)
            // Through a link with such a name to such a folder; the name is long enough to be cut for the temporary one.
            let below = SystemPath.text([0xE9]) + String(repeating: "x", count: 3)
            let bytes = try #require(SystemPath.bytes(folder.file(below)))
            #expect(mkdir(bytes, 0o700) == 0)
            let long = String(repeating: SystemPath.text([0xE9]), count: 250)
            let link = try #require(SystemPath.bytes(folder.file(SystemPath.text([0xE7]))))
            #expect(symlink(try #require(SystemPath.bytes(below + "/" + long)), link) == 0)
            for _ in 0..<2 {
                try SafetensorsWriter(metadata: ["at": "end"]).write(to: folder.file(SystemPath.text([0xE7])))
                #expect(
                    try SafetensorsFile(contentsOf: folder.file(below + "/" + long)).metadata == ["at": "end"]
                )
            }
        }
    #endif

    @Test(.timeLimit(.minutes(1))) func whatIsNotAFile() throws {
        let pipe = folder.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [folder.path, pipe] {
            let refusal = FormatError.notARegularFile(path: path)
            #expect(throws: refusal) { try SafetensorsFile(contentsOf: path) }
            // Never a real device here: if the check were lost, the superuser's tests would replace it.
            #expect(throws: refusal) { try SafetensorsWriter().write(to: path) }
        }
        #expect(throws: FormatError.notARegularFile(path: "/dev/null")) {
            try SafetensorsFile(contentsOf: "/dev/null")
        }
        #expect(try folder.names() == ["pipe"])
    }

    @Test func symbolicLinks() throws {
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "real")
        try SafetensorsWriter(metadata: ["at": "first"]).write(to: folder.file("real"))
        #expect(try SafetensorsFile(contentsOf: folder.file("link")).metadata == ["at": "first"])
        try SafetensorsWriter(metadata: ["at": "second"]).write(to: folder.file("link"))
        #expect(try manager.destinationOfSymbolicLink(atPath: folder.file("link")) == "real")
        #expect(try SafetensorsFile(contentsOf: folder.file("real")).metadata == ["at": "second"])
        #expect(try folder.names() == ["link", "real"])
    }

    /// A chain of links to a file that is not there yet makes that file; links in a circle are refused.
    @Test func danglingLinks() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder.file("below"), withIntermediateDirectories: false)
        try manager.createSymbolicLink(atPath: folder.file("first"), withDestinationPath: "below/second")
        try manager.createSymbolicLink(
            atPath: folder.file("below/second"), withDestinationPath: folder.file("below/real"))
        try SafetensorsWriter(metadata: ["at": "first"]).write(to: folder.file("first"))
        #expect(try manager.destinationOfSymbolicLink(atPath: folder.file("first")) == "below/second")
        #expect(try SafetensorsFile(contentsOf: folder.file("below/real")).metadata == ["at": "first"])
        #expect(try folder.names() == ["below", "first"])
        try manager.createSymbolicLink(atPath: folder.file("circle"), withDestinationPath: "circle")
        let path = folder.file("circle")
        #expect(throws: FormatError.cannotWrite(path: path, reason: text(ELOOP))) {
            try SafetensorsWriter().write(to: path)
        }
        try manager.createSymbolicLink(atPath: folder.file("lost"), withDestinationPath: "absent/x")
        #expect(throws: FormatError.cannotWrite(path: folder.file("lost"), reason: text(ENOENT))) {
            try SafetensorsWriter().write(to: folder.file("lost"))
        }
    }

    @Test func concurrentReads() async throws {
        var writer = SafetensorsWriter()
        for index in 0..<16 { try writer.add(Tensor<Float>.full([1000], Float(index)), named: "\(index)") }
        try writer.write(to: folder.file("x"))
        let file = try SafetensorsFile(contentsOf: folder.file("x"))
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    try file.tensor("\(index % 16)", as: Float.self) == .full([1000], Float(index % 16))
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(right == 64)
    }

    /// Whatever a file contains, its error cannot steer a terminal.
    @Test func errorsEscapeControlCharacters() {
        let error = FormatError.unsupportedDataType(path: "f", tensor: "\u{1B}[2J\n\u{9B}\"\0", dataType: "é")
        #expect(
            error.description == #"f: tensor "\u{1b}[2J\u{a}\u{9b}\"\u{0}" has elements of type "é"; "#
                + "supported are F32, F64, F16, BF16, I8, I16, I32, I64, U8, U16, U32, U64, BOOL")
    }
}
