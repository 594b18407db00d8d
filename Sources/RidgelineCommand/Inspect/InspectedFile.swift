// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// A file of tensors, opened by what is in it.
struct InspectedFile {
    /// What is inspected: the formats that `ridgeline inspect` knows.
    enum Format: String, Encodable {
        case safetensors
        case index = "safetensors index"
        case npy, npz, idx, csv
    }

    let format: Format
    let source: any ElementSource
    /// The file itself, without those that an index names.
    let fileByteCount: Int
    /// What is particular about it.
    var notes: [String] = []

    /// - Parameter isNamed: Whether the name is the file's own and may tell the format; otherwise any text is taken for
    ///   a table.
    init(contentsOf path: String, isNamed: Bool = true) throws {
        let file = try OpenFile(path: path)
        fileByteCount = file.byteCount
        let start = try file.bytes(0..<min(4096, file.byteCount))
        guard let format = try Self.format(of: file) ?? (isNamed ? nil : Self.table(start)) else {
            try ForeignFormat.refuse(file)
            throw Unknown(path: path)
        }
        self.format = format
        switch format {
        case .safetensors: source = try SafetensorsFile(contentsOf: path)
        case .index: source = try ShardedSafetensors(contentsOf: path)
        case .npy:
            let array = try NumPyFile(contentsOf: path)
            source = array
            if array.isFortranOrdered { notes.append("Fortran order") }
        case .npz: source = try NumPyArchive(contentsOf: path)
        case .idx:
            let tensor = try IDXFile(contentsOf: path)
            source = tensor
            if tensor.isCompressed { notes.append("gzip") }
        case .csv:
            // Columns are separated by tabulators in a .tsv file.
            let isTabbed = isNamed ? path.lowercased().hasSuffix(".tsv") : start.contains(UInt8(ascii: "\t"))
            let table = try CSVDocument(contentsOf: path, separator: isTabbed ? .tab : .comma)
            source = table
            if let header = table.header {
                let more = table.info.extents[1] - header.count
                notes.append(
                    "columns " + header.joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""))
            }
        }
    }

    /// By the first bytes; by the name's extension where they say nothing, so that the reader can say what is
    /// wrong with a broken file.
    private static func format(of file: OpenFile) throws -> Format? {
        let name = file.path.lowercased()
        func isMeant(_ byte: UInt8) -> Bool { ![0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        if name.hasSuffix(".csv") || name.hasSuffix(".tsv") { return .csv }
        var bytes = [UInt8](repeating: 0, count: min(64, file.byteCount))
        try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // White space may stand before the header.
        if bytes.count > 8, bytes[8...].first(where: isMeant) == UInt8(ascii: "{"),
            length <= UInt64(file.byteCount - 8)
        {
            return .safetensors
        }
        if bytes.starts(with: [0x93] + "NUMPY".utf8) { return .npy }
        if bytes.starts(with: "PK\u{3}\u{4}".utf8) || bytes.starts(with: "PK\u{5}\u{6}".utf8) { return .npz }
        if bytes.starts(with: [0x1F, 0x8B]) { return .idx }
        if bytes.count >= 4, bytes.starts(with: [0, 0]), (0x08...0x0E).contains(bytes[2]) { return .idx }
        if bytes.first(where: isMeant) == UInt8(ascii: "{") { return .index }
        let extensions: [(String, Format)] = [
            (".safetensors", .safetensors), (".json", .index), (".npy", .npy), (".npz", .npz),
        ]
        return extensions.first { name.hasSuffix($0.0) }?.1
    }

    /// A table, where these are the first bytes of a text.
    private static func table(_ start: [UInt8]) -> Format? {
        let isText = start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
        return isText && !start.isEmpty ? .csv : nil
    }

    /// The file is of no kind that is known.
    private struct Unknown: Error, CustomStringConvertible {
        let path: String
        var description: String {
            "\(path): neither safetensors nor their index, .npy, .npz, IDX, nor by its name .csv or .tsv"
        }
    }
}
