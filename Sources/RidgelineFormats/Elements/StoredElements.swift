// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The elements of one tensor as a file has them, and the way from there into a `Tensor`.
///
/// Where type and byte order are the tensor's own, bytes are read straight into its memory; else through a
/// buffer of bounded size. Pieces are read and converted on all threads where the source permits.
package struct StoredElements: Sendable {
    /// The file and the tensor, for errors.
    package let path: String
    package let name: String
    /// The type of the stored elements.
    package let dataType: DataType
    /// Whether their bytes are in the other order than this host's.
    package let isByteSwapped: Bool

    /// Elements of a tensor named `name` in the file at `path`.
    package init(path: String, name: String, dataType: DataType, isByteSwapped: Bool = false) {
        self.path = path
        self.name = name
        self.dataType = dataType
        self.isByteSwapped = isByteSwapped
    }

    /// Small enough for a core's own cache with what it is converted to.
    private static let bufferByteCount = 256 << 10
    /// Large enough that the calls to the system do not count.
    private static let directByteCount = 4 << 20

    /// The tensor of this shape, whose bytes the caller has checked to be there: nothing is allocated for more
    /// than the file has.
    ///
    /// - Parameter rounding: Whether F64 may become F32, rounded to nearest.
    /// - Throws: `FormatError`: `wrongDataType`, `unrepresentable`, `invalidTruthValue`, `outOfMemory`, and
    ///   whatever the source throws. Of several errors the one of the first element.
    package func tensor<Scalar: TensorScalar>(
        shape: Shape, as type: Scalar.Type, rounding: Bool = false, from source: some ByteSource
    ) throws -> Tensor<Scalar> {
        guard let conversion = conversion(to: type, rounding: rounding) else {
            throw FormatError.wrongDataType(
                path: path, name: name, found: dataType, expected: Scalar.dataType)
        }
        var tensor = try uninitialized(shape, as: type)
        let size = dataType.byteCount
        let isDirect = if case .none = conversion { true } else { false }
        let pieceLength = (isDirect ? Self.directByteCount : Self.bufferByteCount) / size
        let count = shape.elementCount
        try tensor.fill { target in
            try forEachPiece(of: count, length: pieceLength, inOrder: !source.isRandomAccess) { piece in
                let target = target + piece.lowerBound
                if isDirect {
                    try load(piece, from: source, into: .init(start: target, count: piece.count * size))
                    return
                }
                let buffer = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: piece.count * size, alignment: 64)
                defer { buffer.deallocate() }
                try load(piece, from: source, into: buffer)
                try convert(UnsafeRawBufferPointer(buffer), by: conversion, to: target, from: piece)
            }
        }
        try source.finish()
        return tensor
    }

    /// Reads elements as this host has them, and checks what is no value of their type.
    func load(
        _ piece: Range<Int>, from source: some ByteSource, into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        let size = dataType.byteCount
        try source.read(into: buffer, at: piece.lowerBound * size)
        if isByteSwapped { swapBytes(buffer, elementSize: size) }
        try checkTruthValues(buffer, from: piece.lowerBound)
    }

    private func conversion<Scalar: TensorScalar>(
        to type: Scalar.Type, rounding: Bool
    ) -> ElementConversion? {
        ElementConversion(from: dataType, to: Scalar.dataType, rounding: rounding)
    }

    /// Memory for the elements, or an error where the system has none: a sparse file promises what it likes.
    private func uninitialized<Scalar: TensorScalar>(
        _ shape: Shape, as type: Scalar.Type
    ) throws -> Tensor<Scalar> {
        let stride = MemoryLayout<Scalar>.stride
        let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: stride)
        guard !overflow, let storage = Storage(ifAvailable: bytes) else {
            throw FormatError.outOfMemory(path: path, tensor: name, byteCount: overflow ? .max : bytes)
        }
        return Tensor(storage: storage, layout: Layout(contiguous: shape))
    }

    private func convert<Scalar: TensorScalar>(
        _ source: UnsafeRawBufferPointer, by conversion: ElementConversion,
        to target: UnsafeMutablePointer<Scalar>, from piece: Range<Int>
    ) throws {
        guard let base = source.baseAddress, let numeric = Scalar.self as? any NumericScalar.Type else {
            return
        }
        func run<Number: NumericScalar>(_: Number.Type) -> (element: Int, value: String)? {
            let target = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Number.self)
            return conversion.convert(base, of: dataType, to: target, piece.count)
        }
        guard let misfit = run(numeric) else { return }
        throw FormatError.unrepresentable(
            path: path, tensor: name, element: piece.lowerBound + misfit.element, value: misfit.value,
            dataType: Scalar.dataType)
    }

    /// A `Bool` of another bit pattern than those of false and true would be undefined behaviour.
    private func checkTruthValues(_ bytes: UnsafeMutableRawBufferPointer, from first: Int) throws {
        guard dataType == .bool else { return }
        guard let element = bytes.firstIndex(where: { $0 > 1 }) else { return }
        throw FormatError.invalidTruthValue(
            path: path, tensor: name, element: first + element, byte: bytes[element])
    }
}
