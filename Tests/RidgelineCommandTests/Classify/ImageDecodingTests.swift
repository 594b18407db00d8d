// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

@testable import RidgelineCommand

/// Images as Pillow reads them, and files that are none.
struct ImageDecodingTests {
    @Test func thereAreImagesOfAllKinds() { #expect(ImageFixtures.names.count == 30) }

    /// To the bit; of 16-bit values, to the bit what rounding makes, and within 1 of what Pillow cuts.
    @Test(arguments: ImageFixtures.names)
    func readsAsPillow(name: String) throws {
        let image = try DecodedImage(contentsOf: ImageFixtures.path(name))
        let expected = try ImageFixtures.image("\(name)/pixels")
        guard name.contains("16") else {
            #expect(image == expected)
            return
        }
        #expect(image == (try ImageFixtures.image("\(name)/rounded")))
        if !name.contains("grey16") {
            let most = zip(image.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max()
            #expect(most == 1)
        }
    }

    /// EXIF says that this one is to be turned; it stays as wide as it is stored.
    @Test func orientationIsNotApplied() throws {
        let image = try DecodedImage(contentsOf: ImageFixtures.path("turned.jpg"))
        #expect(image.width == 61 && image.height == 43)
        let bytes = try ImageFixtures.bytes("turned.jpg")
        #expect(String(decoding: bytes.prefix(100), as: UTF8.self).contains("Exif\0\0"))
    }

    /// Every beginning of every file is an error that names it.
    @Test(arguments: ImageFixtures.names)
    func truncatedAnywhere(name: String) throws {
        let bytes = try ImageFixtures.bytes(name)
        for count in 0..<bytes.count {
            do {
                _ = try DecodedImage(bytes: Array(bytes.prefix(count)), path: name)
                Issue.record("\(name): read of \(count) of \(bytes.count) bytes")
            } catch let error as ImageError {
                let text = "\(error)"
                #expect(text.hasPrefix("\(name): ") && text.contains("\(count)"), "\(text)")
            }
        }
    }

    /// Broken bytes give an error or an image of the size that the header names, and nothing else.
    @Test(arguments: ImageFixtures.names)
    func brokenAnywhere(name: String) throws {
        let bytes = try ImageFixtures.bytes(name)
        var random = SplitMix(state: 11)
        var read = 0
        for round in 0..<400 {
            var broken = bytes
            for _ in 0...round % 3 {
                broken[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255)
            }
            do {
                let image = try DecodedImage(bytes: broken, path: name, pixelLimit: 100_000)
                #expect(image.pixels.count == 3 * image.width * image.height)
                read += 1
            } catch is ImageError {}
        }
        // A changed byte may stay without effect.
        #expect(read < 400)
    }

    @Test func whatIsNoImage() throws {
        for bytes in [[], Array("GIF89a, but no more".utf8), [0xFF, 0xD8], [0x89, 0x50, 0x4E, 0x47]] {
            #expect(throws: ImageError.notAnImage(path: "x", byteCount: bytes.count)) {
                try DecodedImage(bytes: bytes, path: "x")
            }
        }
        #expect(
            "\(ImageError.notAnImage(path: "a.gif", byteCount: 19))"
                == "a.gif: neither JPEG nor PNG (19 bytes)")
        // A changed checksum.
        var bytes = try ImageFixtures.bytes("grey.png")
        bytes[31] ^= 1
        #expect { try DecodedImage(bytes: bytes, path: "x.png") } throws: {
            "\($0)".contains("x.png: broken or truncated PNG of \(bytes.count) bytes: IHDR: CRC error")
        }
    }

    /// A header that names too many pixels is enough: nothing else of the file need exist.
    @Test func decompressionBombs() throws {
        var png = Array(try ImageFixtures.bytes("grey.png").prefix(PNGChunks.headerByteCount))
        png.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
        let error = #expect(throws: ImageError.self) { try DecodedImage(bytes: png, path: "b.png") }
        #expect(
            error.map { "\($0)" } == "b.png: 2147483647 x 2147483647 pixels are more than 89478485; "
                + "--pixel-limit raises the limit")
        let jpeg = try ImageFixtures.bytes("rgb.jpg")
        #expect(
            throws: ImageError.tooManyPixels(path: "b.jpg", width: 61, height: 43, limit: 61 * 43 - 1)
        ) {
            try DecodedImage(bytes: jpeg, path: "b.jpg", pixelLimit: 61 * 43 - 1)
        }
        #expect(try DecodedImage(bytes: jpeg, path: "b.jpg", pixelLimit: 61 * 43).width == 61)
        // Nor does a header that the file's bytes cannot fill.
        png.replaceSubrange(16..<24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
        #expect(
            throws: ImageError.truncated(
                path: "b.png", part: "an image of 8192 x 8192", expected: 65_027, byteCount: png.count)
        ) { try DecodedImage(bytes: png, path: "b.png") }
        for (name, expected) in [("rgb.jpg", 2 * 7_864_320 / 8), ("progressive.jpg", 7_864_320 / 8)] {
            var jpeg = try ImageFixtures.bytes(name)
            let start = try #require(
                jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && [0xC0, 0xC2].contains(jpeg[$0 + 1]) })
            jpeg.replaceSubrange(start + 5..<start + 9, with: [0x40, 0, 0x50, 0])
            #expect(
                throws: ImageError.truncated(
                    path: name, part: "an image of 20480 x 16384", expected: expected, byteCount: jpeg.count)
            ) { try DecodedImage(bytes: jpeg, path: name, pixelLimit: 1 << 30) }
        }
        // A file that is larger than any image within the limit is not read.
        let path = NSTemporaryDirectory() + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(jpeg).write(to: URL(fileURLWithPath: path))
        #expect(truncate(path, 1 << 26) == 0)
        #expect(
            throws: ImageError.tooManyBytes(
                path: path, byteCount: 1 << 26, limit: 1 << 24 + 80_000, pixelLimit: 10_000)
        ) {
            try DecodedImage(contentsOf: path, pixelLimit: 10_000)
        }
    }

    /// Bytes between segments change nothing, and hide no other fault.
    @Test func strayBytes() throws {
        let (bytes, clean) = (try ImageFixtures.bytes("stray.jpg"), try ImageFixtures.bytes("rgb.jpg"))
        let segments = JPEGSegments(bytes)
        #expect(segments.parts.count > 5 && JPEGSegments(clean).parts == [0..<clean.count])
        #expect(segments.parts.flatMap { bytes[$0] } == clean)
        #expect(segments.frame == JPEGSegments(clean).frame && segments.frame?.width == 61)
        // Coded data that ends too early, with the bytes and without.
        for file in [bytes, clean] {
            let broken = Array(file.dropLast(200) + file.suffix(2))
            #expect(throws: ImageError.self) { _ = try DecodedImage(bytes: broken, path: "x.jpg") }
        }
    }

    /// Every scan goes over the whole image: their number is limited, and 64 are allowed.
    @Test func scansAreCounted() throws {
        let bytes = try ImageFixtures.bytes("many_scans.jpg")
        #expect(JPEGSegments(bytes).scans == 64)
        #expect(try JPEGSegments(ImageFixtures.bytes("rgb.jpg")).scans == 1)
        // The last scan, of a few bytes, again and again.
        let last = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
        let scan = bytes[last..<bytes.count - 2]
        func repeated(_ count: Int) -> [UInt8] {
            Array(bytes.dropLast(2) + repeatElement(scan, count: count - 64).joined() + [0xFF, 0xD9])
        }
        let image = try ImageFixtures.image("many_scans.jpg/pixels")
        #expect(try DecodedImage(bytes: repeated(100), path: "s.jpg") == image)
        for count in [101, 4_000] {
            #expect(throws: ImageError.tooManyScans(path: "s.jpg", scans: count, limit: 100)) {
                _ = try DecodedImage(bytes: repeated(count), path: "s.jpg")
            }
        }
        #expect(
            "\(ImageError.tooManyScans(path: "s.jpg", scans: 101, limit: 100))"
                == "s.jpg: 101 scans; expected at most 100")
    }
}
