// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The parts of a PNG file: a signature, then chunks of a length, a type of four letters, content and a checksum.
enum PNGChunks {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The signature and the chunk IHDR, which comes first.
    static let headerByteCount = 33

    /// The width and height that IHDR names.
    static func header(of bytes: [UInt8], path: String) throws -> ImageHeader {
        guard bytes.count >= headerByteCount else {
            throw ImageError.truncated(
                path: path, part: "its header", expected: headerByteCount, byteCount: bytes.count)
        }
        return ImageHeader(width: number(in: bytes, at: 16), height: number(in: bytes, at: 20))
    }

    /// The file with the critical chunks alone, for which a decoder knows no colour correction and no
    /// transparency of a colour. Throws where a chunk does not fit in.
    static func criticalPart(of bytes: [UInt8], path: String) throws -> [UInt8] {
        var result = signature
        var start = signature.count
        while true {
            let name = start + 8 <= bytes.count ? type(in: bytes, at: start) : "a chunk's start"
            let end = start + 12 + (start + 4 <= bytes.count ? number(in: bytes, at: start) : 0)
            guard end <= bytes.count else {
                throw ImageError.truncated(
                    path: path, part: "\(name) at byte \(start)", expected: end, byteCount: bytes.count)
            }
            // A small first letter marks what may be left out.
            if bytes[start + 4] & 0x20 == 0 { result += bytes[start..<end] }
            if name == "IEND" { return result }
            start = end
        }
    }

    private static func type(in bytes: [UInt8], at start: Int) -> String {
        String(decoding: bytes[start + 4..<start + 8], as: UTF8.self)
    }

    private static func number(in bytes: [UInt8], at start: Int) -> Int {
        bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
