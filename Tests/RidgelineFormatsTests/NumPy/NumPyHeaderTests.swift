// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Headers that are right in an unusual way, and those that are wrong.
@Suite struct NumPyHeaderTests {
    private func npy(_ header: String, data: Int = 0, version: UInt8 = 1) -> [UInt8] {
        let length = header.utf8.count
        let bytes = [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
        let more: [UInt8] = version == 1 ? [] : [UInt8(truncatingIfNeeded: length >> 16), 0]
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + bytes + more + Array(header.utf8)
            + Array(repeating: 0, count: data)
    }

    private func header(_ type: String = "'<f4'", _ shape: String = "()", _ order: String = "False") -> String
    {
        "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }\n"
    }

    @Test(arguments: [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n",
        " {\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}",
        "{ 'fortran_order' :\tFalse , 'shape' : ( 2L , 3L , ) ,\n 'descr' : '=f4' }\n\n",
        "{'descr': '|f4', 'fortran_order': True, 'shape': (2, 3), }",
        "{u'descr': u'<f4', u'fortran_order': False, u'shape': (2L, 3L), }",
        "{U'descr': u\"<f4\", 'fortran_order': False, u\"shape\": (2 L, 3), }",
    ])
    func accepted(_ header: String) throws {
        let file = try NumPyFile(bytes: npy(header, data: 24))
        #expect(file.info.shape == [2, 3])
        #expect(try file.tensor() == Tensor<Float>.zeros([2, 3]))
    }

    @Test(arguments: [
        ("", 0, "expected '{', found the end of the header"),
        ("[]", 0, "expected '{'"),
        ("{", 1, "expected a string, found the end of the header"),
        ("{}", 2, "the header that ends here lacks its descr, fortran_order or shape"),
        ("{} x", 3, "expected the end of the header"),
        ("{'descr'}", 8, "expected ':'"),
        ("{'descr': 3}", 10, "expected a string"),
        ("{ u'descr': u '<f4'}", 12, "expected a string"),
        ("{u", 1, "expected a string"),
        ("{b'descr': '<f4'}", 1, "expected a string"),
        ("{'shape': (2l, 3)}", 12, "expected ','"),
        ("{'shape': (2LL, 3)}", 13, "expected ','"),
        ("{'descr': '<f4' 'shape': ()}", 16, "expected ',' or '}'"),
        ("{'descr': '<f4', 'descr': '<f4'}", 26, "a second descr"),
        ("{'more': '<f4'}", 7 + 2, "a header has descr, fortran_order and shape, and nothing else"),
        ("{'descr': '<\\x66", 12, "an escape in a string"),
        ("{'descr': '<f4", 14, "expected the end of the string, found the end of the header"),
        ("{'descr': [('a', '<f4'", 22, "expected a closing bracket, found the end of the header"),
        ("{'fortran_order': 0}", 18, "expected True or False"),
        ("{'shape': 3}", 10, "expected '('"),
        ("{'shape': (3)}", 12, "expected ','"),
        ("{'shape': (3 4)}", 13, "expected ','"),
        ("{'shape': (,)}", 11, "expected a non-negative integer"),
        ("{'shape': (-1,)}", 11, "expected a non-negative integer"),
        ("{'shape': (1.0,)}", 12, "expected ','"),
        ("{'shape': (01,)}", 11, "an integer with a leading zero"),
        ("{'shape': (9223372036854775808,)}", 11, "an integer above 9223372036854775807"),
        ("{'shape': (3, 4", 15, "expected ',', found the end of the header"),
    ])
    func refused(_ header: String, _ position: Int, _ reason: String) throws {
        let error = FormatError.malformedHeader(path: "x", position: 10 + position, reason: reason)
        #expect(throws: error) { try NumPyFile(bytes: npy(header), path: "x") }
    }

    @Test func stringThatIsNotUnicode() throws {
        var bytes = npy("{'descr': '<f4'}")
        bytes[10 + 12] = 0xFF
        let error = FormatError.malformedHeader(path: "x", position: 21, reason: "a string that is not UTF-8")
        #expect(throws: error) { try NumPyFile(bytes: bytes, path: "x") }
    }

    @Test func notNumPy() throws {
        let error = FormatError.malformedHeader(path: "x", position: 0, reason: "expected \\x93NUMPY")
        #expect(throws: error) { try NumPyFile(bytes: Array("PK345678".utf8), path: "x") }
        for (major, minor) in [(0, 0), (4, 0), (1, 1)] as [(UInt8, UInt8)] {
            var bytes = npy(header(), data: 4)
            (bytes[6], bytes[7]) = (major, minor)
            let reason = "version \(major).\(minor); supported are 1.0, 2.0 and 3.0"
            #expect(throws: FormatError.malformedHeader(path: "x", position: 6, reason: reason)) {
                try NumPyFile(bytes: bytes, path: "x")
            }
        }
    }

    @Test func everyPrefixAndOneByteMore() throws {
        let whole = npy(header("'<f4'", "(2, 3)"), data: 24)
        for count in 0..<whole.count {
            let error = #expect(throws: FormatError.self) {
                try NumPyFile(bytes: Array(whole[..<count]), path: "x")
            }
            guard case .truncated(_, let expected, let found) = error else {
                Issue.record("\(count) bytes: \(String(describing: error))")
                continue
            }
            #expect(found == UInt64(count) && expected > found)
        }
        let size = UInt64(whole.count)
        #expect(throws: FormatError.trailingData(path: "x", expected: size, found: size + 1)) {
            try NumPyFile(bytes: whole + [0], path: "x")
        }
    }

    @Test func sizes() throws {
        let overflowing = [Int.max, 2]
        let mismatch = FormatError.shapeMismatch(
            path: "x", tensor: "x", shape: overflowing, dataTypeName: "<f4", byteCount: 0)
        #expect(throws: mismatch) {
            try NumPyFile(bytes: npy(header("'<f4'", "(9223372036854775807, 2)")), path: "x")
        }
        let zeros = "(0, 9223372036854775807, 9223372036854775807)"
        #expect(throws: FormatError.self) { try NumPyFile(bytes: npy(header("'<f4'", zeros)), path: "x") }
        // Much more than there is, and than there can be.
        let large = npy(header("'<f8'", "(1000000000000000,)"))
        let truncated = FormatError.truncated(
            path: "x", expected: UInt64(large.count) + 8_000_000_000_000_000, found: UInt64(large.count))
        #expect(throws: truncated) { try NumPyFile(bytes: large, path: "x") }
        for (count, limit) in [(9, 8), (64, 8), (65, 64)] {
            let shape = "(" + Array(repeating: "1", count: count).joined(separator: ",") + ")"
            let axes = FormatError.tooManyAxes(path: "x", tensor: "x", limit: limit)
            #expect(throws: axes) {
                let file = try NumPyFile(bytes: npy(header("'<f4'", shape), data: 4), path: "x")
                #expect(file.info.extents.count == count && file.info.shape == nil)
                _ = try file.tensor(as: Float.self)
            }
        }
        #expect(
            try NumPyFile(bytes: npy(header("'<f4'", "(1,1,1,1,1,1,1,1)"), data: 4)).tensor(as: Float.self)
                .rank
                == 8)
        let long = npy(header() + String(repeating: " ", count: 70_000), data: 4, version: 2)
        let tooLarge = FormatError.headerTooLarge(
            path: "x", byteCount: UInt64(long.count - 12 - 4), limit: 65_536)
        #expect(throws: tooLarge) { try NumPyFile(bytes: long, path: "x") }
    }

    @Test(arguments: ["'f4'", "'<f16'", "'<f3'", "'>b2'", "'|O'", "'<c16'", "'|S3'", "'<m8'", "''", "'<'"])
    func typesThatNoTensorHolds(_ type: String) throws {
        let file = try NumPyFile(bytes: npy(header(type, "(2,)"), data: 7), path: "x")
        let name = String(type.dropFirst().dropLast())
        #expect(file.info.dataTypeName == name)
        #expect(throws: FormatError.unsupportedDataType(path: "x", tensor: "x", dataType: name)) {
            try file.tensor(as: Float.self)
        }
    }

    @Test func truthValues() throws {
        let bytes = npy(header("'|b1'", "(3,)")) + [0, 1, 2]
        let error = FormatError.invalidTruthValue(path: "x", tensor: "x", element: 2, byte: 2)
        #expect(throws: error) { try NumPyFile(bytes: bytes, path: "x").tensor(as: Bool.self) }
    }

    /// Any single changed byte of a file is read or refused with a typed error, and never traps.
    @Test func everyChangedByte() throws {
        var refusals = 0
        for name in ["version2.npy", "python2.npy"] {
            let whole = try bytes(of: fixture("numpy/\(name)"))
            for position in 0..<whole.count {
                for change: UInt8 in [1, 0x10, 0x80] {
                    var bytes = whole
                    bytes[position] ^= change
                    do {
                        let file = try NumPyFile(bytes: bytes)
                        _ = try file.tensor(as: Double.self)
                    } catch is FormatError {
                        refusals += 1
                    }
                }
            }
        }
        #expect(refusals > 200)
    }
}
