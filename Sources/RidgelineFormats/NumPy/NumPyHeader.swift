// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What an .npy file says before its elements.
///
/// The file is `\x93NUMPY`, two bytes of version, the header's length in two bytes (version 1) or four
/// (versions 2 and 3), the header as a dictionary in Python's syntax, padded with spaces, and the elements.
struct NumPyHeader: Sendable, Equatable {
    let info: TensorInfo
    /// Whether the bytes of an element lie in the other order than this machine's.
    let isSwapped: Bool
    /// Whether the first axis is the one whose elements lie next to each other.
    let isFortranOrdered: Bool

    init(info: TensorInfo, isSwapped: Bool, isFortranOrdered: Bool) {
        (self.info, self.isSwapped, self.isFortranOrdered) = (info, isSwapped, isFortranOrdered)
    }

    /// The longest header that is read. One of eight axes has some 250 bytes; a structure may have a long one.
    static let lengthLimit = 1 << 16
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads the header from the start of a stream, which has just the header and the elements, and checks
    /// that its size is right for them.
    init(_ stream: any ByteStream, name: String) throws {
        let path = stream.path
        let prefix = try stream.bytes(Self.magic.count + 2)
        guard prefix.starts(with: Self.magic) else {
            throw FormatError.malformedHeader(path: path, position: 0, reason: "expected \\x93NUMPY")
        }
        let (major, minor) = (prefix[6], prefix[7])
        guard 1...3 ~= major, minor == 0 else {
            throw FormatError.malformedHeader(
                path: path, position: 6, reason: "version \(major).\(minor); supported are 1.0, 2.0 and 3.0")
        }
        let lengthBytes = try stream.bytes(major == 1 ? 2 : 4)
        let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.lengthLimit else {
            throw FormatError.headerTooLarge(
                path: path, byteCount: UInt64(length), limit: UInt64(Self.lengthLimit))
        }
        let origin = stream.position
        var scanner = LiteralScanner(try stream.bytes(length), path: path, origin: origin)
        let raw = try RawNumPyHeader(&scanner, path: path, name: name)
        isFortranOrdered = raw.isFortranOrdered
        isSwapped = raw.type?.isSwapped ?? false
        let rest = stream.extent.limit - stream.position
        let byteCount =
            raw.type.map { storedByteCount(of: raw.extents, elementSize: $0.dataType.byteCount) } ?? rest
        guard let byteCount,
            let info = TensorInfo(
                dataTypeName: raw.type?.dataType.rawValue ?? raw.typeName, dataType: raw.type?.dataType,
                extents: raw.extents, byteCount: byteCount)
        else {
            throw FormatError.shapeMismatch(
                path: path, tensor: name, shape: raw.extents, dataTypeName: raw.typeName, byteCount: rest)
        }
        self.info = info
        try stream.expect(exactly: UInt64(stream.position) + UInt64(info.byteCount))
    }

    /// The bytes that NumPy itself writes before an array's elements, by version 1; what is stored here never
    /// needs another.
    static func serialized(dataTypeName: String, shape: Shape, isFortranOrdered: Bool) -> [UInt8] {
        let extents = shape.map { String($0) }
        let tuple = "(" + extents.joined(separator: ", ") + (extents.count == 1 ? ",)" : ")")
        let order = isFortranOrdered ? "True" : "False"
        var text = "{'descr': '\(dataTypeName)', 'fortran_order': \(order), 'shape': \(tuple), }"
        // Room for the extent that grows where an array is appended to, up to 21 digits.
        if let growing = isFortranOrdered ? extents.last : extents.first {
            text += String(repeating: " ", count: 21 - growing.utf8.count)
        }
        let prefixLength = magic.count + 4
        let padding = 64 - (prefixLength + text.utf8.count + 1) % 64
        text += String(repeating: " ", count: padding) + "\n"
        var bytes = magic + [1, 0]
        bytes.appendLittleEndian(UInt16(text.utf8.count))
        return bytes + Array(text.utf8)
    }
}

/// The three members of the dictionary, in any order.
private struct RawNumPyHeader {
    let typeName: String
    let extents: [Int]
    let isFortranOrdered: Bool

    /// Nil for a type that no tensor holds.
    var type: NumPyDataType? { NumPyDataType(typeName) }

    init(_ scanner: inout LiteralScanner, path: String, name: String) throws {
        var typeName: String?
        var extents: [Int]?
        var order: Bool?
        try scanner.dictionary { key, scanner in
            switch key {
            // Lists stand for structures and tuples for arrays of arrays.
            case "descr" where typeName == nil: typeName = try scanner.stringOrNesting()
            case "fortran_order" where order == nil: order = try scanner.truth()
            case "shape" where extents == nil:
                extents = try scanner.integers(limit: TensorInfo.axisLimit)
                if extents == nil {
                    throw FormatError.tooManyAxes(path: path, tensor: name, limit: TensorInfo.axisLimit)
                }
            case "descr", "fortran_order", "shape": throw scanner.malformed("a second \(key)")
            default: throw scanner.malformed("a header has descr, fortran_order and shape, and nothing else")
            }
        }
        guard let typeName, let extents, let order else {
            throw scanner.malformed("the header that ends here lacks its descr, fortran_order or shape")
        }
        (self.typeName, self.extents, isFortranOrdered) = (typeName, extents, order)
    }
}
