// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The 64-bit numbers of a directory's entry, from its extra field.
struct ZipWideNumbers {
    private var numbers: [UInt64] = []
    static let identifier: UInt16 = 1

    /// Reads the extra field: blocks of an identifier, a length and as many bytes.
    init(_ cursor: inout ByteCursor, count: Int) throws {
        let end = cursor.position + count
        while end - cursor.position >= 4 {
            let identifier = try cursor.littleEndian(UInt16.self, "an extra field")
            let length = Int(try cursor.littleEndian(UInt16.self, "an extra field"))
            guard length <= end - cursor.position else {
                throw cursor.malformed("an extra field that is cut off")
            }
            guard identifier == Self.identifier, numbers.isEmpty else {
                _ = try cursor.bytes(length, "an extra field")
                continue
            }
            numbers = try (0..<length / 8).map { _ in try cursor.littleEndian(UInt64.self, "a number") }
            _ = try cursor.bytes(length % 8, "an extra field")
        }
        _ = try cursor.bytes(end - cursor.position, "an extra field")
    }

    /// The number itself where it fits into 32 bits, else the next of these; nil where there is none.
    mutating func next(_ narrow: UInt32) -> UInt64? {
        guard narrow == ZipMember.wide else { return UInt64(narrow) }
        return numbers.isEmpty ? nil : numbers.removeFirst()
    }
}
