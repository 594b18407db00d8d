// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The first bytes of an IDX file: two zeros, a code for the element type, the number of axes, and the extents
/// in four bytes each, the highest first.
struct IDXHeader: Sendable, Equatable {
    let info: TensorInfo

    /// Reads the header from the start of a stream that has just the header and the elements, and checks that
    /// its size can be right for them.
    init(_ stream: any ByteStream, name: String) throws {
        let path = stream.path
        let magic = try stream.bytes(4)
        guard magic[0] == 0, magic[1] == 0 else {
            throw FormatError.malformedHeader(path: path, position: 0, reason: "expected two zero bytes")
        }
        guard let dataType = IDXCode.dataType(of: magic[2]) else {
            let text = String(magic[2], radix: 16, uppercase: true)
            throw FormatError.unsupportedDataType(path: path, tensor: name, dataType: "0x\(text)")
        }
        let rank = Int(magic[3])
        var cursor = ByteCursor(try stream.bytes(4 * rank), path: path, origin: magic.count)
        let extents = try (0..<rank).map { _ in Int(try cursor.bigEndian(UInt32.self, "an extent")) }
        guard let byteCount = storedByteCount(of: extents, elementSize: dataType.byteCount),
            let info = TensorInfo(
                dataTypeName: dataType.rawValue, dataType: dataType, extents: extents, byteCount: byteCount)
        else {
            throw FormatError.shapeMismatch(
                path: path, tensor: name, shape: extents, dataTypeName: dataType.rawValue,
                byteCount: stream.extent.limit - stream.position)
        }
        self.info = info
        try stream.expect(exactly: UInt64(stream.position) + UInt64(byteCount))
    }

    /// The header's bytes; nil where an extent does not fit.
    static func serialized(dataType: DataType, shape: Shape) -> [UInt8]? {
        var bytes: [UInt8] = [0, 0, IDXCode.code(of: dataType), UInt8(shape.rank)]
        for extent in shape {
            guard let narrow = UInt32(exactly: extent) else { return nil }
            bytes.appendBigEndian(narrow)
        }
        return bytes
    }
}
