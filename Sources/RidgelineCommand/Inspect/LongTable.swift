// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Columns of text as in a `TextTable`, of any number of rows: they are made twice, for the widths and for writing, and
/// not kept.
struct LongTable {
    let header: [String]
    /// How many are to the left.
    let leftColumns: Int

    /// Writes an empty line and the table.
    func write(_ rows: some Sequence<[String]>, _ output: inout OutputBuffer) throws {
        var widths = header.map(\.count)
        for row in rows {
            for (column, cell) in row.enumerated() where cell.utf8.count > widths[column] {
                widths[column] = max(widths[column], cell.count)
            }
        }
        try output.append("\n")
        try write(header, widths, &output)
        for row in rows { try write(row, widths, &output) }
    }

    private func write(_ row: [String], _ widths: [Int], _ output: inout OutputBuffer) throws {
        for (column, cell) in row.enumerated() {
            let blank = String(repeating: " ", count: widths[column] - cell.count)
            try output.append(
                (column > 0 ? "  " : "") + (column < leftColumns ? cell + blank : blank + cell))
        }
        try output.append("\n")
    }
}
