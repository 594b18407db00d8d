// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A NumPy array in a file (`.npy`), read when it is asked for.
///
/// ```swift
/// let x: Tensor<Float> = try NumPyFile(contentsOf: "x.npy").tensor()
/// try NumPyFile.write(x, to: "y.npy")
/// ```
///
/// Format versions 1 to 3, either byte order and either order of axes are read. An array of another type than
/// numbers and truth values (structures, strings, dates, complex numbers, pickled objects) can be looked at with
/// `info`, and throws `unsupportedDataType` where its elements are asked for; no pickle is ever unpacked.
public struct NumPyFile: SingleTensorSource, ElementSource {
    private let array: NumPyArray

    /// Opens a file and reads its header. Throws a `FormatError` where it is no .npy file or its size does not
    /// fit its header.
    public init(contentsOf path: String) throws {
        try self.init(reading: OpenFile(path: path))
    }

    /// Reads bytes in memory like a file's; errors call them `path`.
    public init(bytes: [UInt8], path: String = "memory.npy") throws {
        try self.init(reading: MemoryBytes(path: path, bytes: bytes))
    }

    private init(reading file: any ByteFile) throws {
        try ForeignFormat.refuse(file, expecting: .npy)
        array = try NumPyArray(name: tensorName(ofFile: file.path), path: file.path) { PlainBytes(file) }
    }

    /// The path by which it was opened.
    public var path: String { array.path }

    /// The element type and the shape.
    public var info: TensorInfo { array.header.info }

    /// Whether the first axis is the one whose elements lie next to each other in the file. A tensor that is
    /// read is row-major either way.
    public var isFortranOrdered: Bool { array.header.isFortranOrdered }

    /// The array, its elements converted to `Scalar` where every value stays what it is.
    ///
    /// - Parameter rounding: Whether F64 may be read as `Float`, rounded to nearest.
    /// - Throws: `FormatError`, as `tensor(_:as:rounding:)`.
    public func tensor<Scalar: TensorScalar>(as type: Scalar.Type, rounding: Bool) throws -> Tensor<Scalar> {
        try array.tensor(as: type, rounding: rounding)
    }

    /// The array's elements as they are in the file, in the file's order.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard info(name) != nil else { throw missing(name) }
        return try array.stored()
    }

    /// Writes a tensor, whole or not at all and byte for byte as NumPy would save it; `fortranOrder` is how it
    /// saves arrays whose first axis is the one without gaps.
    public static func write<Scalar: TensorScalar>(
        _ tensor: Tensor<Scalar>, to path: String, fortranOrder: Bool = false
    ) throws {
        let content = NumPyContent(tensor, fortranOrder: fortranOrder)
        try AtomicFile.write(to: path) { file in try content.forEachPart(file.append) }
    }
}
