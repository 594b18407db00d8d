// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Collects tensors and writes them to a safetensors file, byte for byte as the official library would.
///
/// (Of several entries in the metadata the official library keeps no fixed order; here they are sorted.)
///
/// ```swift
/// var writer = SafetensorsWriter()
/// try writer.add(weight, named: "head.weight")
/// try writer.write(to: "model.safetensors")
/// ```
public struct SafetensorsWriter: Sendable {
    /// Free text to be stored beside the tensors.
    public var metadata: [String: String]
    private var tensors: [[UInt8]: Pending] = [:]

    private struct Pending: Sendable {
        let name: String
        let info: TensorInfo
        let append: @Sendable (AtomicFile) throws -> Void
    }

    /// A writer without tensors.
    public init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// Adds a tensor. It is not copied, and later changes to the caller's do not matter. Throws a
    /// `FormatError` on a name that is empty, reserved or given twice.
    public mutating func add<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, named name: String) throws {
        if name.isEmpty { throw FormatError.invalidName(name: name, reason: "it is empty") }
        if name == SafetensorsHeader.metadataName {
            throw FormatError.invalidName(name: name, reason: "the format keeps it for the metadata")
        }
        let key = Array(name.utf8)
        if tensors[key] != nil { throw FormatError.duplicateName(path: nil, name: name) }
        let constant = tensor.detached
        let byteCount = constant.elementCount * Scalar.dataType.byteCount
        let info = TensorInfo(dataType: Scalar.dataType, shape: constant.shape, byteCount: byteCount)
        tensors[key] = Pending(name: name, info: info) { file in
            try constant.withUnsafeBufferPointer { try file.append(UnsafeRawBufferPointer($0)) }
        }
    }

    /// Writes the file whole or not at all: on any error, a `FormatError`, what was at the path before is as
    /// it was.
    public func write(to path: String) throws {
        let header = SafetensorsHeader(
            tensors: tensors.values.map { ($0.name, $0.info) }, metadata: metadata)
        let head = header.serialized()
        let length = head.count - SafetensorsHeader.prefixLength
        guard length <= SafetensorsHeader.lengthLimit else {
            throw FormatError.headerTooLarge(
                path: path, byteCount: UInt64(length), limit: UInt64(SafetensorsHeader.lengthLimit))
        }
        try AtomicFile.write(to: path) { file in
            try head.withUnsafeBytes { try file.append($0) }
            for entry in header.entries { try tensors[Array(entry.name.utf8)]?.append(file) }
        }
    }
}
