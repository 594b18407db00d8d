// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The parts of a PNG file: a signature, then chunks of a length, a type of four letters, content and a checksum.
enum PNGChunks {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The signature and the chunk IHDR, which comes first.
    static let headerByteCount = 33

    /// Two bits of deflate stand for at most 258 bytes.
    private static let largestExpansion = 1032

    /// The width and height that IHDR names.
    static func header(of bytes: [UInt8], path: String) throws -> ImageHeader {
        guard bytes.count >= headerByteCount else {
            throw ImageError.truncated(
                path: path, part: "its header", expected: headerByteCount, byteCount: bytes.count)
        }
        return ImageHeader(width: number(in: bytes, at: 16), height: number(in: bytes, at: 20))
    }

    /// Throws where the file is too short for the pixels that IHDR names: a byte of compressed data stands for 1032 at
    /// most. What makes no sense in the header is left to the decoder.
    static func checkRoom(in bytes: [UInt8], path: String) throws {
        let header = try header(of: bytes, path: path)
        // By the colour type; palettes and greys have one channel, other values no meaning.
        let channels = [2: 3, 4: 2, 6: 4][bytes[25]] ?? 1
        let bits = Int128(header.width) * Int128(header.height) * Int128(channels) * Int128(bytes[24])
        let least = Int(clamping: bits / (8 * Int128(largestExpansion)))
        guard bytes.count >= least else {
            throw ImageError.truncated(
                path: path, part: "an image of \(header.width) x \(header.height)", expected: least,
                byteCount: bytes.count)
        }
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
