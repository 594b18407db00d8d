// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A tensor's entry as it stands in the header: three members, in any order, among others that say nothing here.
struct RawEntry {
    let start: Int
    let end: Int
    private let dataTypeName: String
    private let extents: [Int]

    /// Reads the entry; its name starts at `place`.
    init(_ scanner: inout HeaderScanner, named place: Int) throws {
        var dataTypeName: String?
        var extents: [Int]?
        var offsets: [Int]?
        try scanner.object { field, scanner in
            switch field {
            case "dtype" where dataTypeName == nil: dataTypeName = try scanner.string()
            case "shape" where extents == nil:
                extents = try scanner.integers(limit: TensorInfo.axisLimit)
                if extents == nil {
                    throw FormatError.tooManyAxes(
                        path: scanner.path, tensor: scanner.text(from: place), limit: TensorInfo.axisLimit)
                }
            case "data_offsets" where offsets == nil:
                offsets = try scanner.integers(limit: 2)
                if offsets?.count != 2 { throw scanner.malformed("expected two data_offsets") }
            case "dtype", "shape", "data_offsets": throw scanner.malformed("a second \(field) of one tensor")
            default: try scanner.skipValue()
            }
        }
        guard let dataTypeName, let extents, let offsets else {
            throw scanner.malformed("the tensor that ends here lacks its dtype, shape or data_offsets")
        }
        self.dataTypeName = dataTypeName
        self.extents = extents
        (start, end) = (offsets[0], offsets[1])
    }

    /// Orders entries by the place of their bytes; of those that start at the same one, the empty ones come first.
    var fileOrder: UInt64 { UInt64(start) << 1 | (end > start ? 1 : 0) }

    /// What the entry says, checked. The offsets are in order already.
    func info(_ path: String, _ name: @autoclosure () -> String) throws -> TensorInfo {
        let dataType = DataType(rawValue: dataTypeName)
        guard
            let info = TensorInfo(
                dataTypeName: dataTypeName, dataType: dataType, extents: extents, byteCount: end - start)
        else {
            throw FormatError.shapeMismatch(
                path: path, tensor: name(), shape: extents, dataTypeName: dataTypeName, byteCount: end - start
            )
        }
        return info
    }
}
