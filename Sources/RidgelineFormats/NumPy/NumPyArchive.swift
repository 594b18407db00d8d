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
    private let file: any ByteFile
    private let directory: ZipDirectory
    /// The members that are arrays, in the order of the arrays' names.
    private let members: [UInt32]
    /// The arrays' headers, in the same order.
    private let headers: NumPyHeaders

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
        try ForeignFormat.refuse(file, expecting: .zip)
        let directory = try ZipDirectory(file)
        var members: [UInt32] = []
        for index in 0..<directory.count where directory.name(index).utf8.hasSuffix(Self.suffix) {
            members.append(UInt32(index))
        }
        if members.isEmpty { try ForeignFormat.refuse(directory, file) }
        directory.sort(&members, droppingLast: Self.suffix.utf8.count)
        var headers = NumPyHeaders()
        for index in members {
            let member = try directory.member(Int(index))
            headers.append(
                try NumPyHeader(ZipMemberBytes(member, of: file), name: Self.arrayName(member.name)))
        }
        (self.file, self.directory, self.members, self.headers) = (file, directory, members, headers)
    }

    private static func arrayName(_ member: String) -> String {
        String(decoding: member.utf8.dropLast(suffix.utf8.count), as: UTF8.self)
    }

    /// The path by which it was opened.
    public var path: String { file.path }

    /// The arrays' names without `.npy`, sorted by their bytes.
    public var names: [String] { members.indices.map(name) }

    private func name(_ index: Int) -> String { Self.arrayName(directory.name(Int(members[index]))) }

    private func index(_ name: String) -> Int? {
        directory.index(of: name + Self.suffix, in: members, droppingLast: Self.suffix.utf8.count)
    }

    private func array(_ name: String) throws -> NumPyArray {
        guard let index = index(name) else { throw missing(name) }
        let member = Int(members[index])
        return try NumPyArray(name: name, path: path, header: headers[index]) {
            [directory, file] in ZipMemberBytes(try directory.member(member), of: file)
        }
    }

    /// Nothing: the format has no room for it.
    public var metadata: [String: String] { [:] }

    /// What is said about an array; nil where there is none of that name.
    public func info(_ name: String) -> TensorInfo? { index(name).map { headers[$0].info } }

    /// The array of that name, its elements converted to `Scalar` where every value stays what it is.
    ///
    /// - Parameter rounding: Whether F64 may be read as `Float`, rounded to nearest.
    /// - Throws: `FormatError`, as every `TensorSource`.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> {
        try array(name).tensor(as: type, rounding: rounding)
    }

    /// The array's elements as they are in the archive, expanded.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        try array(name).stored()
    }

    /// The number of arrays.
    package var tensorCount: Int { members.count }

    /// An array in the order of names.
    package func listed(_ index: Int) -> (name: String, info: TensorInfo) {
        (name(index), headers[index].info)
    }
}

extension String.UTF8View {
    fileprivate func hasSuffix(_ suffix: String) -> Bool {
        self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}

extension NumPyArchive: CustomStringConvertible {
    /// The path and the number of arrays.
    public var description: String { "NumPyArchive(\(path), \(tensorCount) arrays)" }
}
