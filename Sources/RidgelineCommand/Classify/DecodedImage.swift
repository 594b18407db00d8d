// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// A format of image files.
enum ImageFormat: String, Sendable {
    case jpeg = "JPEG"
    case png = "PNG"

    /// By the first bytes of a file; nil for others.
    init?(_ bytes: some Collection<UInt8>) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: PNGChunks.signature) {
            self = .png
        } else {
            return nil
        }
    }
}

/// An image of red, green and blue, 8 bits each, as Pillow's `Image.open(path).convert("RGB")` gives it: grey
/// becomes three equal colours, transparency is dropped, the orientation in EXIF and colour profiles are not
/// applied. It differs for 16-bit PNG, whose values are rounded to 8 bits, where Pillow cuts colours and turns
/// nearly all greys white.
struct DecodedImage: Sendable, Equatable {
    /// As many as Pillow warns at.
    static let defaultPixelLimit = 89_478_485

    let width: Int
    let height: Int
    /// Rows from the top, three bytes a pixel.
    let pixels: [UInt8]

    /// Reads a JPEG or PNG file. Its pixels are counted in its header before there is room for them.
    init(contentsOf path: String, pixelLimit: Int = defaultPixelLimit) throws {
        let file = try OpenFile(path: path)
        let start = try file.bytes(0..<min(file.byteCount, PNGChunks.headerByteCount))
        guard let format = ImageFormat(start) else {
            throw ImageError.notAnImage(path: path, byteCount: file.byteCount)
        }
        if format == .png { try PNGChunks.header(of: start, path: path).check(pixelLimit, path: path) }
        // No format needs more than 8 bytes a pixel, but for what is not the image.
        let (bytes, overflow) = pixelLimit.multipliedReportingOverflow(by: 8)
        let byteLimit = overflow ? Int.max : max(bytes, bytes &+ 1 << 24)
        guard file.byteCount <= byteLimit else {
            throw ImageError.tooManyBytes(
                path: path, byteCount: file.byteCount, limit: byteLimit, pixelLimit: pixelLimit)
        }
        try self.init(bytes: file.bytes(0..<file.byteCount), path: path, pixelLimit: pixelLimit)
    }

    /// The same from memory; errors call it by `path`.
    init(bytes: [UInt8], path: String, pixelLimit: Int = defaultPixelLimit) throws {
        switch ImageFormat(bytes) {
        case .jpeg: self = try JPEGDecoder.decode(bytes, path: path, pixelLimit: pixelLimit)
        case .png: self = try PNGDecoder.decode(bytes, path: path, pixelLimit: pixelLimit)
        case nil: throw ImageError.notAnImage(path: path, byteCount: bytes.count)
        }
    }

    init(width: Int, height: Int, pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

/// A width and a height that a header names.
struct ImageHeader {
    let width: Int
    let height: Int

    /// Throws where there are more pixels than `limit`.
    func check(_ limit: Int, path: String) throws {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        if overflow || pixels > limit {
            throw ImageError.tooManyPixels(path: path, width: width, height: height, limit: limit)
        }
    }
}
