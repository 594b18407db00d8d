// Part of Ridgeline. Licensed under the Apache License 2.0.

import CPNG

/// PNG by libpng's simplified interface.
enum PNGDecoder {
    static func decode(_ bytes: [UInt8], path: String, pixelLimit: Int) throws -> DecodedImage {
        let header = try PNGChunks.header(of: bytes, path: path)
        try header.check(pixelLimit, path: path)
        let file = try PNGChunks.criticalPart(of: bytes, path: path)
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        func failure() -> ImageError {
            let reason = withUnsafeBytes(of: image.message) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            return .undecodable(path: path, format: .png, byteCount: bytes.count, reason: reason)
        }
        return try file.withUnsafeBytes { file in
            guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else {
                throw failure()
            }
            // 16 bits mean the same brightness as 8: nothing is corrected.
            image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
            // Colours are taken as they are, not blended into a background.
            let hasAlpha = image.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0
            image.format = UInt32(PNG_FORMAT_FLAG_COLOR) | (hasAlpha ? UInt32(PNG_FORMAT_FLAG_ALPHA) : 0)
            let channels = hasAlpha ? 4 : 3
            let count = channels * header.width * header.height
            let pixels = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                guard png_image_finish_read(&image, nil, buffer.baseAddress, 0, nil) != 0 else {
                    throw failure()
                }
                initialized = count
            }
            return DecodedImage(
                width: header.width, height: header.height,
                pixels: hasAlpha ? withoutAlpha(pixels) : pixels)
        }
    }

    private static func withoutAlpha(_ pixels: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count / 4 * 3) { buffer, count in
            for pixel in 0..<pixels.count / 4 {
                for channel in 0..<3 { buffer[3 * pixel + channel] = pixels[4 * pixel + channel] }
            }
            count = pixels.count / 4 * 3
        }
    }
}
