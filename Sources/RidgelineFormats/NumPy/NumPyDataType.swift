// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// An element type with its byte order, as NumPy writes it: `<f4`, `>i2`, `|b1`.
struct NumPyDataType: Equatable {
    let dataType: DataType
    /// Whether the bytes of an element lie in the other order than this machine's.
    let isSwapped: Bool

    private static let names: [(name: String, dataType: DataType)] = [
        ("f2", .float16), ("f4", .float32), ("f8", .float64), ("b1", .bool), ("i1", .int8), ("i2", .int16),
        ("i4", .int32), ("i8", .int64), ("u1", .uint8), ("u2", .uint16), ("u4", .uint32), ("u8", .uint64),
    ]

    private static let isBigEndianHost = 1.bigEndian == 1

    /// Nil where it is none of those that are read here.
    init?(_ text: String) {
        guard let order = text.unicodeScalars.first,
            let match = Self.names.first(where: {
                text.unicodeScalars.dropFirst().elementsEqual($0.name.unicodeScalars)
            })
        else { return nil }
        let isBigEndian: Bool
        switch order {
        case "<": isBigEndian = false
        case ">": isBigEndian = true
        case "=", "|": isBigEndian = Self.isBigEndianHost
        default: return nil
        }
        dataType = match.dataType
        isSwapped = isBigEndian != Self.isBigEndianHost && dataType.byteCount > 1
    }

    /// The name, in this machine's order, of a type that tensors hold.
    static func name(of dataType: DataType) -> String {
        guard let match = names.first(where: { $0.dataType == dataType }) else {
            fatalError("a tensor has no elements of type \(dataType)")
        }
        return (dataType.byteCount == 1 ? "|" : isBigEndianHost ? ">" : "<") + match.name
    }
}
