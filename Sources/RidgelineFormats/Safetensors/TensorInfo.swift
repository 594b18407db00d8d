// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What a file's header says about one tensor.
public struct TensorInfo: Sendable, Hashable {
    /// The element type as the file calls it.
    public let dataTypeName: String
    /// The element type; nil for one that the engine cannot read (`F8_E4M3`, `C64`).
    public let dataType: DataType?
    /// The extents, outermost axis first.
    public let shape: Shape
    /// The bytes of all elements.
    public let byteCount: Int

    /// A description of elements of a type that the engine has.
    package init(dataType: DataType, shape: Shape, byteCount: Int) {
        dataTypeName = dataType.rawValue
        self.dataType = dataType
        self.shape = shape
        self.byteCount = byteCount
    }

    /// Checked for what a file may contain: nil where `Shape` would trap, or where the bytes are not as many
    /// as the shape needs. Elements of an unknown type may have any size.
    package init?(dataTypeName: String, dataType: DataType?, extents: [Int], byteCount: Int) {
        guard extents.count <= InlineIntegers.capacity else { return nil }
        guard extents.allSatisfy({ $0 >= 0 }),
            let needed = storedByteCount(of: extents, elementSize: dataType?.byteCount ?? 1),
            dataType == nil || byteCount == needed
        else { return nil }
        self.dataTypeName = dataTypeName
        self.dataType = dataType
        shape = Shape(extents)
        self.byteCount = byteCount
    }

    /// Whether the elements can be asked for as that type: always, or where their values fit.
    public func isReadable(as target: DataType, rounding: Bool = false) -> Bool {
        dataType.flatMap { ElementConversion(from: $0, to: target, rounding: rounding) } != nil
    }
}
