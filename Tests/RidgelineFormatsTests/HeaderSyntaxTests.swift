// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// The JSON of the header. Positions count from the start of the file, whose header starts at byte 8.
@Suite struct HeaderSyntaxTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [
        ("", 8, "expected '{', found the end of the header"),
        (" \n []", 11, "expected '{'"),
        ("[]", 8, "expected '{'"),
        ("{", 9, "expected a string, found the end of the header"),
        ("{} x", 11, "expected the end of the header"),
        ("{}\0", 10, "expected the end of the header"),
        ("{,}", 9, "expected a string"),
        ("{'a':{}}", 9, "expected a string"),
        ("{\"a\"}", 12, "expected ':'"),
        ("{\"a\":1}", 13, "expected '{'"),
        ("{\"a\":{\"dtype\":1}}", 22, "expected a string"),
        ("{\"__metadata__\":{\"k\":1}}", 29, "expected a string"),
        ("{\"__metadata__\":{\"k\":\"v\",}}", 33, "expected a string"),
        ("{\"__metadata__\":{} \"a\":{}}", 27, "expected ',' or '}'"),
        ("{\"a\":{}}", 15, "the tensor that ends here lacks its dtype, shape or data_offsets"),
        (
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", 39,
            "the tensor that ends here lacks its dtype, shape or data_offsets"
        ),
        ("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 36, "a second dtype of one tensor"),
        ("{\"a\":{\"shape\":[],\"shape\":[]}}", 33, "a second shape of one tensor"),
        ("{\"a\":{\"more\":[]}}", 24, "the tensor that ends here lacks its dtype, shape or data_offsets"),
        ("{\"a\":{\"x\":}}", 18, "expected a value"),
        ("{\"a\":{\"x\":[1 2]}}", 21, "expected ',' or ']'"),
        ("{\"a\":{\"x\":[1,]}}", 21, "expected a value"),
        ("{\"a\":{\"x\":{\"y\":1,}}}", 25, "expected a string"),
        ("{\"a\":{\"x\":{\"y\" 1}}}", 23, "expected ':'"),
        ("{\"a\":{\"x\":{]}}", 19, "expected a string"),
        ("{\"a\":{\"x\":[}]}}", 19, "expected a value"),
        ("{\"a\":{\"x\":01}}", 19, "expected ',' or '}'"),
        ("{\"a\":{\"x\":-}}", 19, "expected a value"),
        ("{\"a\":{\"x\":1.}}", 20, "expected a digit"),
        ("{\"a\":{\"x\":.5}}", 18, "expected a value"),
        ("{\"a\":{\"x\":1e+}}", 21, "expected a digit"),
        ("{\"a\":{\"x\":tru}}", 18, "expected a value"),
        ("{\"a\":{\"x\":\"\\q\"}}", 20, "an escape that JSON does not have"),
        ("{\"__metadata__\":nul}", 24, "expected '{'"),
        ("{\"a\":{\"shape\":[1,]}}", 25, "expected a non-negative integer"),
        ("{\"a\":{\"shape\":[-1]}}", 23, "expected a non-negative integer"),
        ("{\"a\":{\"shape\":[1.0]}}", 24, "expected ',' or ']'"),
        ("{\"a\":{\"shape\":[1e3]}}", 24, "expected ',' or ']'"),
        ("{\"a\":{\"shape\":[1", 24, "expected ',' or ']', found the end of the header"),
        ("{\"a\":{\"shape\":[01]}}", 23, "an integer with a leading zero"),
        ("{\"a\":{\"shape\":[9223372036854775808]}}", 23, "an integer above 9223372036854775807"),
        ("{\"a\":{\"shape\":[[1]]}}", 23, "expected a non-negative integer"),
        ("{\"a\":{\"data_offsets\":[0]}}", 32, "expected two data_offsets"),
        ("{\"a\":{\"data_offsets\":[0,1,2]}}", 34, "expected two data_offsets"),
        ("{\"a\nb\":{}}", 11, "a control character in a string"),
        ("{\"a", 11, "expected '\"', found the end of the header"),
        ("{\"\\", 11, "expected an escape, found the end of the header"),
        ("{\"\\x\":{}}", 11, "an escape that JSON does not have"),
        ("{\"\\u12g4\":{}}", 14, "expected a hexadecimal digit"),
        ("{\"\\ud83d\":{}}", 16, "half a surrogate pair"),
        ("{\"\\ude00\":{}}", 16, "half a surrogate pair"),
        ("{\"\\ud83d\\u0041\":{}}", 22, "half a surrogate pair"),
    ])
    func refused(_ header: String, _ position: Int, _ reason: String) throws {
        let path = try folder.write(header: header)
        #expect(throws: FormatError.malformedHeader(path: path, position: position, reason: reason)) {
            try SafetensorsFile(contentsOf: path)
        }
    }

    @Test func stringThatIsNotUnicode() throws {
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80]] {
            let header = Array("{\"".utf8) + bytes + Array("\":{}}".utf8)
            let path = try folder.write(safetensors(header: header))
            let error = FormatError.malformedHeader(
                path: path, position: 10, reason: "a string that is not UTF-8")
            #expect(throws: error) { try SafetensorsFile(contentsOf: path) }
        }
    }

    /// Nesting far deeper than a recursive reader's stack.
    @Test func deepNesting() throws {
        let path = try folder.write(header: String(repeating: "{\"a\":", count: 1_000_000))
        let error = FormatError.malformedHeader(
            path: path, position: 13 + 5 * 128, reason: "more than 127 lists and objects in each other")
        #expect(throws: error) { try SafetensorsFile(contentsOf: path) }
        let entry = "\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]"
        func nested(_ depth: Int) -> String {
            "{\"a\":{\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                + ",\(entry)}}"
        }
        let sound = try folder.write(header: nested(128))
        #expect(try SafetensorsFile(contentsOf: sound).names == ["a"])
        let deep = FormatError.malformedHeader(
            path: path, position: 18 + 127, reason: "more than 127 lists and objects in each other")
        _ = try folder.write(header: nested(129))
        #expect(throws: deep) { try SafetensorsFile(contentsOf: path) }
    }

    @Test func longNames() throws {
        let entry = "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
        let name = String(repeating: "n", count: 65_534)
        #expect(
            try SafetensorsFile(contentsOf: folder.write(header: "{\"\(name)\":\(entry)}")).names == [name])
        let path = try folder.write(header: "{\"\(name)n\":\(entry)}")
        let error = FormatError.malformedHeader(
            path: path, position: 9, reason: "a name of more than 65536 bytes")
        #expect(throws: error) { try SafetensorsFile(contentsOf: path) }
    }

    /// What the reader would refuse is not written.
    @Test func longNamesAreNotWritten() throws {
        for (name, fits) in [
            (String(repeating: "n", count: 65_534), true), (String(repeating: "n", count: 65_535), false),
            (String(repeating: "\u{1}", count: 10_922), true),
            (String(repeating: "\u{1}", count: 10_923), false),
        ] {
            let path = folder.file("written")
            func write(_ add: (inout SafetensorsWriter) throws -> Void) throws -> SafetensorsFile {
                var writer = SafetensorsWriter()
                try add(&writer)
                try writer.write(to: path)
                return try SafetensorsFile(contentsOf: path)
            }
            let tensor = { (writer: inout SafetensorsWriter) in
                try writer.add(Tensor<Float>([1]), named: name)
            }
            let metadata = { (writer: inout SafetensorsWriter) in writer.metadata[name] = "x" }
            if fits {
                #expect(try write(tensor).names == [name] && write(metadata).metadata == [name: "x"])
            } else {
                #expect(throws: FormatError.self) { try write(tensor) }
                #expect(throws: FormatError.self) { try write(metadata) }
            }
        }
    }

    /// Names are found and sorted by what their escapes stand for.
    @Test func orderOfEscapedNames() throws {
        let names = ["A", "\\u0042", "\\u00e9", "\\ud83d\\ude00", "\u{FFFF}", "\\u0000", "z", "\\/", "\\\\"]
        let entries = names.map { "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}" }
        let file = try SafetensorsFile(
            contentsOf: folder.write(header: "{" + entries.joined(separator: ",") + "}"))
        let expected = ["\0", "/", "A", "B", "\\", "z", "\u{E9}", "\u{FFFF}", "\u{1F600}"]
        #expect(file.names == expected)
        for name in expected { #expect(file.info(name)?.shape == [0], "\(name)") }
        for name in ["", "é\u{301}", "zz", "\u{1F601}"] { #expect(file.info(name) == nil) }
    }

    @Test func whiteSpaceAndEscapes() throws {
        let header = """
            { "\\u0041\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\"\\\\" :\t{
              "shape" : [ 1 , 0 ] , "data_offsets":[ 0,0 ],\r "dtype":"I32" } , "" : \
            {"dtype":"F32","shape":[ ],"data_offsets":[0,4]}}

            """
        let file = try SafetensorsFile(contentsOf: folder.write(header: header, data: [0, 0, 0x80, 0x3F]))
        #expect(file.names == ["", "A\u{1F600}/\u{8}\u{C}\n\r\t\"\\"])
        #expect(file.info("A\u{1F600}/\u{8}\u{C}\n\r\t\"\\")?.shape == [1, 0])
        #expect(try file.tensor("", as: Float.self) == Tensor(1))
    }

    /// Any single changed byte of a good file is read or refused with a typed error, and never traps.
    @Test func everyChangedByte() throws {
        let whole = try bytes(of: fixture("safetensors/mixed.safetensors"))
        var refusals = 0
        for position in 0..<whole.count {
            for change: UInt8 in [1, 0x10, 0x80] {
                var bytes = whole
                bytes[position] ^= change
                let path = try folder.write(bytes)
                do {
                    let file = try SafetensorsFile(contentsOf: path)
                    for name in file.names where file.info(name)?.dataType == .bool {
                        _ = try file.tensor(name, as: Bool.self)
                    }
                } catch is FormatError {
                    refusals += 1
                }
            }
        }
        #expect(refusals > whole.count)
    }
}
