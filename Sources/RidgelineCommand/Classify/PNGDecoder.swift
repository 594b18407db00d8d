// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineCommand

/// PNG by libpng.
enum PNGDecoder {
    static func decode(_ bytes: [UInt8], path: String, pixelLimit: Int) throws -> DecodedImage {
        let header = try PNGChunks.header(of: bytes, path: path)
        try header.check(pixelLimit, path: path)
        try PNGChunks.checkRoom(in: bytes, path: path)
        let file = try PNGChunks.criticalPart(of: bytes, path: path)
        var message = [UInt8](repeating: 0, count: 256)
        let count = 3 * header.width * header.height
        let pixels = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let status = message.withUnsafeMutableBytes { message in
                ridgeline_png_decode(
                    file, file.count, header.width, header.height, buffer.baseAddress, message.baseAddress,
                    message.count)
            }
            guard status == 0 else {
                throw ImageError.undecodable(
                    path: path, format: .png, byteCount: bytes.count,
                    reason: String(decoding: message.prefix { $0 != 0 }, as: UTF8.self))
            }
            initialized = count
        }
        return DecodedImage(width: header.width, height: header.height, pixels: pixels)
    }
}
