// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Why a file is no image that can be read.
enum ImageError: Error, Equatable {
    /// It begins like no format that is known.
    case notAnImage(path: String, byteCount: Int)
    /// Its header names more pixels than are allowed.
    case tooManyPixels(path: String, width: Int, height: Int, limit: Int)
    /// It is larger than an image of as many pixels as are allowed can be.
    case tooManyBytes(path: String, byteCount: Int, limit: Int, pixelLimit: Int)
    /// It goes over its pixels more often than is allowed.
    case tooManyScans(path: String, scans: Int, limit: Int)
    /// It ends inside a part of itself.
    case truncated(path: String, part: String, expected: Int, byteCount: Int)
    /// The library that decodes the format refused it.
    case undecodable(path: String, format: ImageFormat, byteCount: Int, reason: String)
}

extension ImageError: CustomStringConvertible {
    var description: String {
        switch self {
        case .notAnImage(let path, let byteCount):
            "\(path): neither JPEG nor PNG (\(byteCount) bytes)"
        case .tooManyPixels(let path, let width, let height, let limit):
            "\(path): \(width) x \(height) pixels are more than \(limit); --pixel-limit raises the limit"
        case .tooManyBytes(let path, let byteCount, let limit, let pixelLimit):
            "\(path): \(byteCount) bytes; expected at most \(limit) for up to \(pixelLimit) pixels; "
                + "--pixel-limit raises the limit"
        case .tooManyScans(let path, let scans, let limit):
            "\(path): \(scans) scans; expected at most \(limit)"
        case .truncated(let path, let part, let expected, let byteCount):
            "\(path): truncated: \(part) needs \(expected) bytes, the file has \(byteCount)"
        case .undecodable(let path, let format, let byteCount, let reason):
            "\(path): broken or truncated \(format.rawValue) of \(byteCount) bytes: \(reason)"
        }
    }
}
