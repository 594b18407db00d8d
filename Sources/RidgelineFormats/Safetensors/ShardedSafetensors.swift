// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A model in several safetensors files with their index, `model.safetensors.index.json`, as Hugging Face
/// writes large ones.
///
/// Of any number of files only some are open at a time: the others are opened anew where a tensor is asked for. One that
/// has been replaced or changed since is refused then.
public struct ShardedSafetensors: TensorSource, ElementSource {
    /// The path of the index.
    public let path: String
    private let index: ShardIndex
    private let shards: [SafetensorsFile]
    /// The shard of each tensor, in the order of names.
    private let places: [UInt32]

    /// Opens the index and all files that it names, which lie in its folder, and checks them against each other.
    ///
    /// - Throws: `FormatError`: besides what a single file may meet `shardElsewhere`, `missingShard`,
    ///   `missingFromShard` and `unlistedTensor`.
    public init(contentsOf path: String, access: FileAccess = .read) throws {
        let index = try ShardIndex(contentsOf: path)
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
        let pool = OpenFilePool()
        var shards: [SafetensorsFile] = []
        var numbers: [[UInt8]: Int] = [:]
        var places: [UInt32] = []
        for place in 0..<index.count {
            let file = index.file(place)
            let number = numbers[Array(file.utf8)] ?? shards.count
            if number == shards.count {
                shards.append(try Self.shard(file, in: folder, index: path, pool, access))
                numbers[Array(file.utf8)] = number
            }
            if !shards[number].has(index.name(place)) {
                throw FormatError.missingFromShard(path: path, tensor: index.name(place), shard: file)
            }
            places.append(UInt32(number))
        }
        for (number, shard) in shards.enumerated() {
            for position in 0..<shard.tensorCount {
                let name = shard.listed(position).name
                guard let place = index.index(of: name), places[place] == UInt32(number) else {
                    throw FormatError.unlistedTensor(path: shard.path, tensor: name, index: path)
                }
            }
        }
        (self.path, self.index, self.shards, self.places) = (path, index, shards, places)
    }

    private static func shard(
        _ file: String, in folder: String, index: String, _ pool: OpenFilePool, _ access: FileAccess
    ) throws -> SafetensorsFile {
        do {
            return try SafetensorsFile(reading: PooledFile(folder + file, in: pool), access: access)
        } catch FormatError.cannotOpen(_, let reason) {
            throw FormatError.missingShard(path: index, shard: file, reason: reason)
        }
    }

    /// The tensors' names, sorted by their bytes.
    public var names: [String] { (0..<index.count).map(index.name) }

    /// What the index says beside the map, such as `total_size`; numbers as their text.
    public var metadata: [String: String] {
        Dictionary((0..<metadataCount).map(metadataEntry).map { ($0.key, $0.text.joined()) }) { first, _ in
            first
        }
    }

    /// What the tensor's file says about it; nil where there is none of that name.
    public func info(_ name: String) -> TensorInfo? {
        index.index(of: name).flatMap { shards[Int(places[$0])].info(name) }
    }

    /// The number of tensors.
    package var tensorCount: Int { index.count }

    /// A tensor in the order of names.
    package func listed(_ place: Int) -> (name: String, info: TensorInfo) {
        let name = index.name(place)
        guard let info = shards[Int(places[place])].info(name) else {
            fatalError("a file that had the tensor \(name) has it no longer")
        }
        return (name, info)
    }

    /// The number of entries beside the map.
    package var metadataCount: Int { index.metadataCount }

    /// An entry beside the map, in the order of the keys' bytes.
    package func metadataEntry(_ place: Int) -> (key: String, text: TextPieces) { index.metadataEntry(place) }

    /// The tensor of that name, from the file it lies in.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> {
        guard let place = index.index(of: name) else { throw missing(name) }
        return try shards[Int(places[place])].tensor(name, as: type, rounding: rounding)
    }

    /// The tensor's elements as they are in its file.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard let place = index.index(of: name) else { throw missing(name) }
        return try shards[Int(places[place])].stored(name)
    }
}

extension ShardedSafetensors: CustomStringConvertible {
    /// The path and the number of tensors.
    public var description: String { "ShardedSafetensors(\(path), \(tensorCount) tensors)" }
}
