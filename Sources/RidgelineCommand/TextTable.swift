// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Columns of text, the first ones to the left, the others to the right.
struct TextTable {
    var header: [String]
    /// How many are to the left.
    var leftColumns = 1
    var rows: [[String]] = []

    /// The table for standard output.
    var text: String { text(width: Terminal.output.width) }

    /// The same for so many columns of characters; for any number where that is nil.
    func text(width: Int?) -> String {
        var columns = TextColumns(header: header, leftColumns: leftColumns, limit: width)
        for row in rows { columns.makeRoom(for: row) }
        return ((columns.headerLine.map { [$0] } ?? []) + rows.map(columns.text)).joined(separator: "\n")
    }
}

/// How the rows of a table are written: as lines of cells below each other, or where these are wider than the terminal,
/// on lines of their own for each row.
struct TextColumns {
    let header: [String]
    let leftColumns: Int
    /// The terminal's width; nil where there is none.
    let limit: Int?
    private var widths: [Int]

    init(header: [String], leftColumns: Int, limit: Int? = Terminal.output.width) {
        (self.header, self.leftColumns, self.limit) = (header, leftColumns, limit)
        widths = header.map(\.count)
    }

    /// Widens the columns for another row.
    mutating func makeRoom(for row: [String]) {
        for (column, cell) in row.enumerated() where cell.utf8.count > widths[column] {
            widths[column] = max(widths[column], cell.count)
        }
    }

    private var isStacked: Bool {
        limit.map { widths.reduce(2 * (widths.count - 1), +) > $0 } ?? false
    }

    /// The columns' names; nil where they stand in each row.
    var headerLine: String? { isStacked ? nil : line(header) }

    /// A row, without a line end.
    func text(_ row: [String]) -> String { isStacked ? stacked(row) : line(row) }

    private func line(_ row: [String]) -> String {
        row.enumerated().map { column, cell in
            let blank = String(repeating: " ", count: widths[column] - cell.count)
            return column < leftColumns ? cell + blank : blank + cell
        }.joined(separator: "  ")
    }

    /// The first cell, and below it the others, those to the right after their columns' names, as many on a line as fit.
    private func stacked(_ row: [String]) -> String {
        var lines = [row[0]]
        var line = ""
        for column in row.indices.dropFirst() where !row[column].isEmpty {
            let part = "  " + (column < leftColumns ? "" : header[column] + " ") + row[column]
            if !line.isEmpty, line.count + part.count > limit ?? .max {
                lines.append(line)
                line = ""
            }
            line += part
        }
        return (lines + (line.isEmpty ? [] : [line])).joined(separator: "\n")
    }
}
