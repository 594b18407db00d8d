// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A tensor in an IDX file, the format of the MNIST digits, plain or compressed by gzip; its content tells which.
///
/// ```swift
/// let images: Tensor<UInt8> = try IDXFile(contentsOf: "train-images.idx3-ubyte.gz").tensor()
/// let labels: Tensor<Int32> = try IDXFile(contentsOf: "train-labels.idx1-ubyte.gz").tensor()
/// ```
public struct IDXFile: SingleTensorSource, ElementSource {
    /// Whether the file is compressed.
    public let isCompressed: Bool
    private let file: any ByteFile
    private let header: IDXHeader

    /// Opens a file and reads its header. Throws a `FormatError` where it is no IDX file or its size cannot be
    /// right for its header.
    public init(contentsOf path: String) throws {
        try self.init(reading: OpenFile(path: path))
    }

    /// Reads bytes in memory like a file's; errors call them `path`.
    public init(bytes: [UInt8], path: String = "memory.idx") throws {
        try self.init(reading: MemoryBytes(path: path, bytes: bytes))
    }

    private init(reading file: any ByteFile) throws {
        try ForeignFormat.refuse(file)
        self.file = file
        isCompressed = try file.bytes(0..<min(2, file.byteCount)) == [0x1F, 0x8B]
        header = try IDXHeader(
            Self.stream(file, isCompressed), name: tensorName(ofFile: file.path))
    }

    /// The path by which it was opened.
    public var path: String { file.path }

    /// The element type and the shape.
    public var info: TensorInfo { header.info }

    /// The tensor, its elements converted to `Scalar` where every value stays what it is.
    ///
    /// - Parameter rounding: Whether F64 may be read as `Float`, rounded to nearest.
    /// - Throws: `FormatError`, as `tensor(_:as:rounding:)`.
    public func tensor<Scalar: TensorScalar>(as type: Scalar.Type, rounding: Bool) throws -> Tensor<Scalar> {
        let shape = try info.requireShape(path, name)
        let (elements, bytes) = try stored()
        return try elements.tensor(shape: shape, as: type, rounding: rounding, from: bytes)
    }

    /// The tensor's elements as they are in the file, expanded.
    package func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource) {
        guard info(name) != nil else { throw missing(name) }
        return try stored()
    }

    private func stored() throws -> (elements: StoredElements, bytes: StreamedElements) {
        let stream = Self.stream(file, isCompressed)
        guard try IDXHeader(stream, name: name) == header, let dataType = info.dataType else {
            throw FormatError.cannotRead(path: path, reason: "its header has changed since it was opened")
        }
        let isLittleEndianHost = 1.littleEndian == 1
        let elements = StoredElements(
            path: path, name: name, dataType: dataType,
            isByteSwapped: isLittleEndianHost && dataType.byteCount > 1)
        return (elements, StreamedElements(stream: stream))
    }

    private static func stream(_ file: any ByteFile, _ isCompressed: Bool) -> any ByteStream {
        isCompressed ? InflatedBytes(file, 0..<file.byteCount, wrapper: .gzip) : PlainBytes(file)
    }
}

extension IDXFile {
    /// Writes a tensor, whole or not at all; `compressed` by gzip, without a time or a name in it.
    public static func write<Scalar: IDXScalar>(
        _ tensor: Tensor<Scalar>, to path: String, compressed: Bool = false
    ) throws {
        guard let header = IDXHeader.serialized(dataType: Scalar.dataType, shape: tensor.shape) else {
            throw FormatError.cannotWrite(
                path: path, reason: "the extents of \(tensor.shape) do not all fit in 32 bits")
        }
        try AtomicFile.write(to: path) { file in
            let deflater = compressed ? Deflater(wrapper: .gzip, sink: file.append) : nil
            let append = deflater?.append ?? file.append
            try header.withUnsafeBytes(append)
            try appendBigEndian(tensor, append)
            try deflater?.finish()
        }
    }

    private static func appendBigEndian<Scalar: IDXScalar>(
        _ tensor: Tensor<Scalar>, _ append: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try tensor.withUnsafeBufferPointer { elements in
            let bytes = UnsafeRawBufferPointer(elements)
            let size = MemoryLayout<Scalar>.size
            guard size > 1, 1.littleEndian == 1 else { return try append(bytes) }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
            defer { buffer.deallocate() }
            for start in stride(from: 0, to: bytes.count, by: buffer.count) {
                let count = min(buffer.count, bytes.count - start)
                let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
                piece.copyMemory(from: .init(rebasing: bytes[start..<start + count]))
                swapBytes(piece, elementSize: size)
                try append(.init(piece))
            }
        }
    }
}
