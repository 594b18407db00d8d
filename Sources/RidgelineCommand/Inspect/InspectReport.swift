// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// What `ridgeline inspect` says about a file.
struct InspectReport: Encodable {
    /// One tensor.
    struct Row: Encodable {
        var name: String
        /// As the file calls it; the engine's name for what the engine reads.
        var dtype: String
        var shape: [Int]
        var elements: Int
        var bytes: Int
        var statistics: TensorStatistics?
    }

    /// Sums over all tensors.
    struct Totals: Encodable {
        var tensors: Int
        var elements: Int
        var bytes: Int
    }

    let path: String
    let format: InspectedFile.Format
    let notes: [String]
    let fileBytes: Int
    let metadata: [String: String]
    let total: Totals
    private(set) var tensors: [Row]
    private var statisticsOf: String?

    private enum CodingKeys: CodingKey { case path, format, notes, fileBytes, metadata, total, tensors }

    init(_ file: InspectedFile) {
        path = file.source.path
        format = file.format
        notes = file.notes
        fileBytes = file.fileByteCount
        metadata = file.source.metadata
        tensors = file.source.names.compactMap { name in
            file.source.info(name).map { info in
                Row(
                    name: name, dtype: info.dataTypeName, shape: Array(info.shape),
                    elements: info.shape.elementCount, bytes: info.byteCount)
            }
        }
        // Many empty-looking tensors of an unknown type could overflow a plain sum.
        total = tensors.reduce(into: Totals(tensors: tensors.count, elements: 0, bytes: 0)) { total, row in
            total.elements = total.elements.addingSaturated(row.elements)
            total.bytes = total.bytes.addingSaturated(row.bytes)
        }
    }

    /// Reads one tensor, or all whose type the engine knows.
    mutating func addStatistics(
        of name: String?, in source: any ElementSource, _ progress: Progress
    ) throws {
        if let name, source.info(name) == nil { throw source.missing(name) }
        statisticsOf = name
        for index in tensors.indices {
            let row = tensors[index]
            let isWanted = name.map { $0.utf8.elementsEqual(row.name.utf8) } ?? true
            guard isWanted, name != nil || source.info(row.name)?.dataType != nil else { continue }
            let prefix = "[\(index + 1)/\(tensors.count)] \(row.name.escaped) "
            tensors[index].statistics = try TensorStatistics(of: row.name, in: source) { done in
                progress.show(prefix + "\(100 * done / max(1, row.elements)) % of \(row.bytes.byteText) …")
            }
        }
    }

    /// The table, with a line of totals and the metadata before it.
    var text: String {
        let format = ([format.rawValue] + notes.map(\.escaped)).joined(separator: ", ")
        var parts = [
            "\(path.withoutControls): \(format), \(fileBytes.byteText)",
            "\(total.tensors) tensor\(total.tensors == 1 ? "" : "s"), \(total.elements) elements, "
                + "\(total.bytes) bytes" + (total.bytes < 1000 ? "" : " (\(total.bytes.byteText))"),
        ]
        if !metadata.isEmpty {
            var table = TextTable(header: ["metadata", "value"], leftColumns: 2)
            table.rows = metadata.sorted { $0.key < $1.key }.map { [$0.key.escaped, brief($0.value)] }
            parts.append("\n" + table.text)
        }
        let hasStatistics = tensors.contains { $0.statistics != nil }
        var table = TextTable(header: ["tensor", "dtype", "shape", "elements", "bytes"], leftColumns: 3)
        if hasStatistics { table.header += ["min", "max", "mean", "NaN", "infinite"] }
        for row in tensors where statisticsOf == nil || row.statistics != nil {
            var cells = [
                row.name.escaped, row.dtype.escaped, "\(row.shape)", "\(row.elements)", "\(row.bytes)",
            ]
            if hasStatistics { cells += row.statistics?.cells ?? Array(repeating: "–", count: 5) }
            table.rows.append(cells)
        }
        if !table.rows.isEmpty { parts.append("\n" + table.text) }
        return parts.joined(separator: "\n")
    }

    private func brief(_ text: String) -> String {
        let limit = 200
        if text.count <= limit { return text.escaped }
        return String(text.prefix(limit)).escaped + "… (\(text.count) characters, all of them with --json)"
    }
}

extension TensorStatistics {
    fileprivate var cells: [String] {
        [
            minimum?.text ?? "–", maximum?.text ?? "–", mean?.briefText ?? "–", "\(nans)", "\(infinities)",
        ]
    }
}

extension Int {
    fileprivate func addingSaturated(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// A number of bytes in the unit that suits it.
    fileprivate var byteText: String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        var (value, unit) = (Double(self), 0)
        while value >= 999.5 && unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        return unit == 0
            ? "\(self) bytes" : value.text(value < 10 ? 2 : value < 100 ? 1 : 0) + " " + units[unit]
    }
}
