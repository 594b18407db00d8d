// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct CSVReadingTests {
    private func table<Scalar: TextScalar>(
        _ text: String, _ separator: CSVSeparator = .comma, hasHeader: Bool = false,
        as: Scalar.Type = Scalar.self
    ) throws -> CSVTable<Scalar> {
        try CSVTable(bytes: Array(text.utf8), path: "x", separator: separator, hasHeader: hasHeader)
    }

    @Test(arguments: [
        "1,2,3\n4,5,6\n", "1,2,3\n4,5,6", "1,2,3\r\n4,5,6\r\n", "\n\n 1, 2 ,\t3\n  \r\n\n4,5,6\n\n \n",
        "1,2,3\r4,5,6\r", "1,2,3\r4,5,6", "\r\r1,2,3 \r\n\r4,5,6\n\r", "1,2,\"3\"\r\r\n\n \r4,5,6\r\n",
        "\"1\",2,\"3\"\n4, \"5\" ,6", "\u{FEFF}1,2,3\n4,5,6\n", "+1,2.0,3e0\n4.,.5e1,600e-2",
    ])
    func accepted(_ text: String) throws {
        #expect(try table(text).values == oneToSix(Float.self))
        #expect(
            try table(text.replacing(",", with: ";"), .semicolon).values
                == oneToSix(Double.self))
        let tabs = text.replacing("\t", with: " ").replacing(",", with: "\t")
        #expect(try table(tabs, .tab).values == oneToSix(Double.self))
    }

    private func oneToSix<Scalar: TextScalar>(_: Scalar.Type) -> Tensor<Scalar> {
        Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6].map { Scalar(fromDouble: $0) })
    }

    @Test func headers() throws {
        let table: CSVTable<Int32> = try table(
            "\n \"first, \"\"quoted\"\"\", second ,\"\"\n1,2,3\n", hasHeader: true)
        #expect(table.header == ["first, \"quoted\"", "second", ""])
        #expect(table.values == [[1, 2, 3]])
        #expect(try self.table("a,b\n", hasHeader: true, as: Float.self).values.shape == [0, 2])
        #expect(try self.table("", hasHeader: true, as: Float.self).header == [])
        #expect(try self.table("1\n2", as: Float.self).header == nil)
    }

    /// A table from a program that ends lines with carriage returns, and each line with another end.
    @Test func carriageReturns() throws {
        for ends in [["\r", "\r", "\r"], ["\r", "\n", "\r\n"], ["\r\n", "\r", "\n"]] {
            let text = "alpha, \"b\"\"eta\"" + ends[0] + "1.5,2" + ends[1] + "-3,4e1" + ends[2]
            let table: CSVTable<Double> = try table(text, hasHeader: true)
            #expect(table.header == ["alpha", "b\"eta"] && table.values == [[1.5, 2], [-3, 40]])
        }
        // What may be a header is one only where it is said to be.
        let odd = "3e5,1,nan\rinf,+4,1\r"
        #expect(try table(odd, hasHeader: true, as: Float.self).values.scalars == [.infinity, 4, 1])
        #expect(try table(odd, as: Float.self).values.shape == [2, 3])
    }

    @Test(arguments: ["", "\n", "\r", "\r\n", "\n\r \r", "  \r\n\n", "\u{FEFF}"]) func nothing(_ text: String)
        throws
    {
        #expect(try table(text, as: Float.self).values.shape == [0, 0])
    }

    @Test func special() throws {
        let values = try table("nan,NaN,inf,-Inf,+infinity,-INFINITY,-0,-nan", as: Double.self).values.scalars
        #expect(values[0].isNaN && values[1].isNaN && values[7].isNaN)
        #expect(values[2...5] == [.infinity, -.infinity, .infinity, -.infinity])
        #expect(values[6].sign == .minus && values[6] == 0)
        #expect(
            try table("1e400,-1e400,1e-400", as: Double.self).values.scalars == [.infinity, -.infinity, 0])
        #expect(try table("1e39", as: Float.self).values.scalars == [.infinity])
        let integers = try table("9223372036854775807,-9223372036854775808,+7,-0,007", as: Int64.self).values
        #expect(integers.scalars == [.max, .min, 7, 0, 7])
    }

    @Test(arguments: [
        ("1,2\n3\n", 2, 2, "the line ends after 1 numbers; expected 2"),
        ("1,2\n3,4,5\n", 2, 4, "expected the end of the line after 2 numbers"),
        ("1,2\n\n3,4,5\n", 3, 4, "expected the end of the line after 2 numbers"),
        ("1,2\r\r3,4,5\r", 3, 4, "expected the end of the line after 2 numbers"),
        ("1,2\r\n\r\n3,4,5\r", 3, 4, "expected the end of the line after 2 numbers"),
        ("1,2\r3\n", 2, 2, "the line ends after 1 numbers; expected 2"),
        ("\"1\r\"", 1, 1, "the quotation mark is not closed in its line"),
        ("1,\"2\"\r3,\"4\r5\"", 2, 3, "the quotation mark is not closed in its line"),
        ("1,2,\n", 1, 5, "\"\" is not a number of type Float"),
        ("1,,2\n", 1, 3, "\"\" is not a number of type Float"),
        ("1\n,\n", 2, 1, "\"\" is not a number of type Float"),
        ("1,x\n", 1, 3, "\"x\" is not a number of type Float"),
        ("1,2\n3, 4 5\n", 2, 3, "\"4 5\" is not a number of type Float"),
        ("0x10\n", 1, 1, "\"0x10\" is not a number of type Float"),
        ("1e\n", 1, 1, "\"1e\" is not a number of type Float"),
        ("--1\n", 1, 1, "\"--1\" is not a number of type Float"),
        ("nan(1)\n", 1, 1, "\"nan(1)\" is not a number of type Float"),
        ("1_000\n", 1, 1, "\"1_000\" is not a number of type Float"),
        ("\"1\n", 1, 1, "the quotation mark is not closed in its line"),
        ("1,\"2", 1, 3, "the quotation mark is not closed in its line"),
        ("\"1\"2\n", 1, 4, "text after the closing quotation mark"),
        ("1\u{1B}\n", 1, 1, "\"1\\u{1b}\" is not a number of type Float"),
    ])
    func refused(_ text: String, _ line: Int, _ column: Int, _ reason: String) {
        let error = FormatError.malformedText(path: "x", line: line, column: column, reason: reason)
        #expect(throws: error) { try table(text, as: Float.self) }
        #expect(error.description == "x:\(line):\(column): \(reason)")
    }

    @Test(arguments: ["2147483648", "-2147483649", "1.0", "1e3", "+", "", "nan", "99999999999999999999"])
    func integersThatAreNone(_ text: String) {
        let reason = "\"\(text)\" is not a number of type Int32"
        #expect(throws: FormatError.malformedText(path: "x", line: 1, column: 3, reason: reason)) {
            try table("0,\(text)", as: Int32.self)
        }
    }

    @Test func headersThatAreWrong() {
        let bytes: [UInt8] = [0x61, 0x2C, 0xFF, 0x0A]
        let unicode = FormatError.malformedText(
            path: "x", line: 1, column: 3, reason: "a name that is not UTF-8")
        #expect(throws: unicode) { try CSVTable<Float>(bytes: bytes, path: "x", hasHeader: true) }
        let short = FormatError.malformedText(
            path: "x", line: 2, column: 2, reason: "the line ends after 1 numbers; expected 2")
        #expect(throws: short) { try table("a,b\n1\n", hasHeader: true, as: Float.self) }
    }

    /// A first line far wider than the others, which would be a huge table if all lines were like it.
    @Test func wideFirstLine() {
        let text = String(repeating: "1,", count: 100_000) + "1\n" + String(repeating: "1\n", count: 100_000)
        let error = FormatError.malformedText(
            path: "x", line: 2, column: 2, reason: "the line ends after 1 numbers; expected 100001")
        #expect(throws: error) { try table(text, as: Double.self) }
    }

    /// Bit for bit what the C library makes of the same text: random patterns in 17 digits and fewer, and
    /// numbers halfway between two others.
    @Test func sameAsTheCLibrary() throws {
        var random = SystemRandomNumberGenerator()
        var texts: [String] = []
        for _ in 0..<5000 {
            let double = Double(bitPattern: random.next())
            let float = Float(bitPattern: random.next())
            guard double.isFinite, float.isFinite else { continue }
            texts += ["\(double)", "\(float)"]
            texts += [3, 9, 17, 25].map { String(format: "%.\($0)e", double) }
            let middle = (Double(float) + Double(float.nextUp)) / 2
            let exact = String(format: "%.160e", middle)
            texts += [exact, exact.replacing("e", with: "0001e"), String(format: "%.17g", middle)]
        }
        let column = texts.joined(separator: "\n")
        let doubles = try table(column, as: Double.self).values.scalars
        let floats = try table(column, as: Float.self).values.scalars
        #expect(doubles.count == texts.count)
        for (index, text) in texts.enumerated() {
            #expect(doubles[index].bitPattern == strtod(text, nil).bitPattern, "\(text)")
            #expect(floats[index].bitPattern == strtof(text, nil).bitPattern, "\(text)")
        }
    }
}
