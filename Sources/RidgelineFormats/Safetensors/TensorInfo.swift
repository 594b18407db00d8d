// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What a file's header says about one tensor.
public struct TensorInfo: Sendable, Hashable {
    /// The element type as the file calls it.
    public let dataTypeName: String
    /// The element type; nil for one that the engine cannot read (`F8_E4M3`, `C64`).
    public let dataType: DataType?
    /// The extents, outermost axis first, of as many axes as the file says.
    public let extents: [Int]
    /// The bytes of all elements.
    public let byteCount: Int

    /// The extents as a tensor has them; nil for more than eight axes, which no tensor has.
    public var shape: Shape? { extents.count <= InlineIntegers.capacity ? Shape(extents) : nil }

    /// The number of elements: the product of the extents, 1 for `[]`.
    public var elementCount: Int { extents.contains(0) ? 0 : extents.reduce(1, *) }

    /// A description of elements of a type that the engine has.
    package init(dataType: DataType, shape: Shape, byteCount: Int) {
        dataTypeName = dataType.rawValue
        self.dataType = dataType
        extents = Array(shape)
        self.byteCount = byteCount
    }

    /// Checked for what a file may contain: nil where the number of elements overflows, or where the bytes are not as
    /// many as the shape needs. Elements of an unknown type may have any size.
    package init?(dataTypeName: String, dataType: DataType?, extents: [Int], byteCount: Int) {
        guard extents.allSatisfy({ $0 >= 0 }),
            let needed = storedByteCount(of: extents, elementSize: dataType?.byteCount ?? 1),
            dataType == nil || byteCount == needed
        else { return nil }
        self.dataTypeName = dataTypeName
        self.dataType = dataType
        self.extents = extents
        self.byteCount = byteCount
    }

    /// The shape; throws where a tensor cannot have it.
    func requireShape(_ path: String, _ name: String) throws -> Shape {
        guard let shape else {
            throw FormatError.tooManyAxes(path: path, tensor: name, limit: InlineIntegers.capacity)
        }
        return shape
    }

    /// The most axes that are read of: as many as an array of NumPy or PyTorch can have.
    static let axisLimit = 64

    /// Whether the elements can be asked for as that type: always, or where their values fit. None can where the tensor
    /// has too many axes.
    public func isReadable(as target: DataType, rounding: Bool = false) -> Bool {
        guard extents.count <= InlineIntegers.capacity else { return false }
        return dataType.flatMap { ElementConversion(from: $0, to: target, rounding: rounding) } != nil
    }
}
