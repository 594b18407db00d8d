// Part of Ridgeline. Licensed under the Apache License 2.0.

import CTurboJPEG

/// JPEG by libjpeg-turbo, with its exact transform and smooth chroma, as Pillow uses it.
enum JPEGDecoder {
    /// More scans than encoders make, of which a progressive image has some ten: each one goes over the whole image,
    /// and could take next to no room in the file.
    static let scanLimit = 100

    static func decode(_ bytes: [UInt8], path: String, pixelLimit: Int) throws -> DecodedImage {
        func failure(_ reason: String) -> ImageError {
            .undecodable(path: path, format: .jpeg, byteCount: bytes.count, reason: reason)
        }
        let segments = JPEGSegments(bytes)
        if let frame = segments.frame {
            try ImageHeader(width: frame.width, height: frame.height).check(pixelLimit, path: path)
            guard frame.leastBytes <= bytes.count else {
                throw ImageError.truncated(
                    path: path, part: "an image of \(frame.width) x \(frame.height)",
                    expected: frame.leastBytes,
                    byteCount: bytes.count)
            }
        }
        guard segments.scans <= scanLimit else {
            throw ImageError.tooManyScans(path: path, scans: segments.scans, limit: scanLimit)
        }
        // What stands between the segments would be a warning of the decoder's, and so hide others.
        let file = segments.parts.count == 1 ? bytes : segments.parts.flatMap { bytes[$0] }
        guard let decoder = tjInitDecompress() else { throw failure("libjpeg-turbo does not start") }
        defer { tjDestroy(decoder) }
        func lastError() -> String { String(cString: tjGetErrorStr2(decoder)) }
        var (width, height, subsampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard
            tjDecompressHeader3(
                decoder, file, UInt(file.count), &width, &height, &subsampling, &space) == 0
        else { throw failure(lastError()) }
        let header = ImageHeader(width: Int(width), height: Int(height))
        try header.check(pixelLimit, path: path)
        let isCMYK = space == Int32(TJCS_CMYK.rawValue) || space == Int32(TJCS_YCCK.rawValue)
        let channels = isCMYK ? 4 : 3
        let count = channels * header.width * header.height
        let pixels = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let status = tjDecompress2(
                decoder, file, UInt(file.count), buffer.baseAddress, width, 0, height,
                Int32(isCMYK ? TJPF_CMYK.rawValue : TJPF_RGB.rawValue), TJFLAG_LIMITSCANS)
            // Bytes left over at the end of a scan change nothing; any other warning does.
            guard status == 0 || isHarmless(lastError()) && tjGetErrorCode(decoder) == TJERR_WARNING.rawValue
            else { throw failure(lastError()) }
            initialized = count
        }
        return DecodedImage(
            width: header.width, height: header.height, pixels: isCMYK ? colours(ofCMYK: pixels) : pixels)
    }

    private static func isHarmless(_ warning: String) -> Bool { warning.contains("extraneous bytes") }

    /// R = k·c / 255 and so on, rounded: in files the four are stored inverted, as Adobe does.
    private static func colours(ofCMYK pixels: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(pixels.count / 4 * 3)
        for start in stride(from: 0, to: pixels.count, by: 4) {
            let black = Int(pixels[start + 3])
            for channel in 0..<3 {
                let product = (255 - Int(pixels[start + channel])) * black + 128
                result.append(UInt8(black - (product >> 8 + product) >> 8))
            }
        }
        return result
    }
}
