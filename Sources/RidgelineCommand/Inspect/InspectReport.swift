// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// What `ridgeline inspect` says about a file. A file may have millions of tensors: none is kept, each is looked up where
/// it is printed.
struct InspectReport {
    /// Sums over all tensors.
    struct Totals: Encodable {
        var tensors = 0
        var elements = 0
        var bytes = 0
    }

    let file: InspectedFile
    /// What the file is called.
    let name: String
    let total: Totals
    /// By the tensors' places.
    private var statistics: [Int: TensorStatistics] = [:]
    private var isOfOne = false

    /// What is called `name` there.
    init(_ file: InspectedFile, name: String) {
        (self.file, self.name) = (file, name)
        var total = Totals()
        for index in 0..<file.source.tensorCount {
            let info = file.source.listed(index).info
            total.tensors += 1
            // Many empty-looking tensors of an unknown type could overflow a plain sum.
            total.elements = total.elements.addingSaturated(info.elementCount)
            total.bytes = total.bytes.addingSaturated(info.byteCount)
        }
        self.total = total
    }

    private var source: any ElementSource { file.source }

    /// Reads one tensor, or all whose type the engine knows.
    mutating func addStatistics(of name: String?, _ progress: Progress) throws {
        if let name, source.info(name) == nil { throw source.missing(name) }
        isOfOne = name != nil
        for index in 0..<total.tensors {
            let (tensor, info) = source.listed(index)
            let isWanted = name.map { $0.utf8.elementsEqual(tensor.utf8) } ?? true
            guard isWanted, name != nil || info.dataType != nil else { continue }
            let prefix = "[\(index + 1)/\(total.tensors)] \(tensor.escaped) "
            statistics[index] = try TensorStatistics(of: tensor, in: source) { done in
                progress.show(
                    prefix + "\(100 * done / max(1, info.elementCount)) % of \(info.byteCount.byteText) …")
            }
        }
    }

    /// Writes the table, with a line of totals and the metadata before it.
    func writeText(_ output: inout OutputBuffer) throws {
        let format = ([file.format.rawValue] + file.notes.map(\.escaped)).joined(separator: ", ")
        try output.append("\(name.withoutControls): \(format), \(file.fileByteCount.byteText)\n")
        try output.append(
            "\(total.tensors) tensor\(total.tensors == 1 ? "" : "s"), \(total.elements) elements, "
                + "\(total.bytes) bytes" + (total.bytes < 1000 ? "" : " (\(total.bytes.byteText))") + "\n")
        if source.metadataCount > 0 {
            let entries = (0..<source.metadataCount).lazy.map { index in
                let entry = source.metadataEntry(index)
                return [entry.key.escaped, brief(entry.text)]
            }
            try LongTable(header: ["metadata", "value"], leftColumns: 2).write(entries, &output)
        }
        var header = ["tensor", "dtype", "shape", "elements", "bytes"]
        if !statistics.isEmpty { header += ["min", "max", "mean", "NaN", "infinite"] }
        let shown = isOfOne ? statistics.keys.sorted() : nil
        let rows = (0..<(shown?.count ?? total.tensors)).lazy.map { row(shown?[$0] ?? $0) }
        if !rows.isEmpty { try LongTable(header: header, leftColumns: 3).write(rows, &output) }
    }

    private func row(_ index: Int) -> [String] {
        let (name, info) = source.listed(index)
        var cells = [
            name.escaped, info.dataTypeName.escaped, "\(info.extents)", "\(info.elementCount)",
            "\(info.byteCount)",
        ]
        if !statistics.isEmpty { cells += statistics[index]?.cells ?? Array(repeating: "–", count: 5) }
        return cells
    }

    private func brief(_ pieces: TextPieces) -> String {
        let limit = 200
        var start = ""
        var count = 0
        for piece in pieces {
            if count == 0 { start = piece }
            count += piece.unicodeScalars.count
        }
        if count <= limit { return start.escaped }
        return String(start.prefix(limit)).escaped + "… (\(count) characters, all of them with --json)"
    }

    /// Writes the same as JSON, keys sorted.
    func writeJSON(_ output: inout OutputBuffer) throws {
        try output.append("{\n  \"fileBytes\" : \(file.fileByteCount),\n")
        try output.append("  \"format\" : \(file.format.rawValue.quotedForJSON),\n  \"metadata\" : {")
        for index in 0..<source.metadataCount {
            let entry = source.metadataEntry(index)
            try output.append(index == 0 ? "\n    " : ",\n    ")
            try output.append(entry.key.quotedForJSON + " : \"")
            for piece in entry.text { try output.append(String(piece.quotedForJSON.dropFirst().dropLast())) }
            try output.append("\"")
        }
        let notes = file.notes.map(\.quotedForJSON).joined(separator: ", ")
        try output.append(source.metadataCount > 0 ? "\n  },\n" : "},\n")
        try output.append("  \"notes\" : [\(notes)],\n  \"path\" : \(name.quotedForJSON),\n")
        try output.append("  \"tensors\" : [")
        for index in 0..<total.tensors {
            let (tensor, info) = source.listed(index)
            let shape = info.extents.map { String($0) }.joined(separator: ", ")
            try output.append(index == 0 ? "\n    {" : ",\n    {")
            try output.append(
                "\"bytes\" : \(info.byteCount), \"dtype\" : \(info.dataTypeName.quotedForJSON), "
                    + "\"elements\" : \(info.elementCount), \"name\" : \(tensor.quotedForJSON), "
                    + "\"shape\" : [\(shape)]")
            if let found = statistics[index] {
                try output.append(", \"statistics\" : \(try StandardOutput.text(json: found, isShort: true))")
            }
            try output.append("}")
        }
        try output.append(total.tensors > 0 ? "\n  ],\n" : "],\n")
        try output.append("  \"total\" : \(try StandardOutput.text(json: total, isShort: true))\n}\n")
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
