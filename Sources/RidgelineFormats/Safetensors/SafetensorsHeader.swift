// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// One entry of a file's metadata.
public struct MetadataEntry: Sendable, Hashable {
    /// What it is about.
    public let key: String
    /// The text.
    public let value: String
}

/// The header of a safetensors file to be written (for reading see `SafetensorsDirectory`): what its tensors are called, what they are and where they lie.
///
/// The file is eight bytes with the header's length (little-endian), the header as JSON padded with spaces to
/// a multiple of eight bytes, and the tensors' bytes one after another.
package struct SafetensorsHeader: Sendable {
    /// One tensor of the file.
    package struct Entry: Sendable {
        package let name: String
        package let info: TensorInfo
        /// Where its bytes start, counted from the end of the header.
        package let start: Int
    }

    /// The tensors in the order of their bytes.
    package private(set) var entries: [Entry]
    /// Free text by free keys, sorted by the keys' bytes.
    package private(set) var metadata: [MetadataEntry]

    /// The longest header that the official library reads.
    package static let lengthLimit = 100_000_000
    /// The header's member that is not a tensor.
    static let metadataName = "__metadata__"
    /// The bytes before the header.
    static let prefixLength = 8

    /// The header of a file with these tensors, in the official order: by element type, then by name.
    init(tensors: [(name: String, info: TensorInfo)], metadata: [String: String]) {
        let sorted = tensors.sorted {
            let (left, right) = ($0.info.fileOrder, $1.info.fileOrder)
            return left != right ? left < right : $0.name.precedesInFile($1.name)
        }
        var start = 0
        entries = sorted.map { name, info in
            defer { start += info.byteCount }
            return Entry(name: name, info: info, start: start)
        }
        self.metadata = metadata.map(MetadataEntry.init).sorted { $0.key.precedesInFile($1.key) }
    }

    /// The first bytes of the file: the length and the padded header.
    package func serialized() -> [UInt8] {
        var text = HeaderText()
        let members: [Entry?] = (metadata.isEmpty ? [] : [nil]) + entries
        text.object(members) { text, member in
            guard let entry = member else {
                text.string(Self.metadataName)
                text.append(":")
                text.object(metadata) { text, pair in
                    text.string(pair.key)
                    text.append(":")
                    text.string(pair.value)
                }
                return
            }
            let shape = entry.info.extents.map { String($0) }.joined(separator: ",")
            text.string(entry.name)
            text.append(":{\"dtype\":\"\(entry.info.dataTypeName)\",\"shape\":[\(shape)],")
            text.append("\"data_offsets\":[\(entry.start),\(entry.start + entry.info.byteCount)]}")
        }
        let padding = (8 - text.bytes.count % 8) % 8
        let header = text.bytes + Array(repeating: UInt8(ascii: " "), count: padding)
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    }
}

extension TensorInfo {
    /// The place of the type's tensors in a file: the official library sorts by its own list of types.
    fileprivate var fileOrder: Int { Self.inFileOrder.firstIndex { $0 == dataType } ?? 0 }

    private static let inFileOrder: [DataType] = [
        .uint64, .int64, .float64, .float32, .uint32, .int32, .bfloat16, .float16, .uint16, .int16, .int8,
        .uint8, .bool,
    ]
}

extension String {
    /// Order by bytes. Strings that Swift holds equal (é as one scalar or as two) are different names in a
    /// file.
    func precedesInFile(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
