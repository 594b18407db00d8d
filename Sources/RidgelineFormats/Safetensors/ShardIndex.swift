// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The index of a model in several files, as Hugging Face writes it: which tensor lies in which file.
struct ShardIndex {
    /// By name, sorted by bytes.
    let shards: [(tensor: String, file: String)]
    /// What else it says; numbers as their text.
    let metadata: [String: String]

    /// Reads and checks an index. The files it names lie beside it: anything that could lead elsewhere is refused.
    init(contentsOf path: String) throws {
        let file = try OpenFile(path: path)
        let limit = SafetensorsHeader.lengthLimit
        guard file.byteCount <= limit else {
            throw FormatError.headerTooLarge(
                path: path, byteCount: UInt64(file.byteCount), limit: UInt64(limit))
        }
        var scanner = HeaderScanner(try file.bytes(0..<file.byteCount), path: path, origin: 0)
        var shards: [(tensor: String, file: String)]?
        var metadata: [String: String] = [:]
        scanner.skipSpace()
        try scanner.object { member, scanner in
            switch member {
            case "weight_map":
                if shards != nil { throw FormatError.duplicateName(path: path, name: member) }
                var found: [(tensor: String, file: String)] = []
                try scanner.object { found.append(($0, try $1.string())) }
                shards = found
            case "metadata": try scanner.object { metadata[$0] = try $1.text() }
            default: _ = try scanner.text()
            }
        }
        try scanner.end()
        guard let shards else { throw scanner.malformed("the index has no weight_map") }
        try requireDistinct(shards.map(\.tensor), path)
        for (tensor, file) in shards
        where file.isEmpty || file == "." || file == ".." || file.utf8.contains(0x2F) {
            throw FormatError.shardElsewhere(path: path, tensor: tensor, shard: file)
        }
        self.shards = shards.sorted { $0.tensor.precedesInFile($1.tensor) }
        self.metadata = metadata
    }

    /// The text of an index for tensors in this order, byte for byte as `huggingface_hub` writes it.
    static func text(totalSize: Int, shards: [(tensor: String, file: String)]) -> [UInt8] {
        var text = HeaderText()
        text.append("{\n  \"metadata\": {\n    \"total_size\": \(totalSize)\n  },\n  \"weight_map\": {")
        for (index, shard) in shards.enumerated() {
            text.append(index == 0 ? "\n    " : ",\n    ")
            text.asciiString(shard.tensor)
            text.append(": ")
            text.asciiString(shard.file)
        }
        text.append("\n  }\n}")
        return text.bytes
    }
}
