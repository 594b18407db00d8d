// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A model in several safetensors files with their index, `model.safetensors.index.json`, as Hugging Face
/// writes large ones.
public struct ShardedSafetensors: TensorSource, ElementSource {
    /// The path of the index.
    public let path: String
    /// What the index says beside the map, such as `total_size`; numbers as their text.
    public let metadata: [String: String]
    /// The tensors' names, sorted by their bytes.
    public let names: [String]
    private let shards: [SafetensorsFile]
    /// The shard of each name.
    private let places: [[UInt8]: Int]

    /// Opens the index and all files that it names, which lie in its folder, and checks them against each other.
    ///
    /// - Throws: `FormatError`: besides what a single file may meet `shardElsewhere`, `missingShard`,
    ///   `missingFromShard` and `unlistedTensor`.
    public init(contentsOf path: String, access: FileAccess = .read) throws {
        let index = try ShardIndex(contentsOf: path)
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
        var shards: [SafetensorsFile] = []
        var numbers: [[UInt8]: Int] = [:]
        var places: [[UInt8]: Int] = [:]
        for (tensor, file) in index.shards {
            let number = numbers[Array(file.utf8)] ?? shards.count
            if number == shards.count {
                shards.append(try Self.shard(file, in: folder, index: path, access))
                numbers[Array(file.utf8)] = number
            }
            guard shards[number].info(tensor) != nil else {
                throw FormatError.missingFromShard(path: path, tensor: tensor, shard: file)
            }
            places[Array(tensor.utf8)] = number
        }
        for (number, shard) in shards.enumerated() {
            for name in shard.names where places[Array(name.utf8)] != number {
                throw FormatError.unlistedTensor(path: shard.path, tensor: name, index: path)
            }
        }
        self.path = path
        self.shards = shards
        self.places = places
        metadata = index.metadata
        names = index.shards.map(\.tensor)
    }

    private static func shard(
        _ file: String, in folder: String, index: String, _ access: FileAccess
    ) throws -> SafetensorsFile {
        do {
            return try SafetensorsFile(contentsOf: folder + file, access: access)
        } catch FormatError.cannotOpen(_, let reason) {
            throw FormatError.missingShard(path: index, shard: file, reason: reason)
        }
    }

    /// What the tensor's file says about it; nil where there is none of that name.
    public func info(_ name: String) -> TensorInfo? {
        places[Array(name.utf8)].flatMap { shards[$0].info(name) }
    }

    /// The tensor of that name, from the file it lies in.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> {
        guard let place = places[Array(name.utf8)] else { throw missing(name) }
        return try shards[place].tensor(name, as: type, rounding: rounding)
    }

    /// The tensor's elements as they are in its file.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard let place = places[Array(name.utf8)] else { throw missing(name) }
        return try shards[place].stored(name)
    }
}
