// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A tensor as the bytes of an .npy file: header and elements.
struct NumPyContent: Sendable {
    private let header: [UInt8]
    private let forElements: @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

    init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, fortranOrder: Bool) {
        // NumPy calls an array Fortran-ordered only where it is not row-major as well.
        let isReversed =
            fortranOrder && tensor.elementCount > 0 && tensor.shape.count(where: { $0 > 1 }) > 1
        let elements = isReversed ? tensor.axesReversed : tensor.detached
        header = NumPyHeader.serialized(
            dataTypeName: NumPyDataType.name(of: Scalar.dataType), shape: tensor.shape,
            isFortranOrdered: isReversed)
        forElements = { append in
            try elements.withUnsafeBufferPointer { try append(UnsafeRawBufferPointer($0)) }
        }
    }

    /// Hands the bytes on, in order.
    func forEachPart(_ append: (UnsafeRawBufferPointer) throws -> Void) throws {
        try header.withUnsafeBytes(append)
        try forElements(append)
    }
}
