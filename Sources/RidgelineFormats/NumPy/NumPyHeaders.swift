// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The headers of many arrays, in a few bytes each: an archive may have a million.
struct NumPyHeaders: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = []

    /// The number that stands for a type that no tensor holds.
    private static let foreign = UInt8(DataType.allCases.count)
    /// Of the name of such a type as many bytes are kept.
    private static let nameLimit = 100

    mutating func append(_ header: NumPyHeader) {
        let info = header.info
        starts.append(bytes.count)
        bytes.append(
            info.dataType.flatMap { DataType.allCases.firstIndex(of: $0) }.map { UInt8($0) } ?? Self.foreign)
        bytes.append((header.isSwapped ? 1 : 0) | (header.isFortranOrdered ? 2 : 0))
        append(info.extents.count)
        for extent in info.extents { append(extent) }
        append(info.byteCount)
        guard info.dataType == nil else { return }
        var name = info.dataTypeName
        if name.utf8.count > Self.nameLimit {
            name = String(decoding: name.utf8.prefix(Self.nameLimit), as: UTF8.self) + "…"
        }
        append(name.utf8.count)
        bytes.append(contentsOf: name.utf8)
    }

    subscript(index: Int) -> NumPyHeader {
        var position = starts[index]
        func number() -> Int {
            var (value, shift) = (0, 0)
            while true {
                let byte = bytes[position]
                position += 1
                value |= Int(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
        }
        let (type, flags) = (bytes[position], bytes[position + 1])
        position += 2
        let extents = (0..<number()).map { _ in number() }
        let byteCount = number()
        let dataType = type == Self.foreign ? nil : DataType.allCases[Int(type)]
        let name =
            dataType?.rawValue
            ?? {
                let count = number()
                return String(decoding: bytes[position..<position + count], as: UTF8.self)
            }()
        guard
            let info = TensorInfo(
                dataTypeName: name, dataType: dataType, extents: extents, byteCount: byteCount)
        else { fatalError("a header that was right is wrong") }
        return NumPyHeader(info: info, isSwapped: flags & 1 != 0, isFortranOrdered: flags & 2 != 0)
    }

    /// Seven bits a byte, the lowest first, all but the last with the highest bit set.
    private mutating func append(_ number: Int) {
        var rest = UInt(number)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
