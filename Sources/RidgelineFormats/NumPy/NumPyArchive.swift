// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// NumPy arrays in an archive (`.npz`), each read when it is asked for.
///
/// ```swift
/// let archive = try NumPyArchive(contentsOf: "weights.npz")
/// let bias: Tensor<Float> = try archive.tensor("bias")
/// ```
///
/// The archive's directory and the arrays' headers are checked when it is opened. A member says how many bytes
/// it expands to: that is checked against what its compressed bytes can stand for and what its array needs
/// before memory is taken for it, and its checksum when it has been read. Files in the archive that are no
/// arrays are passed over.
public struct NumPyArchive: TensorSource, ElementSource {
    /// The path by which it was opened.
    public let path: String
    /// The arrays' names without `.npy`, sorted by their bytes.
    public let names: [String]
    private let arrays: [[UInt8]: NumPyArray]

    private static let suffix = ".npy"

    /// Opens an archive. Throws a `FormatError` where it is no zip archive or something in it is wrong.
    public init(contentsOf path: String) throws {
        try self.init(reading: OpenFile(path: path))
    }

    /// Reads bytes in memory like a file's; errors call them `path`.
    public init(bytes: [UInt8], path: String = "memory.npz") throws {
        try self.init(reading: MemoryBytes(path: path, bytes: bytes))
    }

    private init(reading file: any ByteFile) throws {
        path = file.path
        var arrays: [[UInt8]: NumPyArray] = [:]
        var names: [String] = []
        for member in try ZipDirectory(file).members where member.name.hasSuffix(Self.suffix) {
            let name = String(member.name.dropLast(Self.suffix.count))
            arrays[Array(name.utf8)] = try NumPyArray(name: name, path: file.path) {
                ZipMemberBytes(member, of: file)
            }
            names.append(name)
        }
        self.arrays = arrays
        self.names = names.sorted { $0.precedesInFile($1) }
    }

    /// Nothing: the format has no room for it.
    public var metadata: [String: String] { [:] }

    /// What is said about an array; nil where there is none of that name.
    public func info(_ name: String) -> TensorInfo? { arrays[Array(name.utf8)]?.header.info }

    /// The array of that name, its elements converted to `Scalar` where every value stays what it is.
    ///
    /// - Parameter rounding: Whether F64 may be read as `Float`, rounded to nearest.
    /// - Throws: `FormatError`, as every `TensorSource`.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> {
        guard let array = arrays[Array(name.utf8)] else { throw missing(name) }
        return try array.tensor(as: type, rounding: rounding)
    }

    /// The array's elements as they are in the archive, expanded.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard let array = arrays[Array(name.utf8)] else { throw missing(name) }
        return try array.stored()
    }
}
