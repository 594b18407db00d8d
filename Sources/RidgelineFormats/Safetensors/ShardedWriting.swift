// Part of Ridgeline. Licensed under the Apache License 2.0.

extension SafetensorsWriter {
    /// Writes the tensors to several files of at most `limit` bytes of elements each, and their index, as Hugging
    /// Face does: `model-00001-of-00003.safetensors` … and `model.safetensors.index.json` for the path
    /// `model.safetensors`.
    ///
    /// Tensors keep the order of their adding; one above the limit has a file of its own. Where one file is
    /// enough, that is written alone, under the path itself. None takes its place before all are on the disk, the
    /// index last: on any error what was there before is as it was. A process that is killed between two of the
    /// renames leaves old files and new ones. Files of an earlier, differently divided model stay.
    ///
    /// - Returns: The path to open: the index's, or `path` where there is one file.
    /// - Throws: `FormatError` where a file cannot be written.
    @discardableResult
    public func write(to path: String, shardLimit limit: Int) throws -> String {
        let parts = divided(limit)
        if parts.count <= 1 {
            try write(to: path)
            return path
        }
        let suffix = ".safetensors"
        let stem = path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
        let index = stem + suffix + ".index.json"
        var places: [(tensor: String, file: String)] = []
        var files: [AtomicFile.Prepared] = []
        do {
            for (number, part) in parts.enumerated() {
                let shard = "\(stem)-\(padded(number + 1))-of-\(padded(parts.count))\(suffix)"
                files.append(try prepare(part, for: shard))
                let name = shard.utf8.lastIndex(of: UInt8(ascii: "/")).map {
                    String(shard[shard.utf8.index(after: $0)...])
                }
                places += part.map { ($0.name, name ?? shard) }
            }
            let totalSize = tensors.reduce(0) { $0 + $1.info.byteCount }
            let text = ShardIndex.text(totalSize: totalSize, shards: places)
            files.append(try AtomicFile.prepare(for: index) { file in try text.withUnsafeBytes(file.append) })
            for file in files { try file.commit() }
        } catch {
            // Those in their places already have nothing left to remove.
            for file in files { file.discard() }
            throw error
        }
        return index
    }

    /// The tensors of each file.
    private func divided(_ limit: Int) -> [[Pending]] {
        var parts: [[Pending]] = []
        var part: [Pending] = []
        var size = 0
        for tensor in tensors {
            if tensor.info.byteCount > limit {
                parts.append([tensor])
                continue
            }
            if size + tensor.info.byteCount > limit {
                parts.append(part)
                (part, size) = ([], 0)
            }
            part.append(tensor)
            size += tensor.info.byteCount
        }
        return part.isEmpty ? parts : parts + [part]
    }

    private func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
