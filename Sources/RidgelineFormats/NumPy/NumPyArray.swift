// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// An array wherever it lies: in a file of its own or in an archive.
struct NumPyArray: Sendable {
    let name: String
    let path: String
    let header: NumPyHeader
    /// The array's bytes from the first one on, each time anew.
    private let open: @Sendable () throws -> any ByteStream

    /// An array with this header; without one it is read.
    init(
        name: String, path: String, header: NumPyHeader? = nil,
        open: @escaping @Sendable () throws -> any ByteStream
    ) throws {
        self.name = name
        self.path = path
        self.open = open
        self.header = try header ?? NumPyHeader(open(), name: name)
    }

    /// The elements as they are in the file, in the file's order.
    func stored() throws -> (elements: StoredElements, bytes: StreamedElements) {
        guard let dataType = header.info.dataType else {
            throw FormatError.unsupportedDataType(
                path: path, tensor: name, dataType: header.info.dataTypeName)
        }
        let stream = try open()
        // The file may have changed since it was opened: what counts is what is allocated for.
        let header = try NumPyHeader(stream, name: name)
        guard header == self.header else {
            throw FormatError.cannotRead(path: path, reason: "its header has changed since it was opened")
        }
        return (
            StoredElements(path: path, name: name, dataType: dataType, isByteSwapped: header.isSwapped),
            StreamedElements(stream: stream)
        )
    }

    func tensor<Scalar: TensorScalar>(as type: Scalar.Type, rounding: Bool) throws -> Tensor<Scalar> {
        let shape = try header.info.requireShape(path, name)
        let (elements, bytes) = try stored()
        guard header.isFortranOrdered else {
            return try elements.tensor(shape: shape, as: type, rounding: rounding, from: bytes)
        }
        let reversed = try elements.tensor(
            shape: Shape(shape.reversed()), as: type, rounding: rounding, from: bytes)
        return reversed.axesReversed.contiguous()
    }
}

extension Tensor {
    /// A view with the last axis first.
    var axesReversed: Tensor { detached.permuted((0..<rank).reversed()) }
}
