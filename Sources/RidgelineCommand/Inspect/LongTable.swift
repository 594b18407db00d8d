// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Columns of text as in a `TextTable`, of any number of rows: they are made twice, for the widths and for writing, and
/// not kept.
struct LongTable {
    let header: [String]
    /// How many are to the left.
    let leftColumns: Int

    /// Writes an empty line and the table.
    func write(_ rows: some Sequence<[String]>, _ output: inout OutputBuffer) throws {
        var columns = TextColumns(header: header, leftColumns: leftColumns)
        for row in rows { columns.makeRoom(for: row) }
        try output.append("\n")
        if let line = columns.headerLine { try output.append(line + "\n") }
        for row in rows { try output.append(columns.text(row) + "\n") }
    }
}
