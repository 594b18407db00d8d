// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The text of a table as it grows, to be written in pieces.
struct CSVText {
    private(set) var bytes: [UInt8] = []
    private let separator: UInt8

    /// As much as is written at once.
    static let pieceLength = 1 << 18

    init(separator: CSVSeparator, header: [String]?) throws {
        self.separator = separator.byte
        guard let header else { return }
        for (index, name) in header.enumerated() {
            if index > 0 { bytes.append(self.separator) }
            try append(name)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Adds a line of numbers.
    mutating func append(_ row: some Collection<some TextScalar>) {
        var isFirst = true
        for number in row {
            if !isFirst { bytes.append(separator) }
            isFirst = false
            bytes.append(contentsOf: number.description.utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func flush(to file: AtomicFile) throws {
        try bytes.withUnsafeBytes { try file.append($0) }
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ name: String) throws {
        let text = Array(name.utf8)
        if text.contains(UInt8(ascii: "\n")) || text.contains(UInt8(ascii: "\r")) {
            throw FormatError.invalidName(name: name, reason: "it has a line break")
        }
        let mark = UInt8(ascii: "\"")
        let space = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        let needsMarks =
            text.isEmpty || text.contains(separator) || text.contains(mark) || space.contains(text[0])
            || space.contains(text[text.count - 1])
        guard needsMarks else { return bytes.append(contentsOf: text) }
        bytes.append(mark)
        for byte in text { bytes.append(contentsOf: byte == mark ? [mark, mark] : [byte]) }
        bytes.append(mark)
    }
}
