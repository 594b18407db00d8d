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
    /// How tensors come into memory.
    public let access: FileAccess
    private let file: any FileOpening
    private let directory: SafetensorsDirectory
    /// Where the first tensor's bytes start in the file.
    private let dataStart: Int

    /// Opens and checks a file. Throws a `FormatError` where it is not a safetensors file. Tensors of types that
    /// the engine lacks are listed, and refused only when they are asked for.
    public init(contentsOf path: String, access: FileAccess = .read) throws {
        try self.init(reading: OpenFile(path: path), access: access)
    }

    /// Reads a file that is open for as long as this value lives, or is opened each time.
    init(reading opening: any FileOpening, access: FileAccess) throws {
        self.access = access
        file = opening
        let file = try opening.opened()
        let path = file.path
        let prefix = SafetensorsHeader.prefixLength
        var length: UInt64 = 0
        guard file.byteCount >= prefix else {
            throw FormatError.truncated(path: path, expected: UInt64(prefix), found: UInt64(file.byteCount))
        }
        try withUnsafeMutableBytes(of: &length) { try file.read(into: $0, at: 0) }
        guard length <= SafetensorsHeader.lengthLimit else {
            try ForeignFormat.refuse(file)
            throw FormatError.headerTooLarge(
                path: path, byteCount: length, limit: UInt64(SafetensorsHeader.lengthLimit))
        }
        dataStart = prefix + Int(length)
        guard dataStart <= file.byteCount else {
            // The first bytes of a zip archive may be a length within the limit.
            try ForeignFormat.refuse(file)
            throw FormatError.truncated(
                path: path, expected: UInt64(dataStart), found: UInt64(file.byteCount))
        }
        directory = try SafetensorsDirectory(
            parsing: try file.bytes(prefix..<dataStart), path: path, dataByteCount: file.byteCount - dataStart
        )
    }

    /// The path the file was opened by.
    public var path: String { file.path }

    /// The tensors' names, sorted by their bytes.
    public var names: [String] { (0..<directory.count).map(directory.name) }

    /// The metadata sorted by the keys' bytes, which are all different.
    public var metadataEntries: [MetadataEntry] {
        (0..<metadataCount).map { index in
            let (key, text) = metadataEntry(index)
            return MetadataEntry(key: key, value: text.joined())
        }
    }

    /// Free text that was stored beside the tensors. Of keys that Swift holds equal (é as one scalar or as
    /// two) the first by bytes; `metadataEntries` has all.
    public var metadata: [String: String] {
        Dictionary(metadataEntries.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// What the file says about a tensor; nil where it has none of that name. Names are compared byte by
    /// byte.
    public func info(_ name: String) -> TensorInfo? {
        directory.index(of: name).map { directory.entry($0).info }
    }

    /// Whether there is a tensor of that name.
    func has(_ name: String) -> Bool { directory.index(of: name) != nil }

    /// The number of tensors.
    package var tensorCount: Int { directory.count }

    /// A tensor in the order of names.
    package func listed(_ index: Int) -> (name: String, info: TensorInfo) {
        (directory.name(index), directory.entry(index).info)
    }

    /// The number of the metadata's entries.
    package var metadataCount: Int { directory.metadataCount }

    /// An entry of the metadata, in the order of the keys' bytes.
    package func metadataEntry(_ index: Int) -> (key: String, text: TextPieces) {
        directory.metadataEntry(index)
    }

    /// The tensor of that name, read or mapped, its elements converted where that keeps every value; see
    /// `TensorSource`.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> {
        guard let index = directory.index(of: name) else { throw missing(name) }
        let (info, start) = directory.entry(index)
        let shape = try info.requireShape(path, name)
        if let tensor = try mapped(info, shape, dataStart + start, as: type) { return tensor }
        let (elements, bytes) = try stored(name)
        return try elements.tensor(shape: shape, as: type, rounding: rounding, from: bytes)
    }

    /// The tensor's elements as they are in the file.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard let index = directory.index(of: name) else { throw missing(name) }
        let (info, start) = directory.entry(index)
        guard let dataType = info.dataType else {
            throw FormatError.unsupportedDataType(path: path, tensor: name, dataType: info.dataTypeName)
        }
        return (
            StoredElements(path: path, name: name, dataType: dataType),
            FileSection(try file.opened(), from: dataStart + start)
        )
    }

    /// The tensor as a mapping of its bytes, where they are its elements as they stand.
    private func mapped<Scalar: TensorScalar>(
        _ info: TensorInfo, _ shape: Shape, _ start: Int, as type: Scalar.Type
    ) throws -> Tensor<Scalar>? {
        guard access == .mapped, info.dataType == Scalar.dataType, Scalar.dataType != .bool,
            start % MemoryLayout<Scalar>.alignment == 0,
            let storage = try file.opened().mapping(start..<start + info.byteCount)
        else { return nil }
        return Tensor(storage: storage, layout: Layout(contiguous: shape))
    }
}

extension SafetensorsFile: CustomStringConvertible {
    /// The path and the number of tensors.
    public var description: String { "SafetensorsFile(\(path), \(tensorCount) tensors)" }
}
