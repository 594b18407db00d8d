// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Rows and columns of numbers, with a name for each column where the file has a header.
///
/// ```swift
/// let table = try CSVTable<Float>(contentsOf: "digits.csv")
/// let pixels = table.values[0..., 0..<64]
/// ```
public struct CSVTable<Scalar: TextScalar>: Sendable {
    /// The numbers: [rows, columns].
    public let values: Tensor<Scalar>
    /// The columns' names, as many as there are columns; nil without a header.
    public let header: [String]?

    /// A table to be written. Traps where the values are not [rows, columns], or the header has not a name
    /// for each column.
    public init(_ values: Tensor<Scalar>, header: [String]? = nil) {
        require(values.rank == 2, "CSVTable: values of shape \(values.shape); expected [rows, columns]")
        require(
            header == nil || header?.count == values.shape[1],
            "CSVTable: \(header?.count ?? 0) names for values of shape \(values.shape)")
        self.values = values
        self.header = header
    }

    /// Reads a file. Every line has as many numbers as the first and ends with a line feed, a carriage return, or
    /// both; blank lines are skipped, spaces around numbers too, and a number or a name may stand in quotation
    /// marks. Whether the first line is a header
    /// is not guessed. Numbers are rounded to the nearest; `nan`, `inf` and `infinity` are known in upper and
    /// lower case. Throws a `FormatError` with the line and the byte in it where something else stands.
    public init(contentsOf path: String, separator: CSVSeparator = .comma, hasHeader: Bool = false) throws {
        try self.init(reading: OpenFile(path: path), separator: separator, hasHeader: hasHeader)
    }

    /// Reads bytes in memory like a file's; errors call them `path`.
    public init(
        bytes: [UInt8], path: String = "memory", separator: CSVSeparator = .comma, hasHeader: Bool = false
    ) throws {
        let source = MemoryBytes(path: path, bytes: bytes)
        try self.init(reading: source, separator: separator, hasHeader: hasHeader)
    }

    private init(reading source: any ByteFile, separator: CSVSeparator, hasHeader: Bool) throws {
        let bytes = try source.bytes(0..<source.byteCount)
        (values, header) = try bytes.withUnsafeBytes {
            var scanner = CSVScanner($0, path: source.path, separator: separator)
            let header = hasHeader ? try scanner.header().names : nil
            return (try scanner.numbers(columns: header?.count), header)
        }
    }

    /// Writes the table, whole or not at all: numbers in the fewest digits that bring them back, names in
    /// quotation marks where they need them. Throws a `FormatError` where a name has a line break.
    public func write(to path: String, separator: CSVSeparator = .comma) throws {
        let text = try CSVText(separator: separator, header: header)
        try AtomicFile.write(to: path) { file in
            var text = text
            let columns = values.shape[1]
            try values.withUnsafeBufferPointer { elements in
                for row in 0..<values.shape[0] {
                    text.append(elements[row * columns..<(row + 1) * columns])
                    if text.bytes.count >= CSVText.pieceLength { try text.flush(to: file) }
                }
            }
            try text.flush(to: file)
        }
    }
}
