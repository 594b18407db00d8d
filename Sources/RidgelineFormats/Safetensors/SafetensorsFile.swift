// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

#if _endian(big)
    #error("safetensors files are little-endian; this host is not")
#endif

/// A safetensors file open for reading.
///
/// Opening it checks everything the header says against itself and against the file's size; the tensors'
/// elements are read when they are asked for, straight into their place. The file stays open, and stays the
/// one that was opened, as long as any copy of this value lives.
///
/// ```swift
/// let file = try SafetensorsFile(contentsOf: "model.safetensors")
/// let weight = try file.tensor("head.weight", as: Float.self)
/// ```
public struct SafetensorsFile: TensorSource, ElementSource {
    /// Free text that was stored beside the tensors. Of keys that Swift holds equal (é as one scalar or as
    /// two) the first by bytes; `metadataEntries` has all.
    public let metadata: [String: String]
    /// The metadata sorted by the keys' bytes, which are all different.
    public let metadataEntries: [MetadataEntry]
    /// How tensors come into memory.
    public let access: FileAccess
    private let file: OpenFile
    /// By name.
    private let entries: [SafetensorsHeader.Entry]
    /// Where the first tensor's bytes start in the file.
    private let dataStart: Int

    /// Opens and checks a file. Throws a `FormatError` where it is not a safetensors file. Tensors of types that
    /// the engine lacks are listed, and refused only when they are asked for.
    public init(contentsOf path: String, access: FileAccess = .read) throws {
        self.access = access
        file = try OpenFile(path: path)
        let prefix = SafetensorsHeader.prefixLength
        var length: UInt64 = 0
        guard file.byteCount >= prefix else {
            throw FormatError.truncated(path: path, expected: UInt64(prefix), found: UInt64(file.byteCount))
        }
        let file = file
        try withUnsafeMutableBytes(of: &length) { try file.read(into: $0, at: 0) }
        guard length <= SafetensorsHeader.lengthLimit else {
            throw FormatError.headerTooLarge(
                path: path, byteCount: length, limit: UInt64(SafetensorsHeader.lengthLimit))
        }
        dataStart = prefix + Int(length)
        guard dataStart <= file.byteCount else {
            throw FormatError.truncated(
                path: path, expected: UInt64(dataStart), found: UInt64(file.byteCount))
        }
        let header = try SafetensorsHeader(
            parsing: try file.bytes(prefix..<dataStart), path: path, dataByteCount: file.byteCount - dataStart
        )
        metadataEntries = header.metadata
        metadata = Dictionary(header.metadata.map { ($0.key, $0.value) }) { first, _ in first }
        entries = header.entries.sorted { $0.name.precedesInFile($1.name) }
    }

    /// The path the file was opened by.
    public var path: String { file.path }

    /// The tensors' names, sorted by their bytes.
    public var names: [String] { entries.map(\.name) }

    /// What the file says about a tensor; nil where it has none of that name. Names are compared byte by
    /// byte.
    public func info(_ name: String) -> TensorInfo? { entry(name)?.info }

    /// The tensor of that name, read or mapped, its elements converted where that keeps every value; see
    /// `TensorSource`.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> {
        guard let entry = entry(name) else { throw missing(name) }
        if let tensor = mapped(entry, as: type) { return tensor }
        let (elements, bytes) = try stored(name)
        return try elements.tensor(shape: entry.info.shape, as: type, rounding: rounding, from: bytes)
    }

    /// The tensor's elements as they are in the file.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard let entry = entry(name) else { throw missing(name) }
        guard let dataType = entry.info.dataType else {
            throw FormatError.unsupportedDataType(
                path: path, tensor: name, dataType: entry.info.dataTypeName)
        }
        return (
            StoredElements(path: path, name: name, dataType: dataType),
            FileSection(file, from: dataStart + entry.start)
        )
    }

    /// The tensor as a mapping of its bytes, where they are its elements as they stand.
    private func mapped<Scalar: TensorScalar>(
        _ entry: SafetensorsHeader.Entry, as type: Scalar.Type
    ) -> Tensor<Scalar>? {
        let start = dataStart + entry.start
        guard access == .mapped, entry.info.dataType == Scalar.dataType, Scalar.dataType != .bool,
            start % MemoryLayout<Scalar>.alignment == 0,
            let storage = file.mapping(start..<start + entry.info.byteCount)
        else { return nil }
        return Tensor(storage: storage, layout: Layout(contiguous: entry.info.shape))
    }

    private func entry(_ name: String) -> SafetensorsHeader.Entry? {
        var range = entries.startIndex..<entries.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let candidate = entries[middle]
            if candidate.name.precedesInFile(name) {
                range = middle + 1..<range.upperBound
            } else if name.precedesInFile(candidate.name) {
                range = range.lowerBound..<middle
            } else {
                return candidate
            }
        }
        return nil
    }
}
