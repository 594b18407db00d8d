// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The index of a model in several files, as Hugging Face writes it: which tensor lies in which file.
struct ShardIndex {
    /// The tensors' names, each with the name of its file.
    private let tensors: HeaderMembers
    private let more: HeaderMembers

    /// Reads and checks an index. The files it names lie beside it: anything that could lead elsewhere is refused.
    init(contentsOf path: String) throws {
        let file = try OpenFile(path: path)
        let limit = SafetensorsHeader.lengthLimit
        guard file.byteCount <= limit else {
            throw FormatError.headerTooLarge(
                path: path, byteCount: UInt64(file.byteCount), limit: UInt64(limit))
        }
        var scanner = HeaderScanner(try file.bytes(0..<file.byteCount), path: path, origin: 0)
        var (places, more): ([UInt32], [UInt32]) = ([], [])
        var members: Set<String> = []
        scanner.skipSpace()
        try scanner.members { start, scanner in
            let member = scanner.text(from: start)
            guard member == "weight_map" || member == "metadata" else { return try scanner.skipValue() }
            guard members.insert(member).inserted else {
                throw FormatError.duplicateName(path: path, name: member)
            }
            try scanner.members { start, scanner in
                if member == "weight_map" {
                    let file = try scanner.string()
                    if file.isEmpty || file == "." || file == ".." || file.utf8.contains(0x2F) {
                        throw FormatError.shardElsewhere(
                            path: path, tensor: scanner.text(from: start), shard: file)
                    }
                    places.append(UInt32(start))
                } else {
                    try scanner.skipValue()
                    more.append(UInt32(start))
                }
            }
        }
        try scanner.end()
        guard members.contains("weight_map") else { throw scanner.malformed("the index has no weight_map") }
        tensors = try HeaderMembers(scanner, sorting: &places)
        self.more = try HeaderMembers(scanner, sorting: &more)
    }

    /// The number of tensors.
    var count: Int { tensors.count }

    /// A tensor's name; those before it are less by their bytes.
    func name(_ index: Int) -> String { tensors.name(index) }

    func index(of name: String) -> Int? { tensors.index(of: name) }

    /// The name of the file where a tensor lies.
    func file(_ index: Int) -> String { tensors.value(index) { try $0.string() } }

    var metadataCount: Int { more.count }

    /// What else it says; numbers as their text.
    func metadataEntry(_ index: Int) -> (key: String, text: TextPieces) {
        (more.name(index), more.value(index) { try TextPieces(&$0) })
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
