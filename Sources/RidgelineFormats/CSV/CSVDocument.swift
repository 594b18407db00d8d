// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A table of numbers in a file, checked when it is opened and read again where the numbers are asked for: besides
/// the file's own bytes it needs no memory.
package struct CSVDocument: SingleTensorSource, ElementSource {
    /// The path by which it was opened.
    package let path: String
    /// The element type and the shape, [rows, columns].
    package let info: TensorInfo
    /// The first names of the columns; nil without a header.
    package let header: [String]?

    private let bytes: [UInt8]
    private let separator: CSVSeparator
    /// Where the numbers begin.
    private let start: CSVScanner.Place

    /// Of a header with more columns only so many have their names kept, and of these as many bytes.
    package static let headerLimit = 100
    private static let nameLimit = 1000

    /// The first line is a header where it is no line of numbers. Throws as `CSVTable`.
    package init(contentsOf path: String, separator: CSVSeparator) throws {
        let file = try OpenFile(path: path)
        let bytes = try file.bytes(0..<file.byteCount)
        let (header, start, size) = try bytes.withUnsafeBytes { text in
            var scanner = CSVScanner(text, path: path, separator: separator)
            let start = scanner.place
            do {
                return (nil as [String]?, start, try scanner.survey(columns: nil, as: Double.self))
            } catch FormatError.malformedText(_, start.line, _, _) {
                scanner = CSVScanner(text, path: path, separator: separator, from: start)
                let header = try scanner.header(limit: Self.headerLimit, lengthLimit: Self.nameLimit)
                let start = scanner.place
                return (header.names, start, try scanner.survey(columns: header.count, as: Double.self))
            }
        }
        (self.path, self.bytes, self.separator, self.header, self.start) = (
            path, bytes, separator, header, start
        )
        let shape: Shape = [size.rows, size.columns]
        let byteCount = shape.elementCount * MemoryLayout<Double>.stride
        info = TensorInfo(dataType: .float64, shape: shape, byteCount: byteCount)
    }

    /// The numbers as `Double`, or as another type that text is read as.
    package func tensor<Scalar: TensorScalar>(as type: Scalar.Type, rounding: Bool) throws -> Tensor<Scalar> {
        func read<Number: TextScalar>(_: Number.Type) throws -> Tensor<Scalar>? {
            try bytes.withUnsafeBytes { text in
                var scanner = CSVScanner(text, path: path, separator: separator, from: start)
                return try scanner.numbers(columns: info.extents[1]) as Tensor<Number> as? Tensor<Scalar>
            }
        }
        guard let number = type as? any TextScalar.Type, let tensor = try read(number) else {
            throw FormatError.wrongDataType(
                path: path, name: name, found: .float64, expected: Scalar.dataType)
        }
        return tensor
    }

    /// The numbers as doubles, one after another.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard info(name) != nil else { throw missing(name) }
        return (StoredElements(path: path, name: name, dataType: .float64), Numbers(self))
    }

    /// The bytes of the doubles, read in their order.
    private final class Numbers: ByteSource {
        private let document: CSVDocument
        private let next: Lock<(place: CSVScanner.Place, column: Int)>

        init(_ document: CSVDocument) {
            self.document = document
            next = Lock((document.start, 0))
        }

        var isRandomAccess: Bool { false }

        func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
            let columns = document.info.extents[1]
            try next.withLock { next in
                try document.bytes.withUnsafeBytes { text in
                    var scanner = CSVScanner(
                        text, path: document.path, separator: document.separator, from: next.place)
                    let target = buffer.assumingMemoryBound(to: Double.self)
                    for index in target.indices {
                        target[index] = try scanner.number(next.column, of: columns)
                        next.column = next.column + 1 == columns ? 0 : next.column + 1
                    }
                    next.place = scanner.place
                }
            }
        }
    }
}
