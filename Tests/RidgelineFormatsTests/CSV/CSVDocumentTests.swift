// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Tables that are looked at without being held.
@Suite struct CSVDocumentTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func document(_ text: String, _ separator: CSVSeparator = .comma) throws -> CSVDocument {
        try CSVDocument(contentsOf: folder.write(Array(text.utf8), to: "x.csv"), separator: separator)
    }

    /// The elements in pieces that end anywhere in a line.
    private func elements(_ document: CSVDocument, pieceLength: Int) throws -> [Double] {
        let (_, source) = try document.stored("x")
        var result = [Double](repeating: 0, count: document.info.elementCount)
        try result.withUnsafeMutableBytes { buffer in
            for start in stride(from: 0, to: buffer.count, by: 8 * pieceLength) {
                let end = min(buffer.count, start + 8 * pieceLength)
                try source.read(into: .init(rebasing: buffer[start..<end]), at: start)
            }
        }
        try source.finish()
        return result
    }

    @Test(
        arguments: [
            ("1,2,3\n4,5,6\n", nil), ("a,\"b\",c\r1,2,3\r4,5,6", ["a", "b", "c"]),
            ("\u{FEFF}\r\n\n a ,b,\r\n1,2,\"3\"\r\n\r\n4,5,6\r\n", ["a", "b", ""]),
        ] as [(String, [String]?)])
    func sameAsATable(_ text: String, _ header: [String]?) throws {
        let document = try document(text)
        let table = try CSVTable<Double>(bytes: Array(text.utf8), hasHeader: header != nil)
        #expect(document.header == header && table.header == header)
        #expect(document.info.shape == [2, 3] && document.info.byteCount == 48 && document.name == "x")
        let integers: Tensor<Int32> = [[1, 2, 3], [4, 5, 6]]
        #expect(try document.tensor() == table.values && document.tensor() == integers)
        for length in 1...7 { #expect(try elements(document, pieceLength: length) == table.values.scalars) }
        #expect(
            throws: FormatError.wrongDataType(
                path: document.path, name: "x", found: .float64, expected: .bool)
        ) { try document.tensor(as: Bool.self) }
        #expect(throws: FormatError.self) { try document.stored("y") }
    }

    @Test func nothingAndHeadersAlone() throws {
        for (text, shape) in [("", [0, 0]), ("\r\r", [0, 0]), ("a\tb\r", [0, 2])] as [(String, Shape)] {
            let document = try document(text, .tab)
            #expect(document.info.shape == shape && document.info.byteCount == 0)
            #expect(try document.tensor(as: Double.self).shape == shape)
        }
    }

    /// Of very many columns the first have their names kept.
    @Test func manyColumns() throws {
        let names = (0..<250).map { "c\($0)" }
        let document = try document(names.joined(separator: ",") + "\n")
        #expect(document.header == Array(names.prefix(100)) && document.info.shape == [0, 250])
        let long = try self.document(String(repeating: "é", count: 600) + ",\"a\"\"b\"\n1,2")
        #expect(long.header == [String(repeating: "é", count: 500) + "…", "a\"b"])
        #expect(try self.document(String(repeating: ",", count: 999)).info.shape == [0, 1000])
    }

    @Test func whatIsWrongIsFoundAtOnce() {
        let error = #expect(throws: FormatError.self) { try document("a,b\r1,2\r3\r") }
        #expect(error?.description.hasSuffix("x.csv:3:2: the line ends after 1 numbers; expected 2") == true)
        #expect(throws: FormatError.self) { try document("1,2\n3,x\n") }
    }
}
