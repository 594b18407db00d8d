// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct CSVWritingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ path: String) throws -> String {
        String(decoding: try bytes(of: path), as: UTF8.self)
    }

    @Test func plainText() throws {
        let path = folder.file("x.csv")
        let numbers: [Float] = [0.1, -2, 1e-20, .nan, .infinity, 16_777_216]
        try CSVTable(Tensor(shape: [2, 3], scalars: numbers)).write(to: path)
        #expect(try text(path) == "0.1,-2.0,1e-20\nnan,inf,16777216.0\n")
        let integers: Tensor<Int32> = [[1, -2]]
        try CSVTable(integers, header: ["a;b", "c \"d\""]).write(
            to: path, separator: .semicolon)
        #expect(try text(path) == "\"a;b\";\"c \"\"d\"\"\"\n1;-2\n")
        let read = try CSVTable<Int32>(contentsOf: path, separator: .semicolon, hasHeader: true)
        #expect(read.header == ["a;b", "c \"d\""])
        #expect(read.values == [[1, -2]])
    }

    /// Every number comes back as it was, through each separator, and more text than is written at once.
    @Test(arguments: CSVSeparator.allCases)
    func roundTrip(_ separator: CSVSeparator) throws {
        func check<Scalar: TextScalar>(_: Scalar.Type, _ isNaN: (Scalar) -> Bool) throws {
            let values = pattern([2500, 7], as: Scalar.self)
            let header = ["", " a", "b\t", "c,d;e", "\"", "f\tg", "é"]
            let path = folder.file("x.csv")
            try CSVTable(values, header: header).write(to: path, separator: separator)
            let read = try CSVTable<Scalar>(contentsOf: path, separator: separator, hasHeader: true)
            #expect(read.header == header)
            #expect(read.values.shape == [2500, 7])
            let different = zip(read.values.scalars, values.scalars).count { found, value in
                rawBytes(Tensor(found)) != rawBytes(Tensor(value)) && !(isNaN(found) && isNaN(value))
            }
            #expect(different == 0)
        }
        try check(Float.self) { $0.isNaN }
        try check(Double.self) { $0.isNaN }
        try check(Int32.self) { _ in false }
        try check(Int64.self) { _ in false }
    }

    @Test func emptyTables() throws {
        let path = folder.file("x.csv")
        try CSVTable(Tensor<Float>.zeros([0, 2]), header: ["a", "b"]).write(to: path)
        #expect(try text(path) == "a,b\n")
        try CSVTable(Tensor<Float>.zeros([0, 2])).write(to: path)
        #expect(try bytes(of: path) == [])
    }

    @Test func nameWithALineBreak() throws {
        let path = try folder.write([1], to: "x.csv")
        let error = FormatError.invalidName(name: "a\nb", reason: "it has a line break")
        #expect(throws: error) { try CSVTable(Tensor<Float>.ones([1, 1]), header: ["a\nb"]).write(to: path) }
        #expect(try bytes(of: path) == [1])
    }
}
