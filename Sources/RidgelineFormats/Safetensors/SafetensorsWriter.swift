// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Collects tensors and writes them to a safetensors file, byte for byte as the official library would.
///
/// (Of several entries in the metadata the official library keeps no fixed order; here they are sorted.)
///
/// ```swift
/// var writer = SafetensorsWriter()
/// try writer.add(weight, named: "head.weight")
/// try writer.add(table, named: "table", as: .bfloat16)
/// try writer.write(to: "model.safetensors")
/// ```
public struct SafetensorsWriter: Sendable {
    /// Free text to be stored beside the tensors.
    public var metadata: [String: String]
    /// In the order of their adding.
    private(set) var tensors: [Pending] = []
    private var names: Set<[UInt8]> = []

    /// A tensor that waits to be written.
    struct Pending: Sendable {
        let name: String
        let info: TensorInfo
        let append: @Sendable (AtomicFile) throws -> Void
    }

    /// A writer without tensors.
    public init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// Adds a tensor. It is not copied, and later changes to the caller's do not matter. Throws a
    /// `FormatError` on a name that is empty, reserved, longer than 64 KiB or given twice.
    public mutating func add<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, named name: String) throws {
        let constant = tensor.detached
        try add(name, Scalar.dataType, constant.shape) { file in
            try constant.withUnsafeBufferPointer { try file.append(UnsafeRawBufferPointer($0)) }
        }
    }

    /// Adds a tensor whose elements are rounded to nearest, ties to even, when they are written; what is too
    /// large becomes infinite. Throws as for a tensor that is written as it is.
    public mutating func add<Scalar: FloatingScalar>(
        _ tensor: Tensor<Scalar>, named name: String, as precision: ReducedPrecision
    ) throws {
        let constant = tensor.detached
        try add(name, precision.dataType, constant.shape) { file in
            try constant.withUnsafeBufferPointer { try precision.forEachRounded($0) { try file.append($0) } }
        }
    }

    private mutating func add(
        _ name: String, _ dataType: DataType, _ shape: Shape,
        _ append: @escaping @Sendable (AtomicFile) throws -> Void
    ) throws {
        if name.isEmpty { throw FormatError.invalidName(name: name, reason: "it is empty") }
        if name == SafetensorsHeader.metadataName {
            throw FormatError.invalidName(name: name, reason: "the format keeps it for the metadata")
        }
        try Self.checkLength(name)
        guard names.insert(Array(name.utf8)).inserted else {
            throw FormatError.duplicateName(path: nil, name: name)
        }
        let byteCount = shape.elementCount * dataType.byteCount
        let info = TensorInfo(dataType: dataType, shape: shape, byteCount: byteCount)
        tensors.append(Pending(name: name, info: info, append: append))
    }

    /// What would be refused when it is read is not written.
    private static func checkLength(_ name: String) throws {
        var text = HeaderText()
        text.string(name)
        if text.bytes.count > HeaderScanner.nameLimit {
            throw FormatError.invalidName(
                name: String(name.prefix(40)) + "…",
                reason: "it needs more than \(HeaderScanner.nameLimit) bytes")
        }
    }

    /// Writes the file whole or not at all: on any error, a `FormatError`, what was at the path before is as
    /// it was.
    public func write(to path: String) throws { try prepare(tensors, for: path).commit() }

    /// A file with some of the tensors, not in its place yet.
    func prepare(_ tensors: [Pending], for path: String) throws -> AtomicFile.Prepared {
        for key in metadata.keys { try Self.checkLength(key) }
        let header = SafetensorsHeader(tensors: tensors.map { ($0.name, $0.info) }, metadata: metadata)
        let head = header.serialized()
        let length = head.count - SafetensorsHeader.prefixLength
        guard length <= SafetensorsHeader.lengthLimit else {
            throw FormatError.headerTooLarge(
                path: path, byteCount: UInt64(length), limit: UInt64(SafetensorsHeader.lengthLimit))
        }
        let byName = Dictionary(uniqueKeysWithValues: tensors.map { (Array($0.name.utf8), $0) })
        let byteCount = tensors.reduce(head.count) { $0 + $1.info.byteCount }
        return try AtomicFile.prepare(for: path, expecting: byteCount) { file in
            try head.withUnsafeBytes { try file.append($0) }
            for entry in header.entries { try byName[Array(entry.name.utf8)]?.append(file) }
        }
    }
}
