// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The parts of a JPEG file up to its end marker: segments of a marker, a length and content, and after each start of a
/// scan its coded data. Nothing is decoded: this finds what a decoder would need memory and time for.
struct JPEGSegments {
    /// The first frame header; nil where there is none.
    private(set) var frame: JPEGFrame?
    /// How many scans there are.
    private(set) var scans = 0
    /// The parts of the file between which bytes stand that belong to no segment, as libjpeg passes them over.
    private(set) var parts: [Range<Int>] = []

    /// Walks through a file that begins with the start of an image.
    init(_ bytes: [UInt8]) {
        var walk = Walk(bytes: bytes, place: 2)
        var start = 0
        while let marker = walk.nextMarker() {
            if walk.markerStart > walk.previousEnd {
                parts.append(start..<walk.previousEnd)
                start = walk.markerStart
            }
            if marker == 0xD9 { break }
            // Restarts and the like stand alone.
            if (0xD0...0xD8).contains(marker) || marker == 0x01 {
                walk.previousEnd = walk.place
                continue
            }
            guard let content = walk.segment() else { break }
            if JPEGFrame.markers.contains(marker), frame == nil {
                frame = JPEGFrame(marker: marker, content: bytes[content])
            }
            if marker == 0xDA {
                scans += 1
                walk.skipCodedData()
            }
            walk.previousEnd = walk.place
        }
        parts.append(start..<bytes.count)
    }

    private struct Walk {
        let bytes: [UInt8]
        var place: Int
        var markerStart = 2
        /// Where the last segment ended.
        var previousEnd = 2

        init(bytes: [UInt8], place: Int) { (self.bytes, self.place) = (bytes, place) }

        /// The next marker, before which any number of 0xFF may stand; nil at the file's end.
        mutating func nextMarker() -> UInt8? {
            while place < bytes.count {
                guard bytes[place] == 0xFF else {
                    place += 1
                    continue
                }
                while place < bytes.count && bytes[place] == 0xFF { place += 1 }
                guard place < bytes.count else { return nil }
                let marker = bytes[place]
                place += 1
                // A zero makes the 0xFF before it data.
                guard marker != 0 else { continue }
                markerStart = place - 2
                return marker
            }
            return nil
        }

        /// The content of the segment that begins here; nil where it does not fit in.
        mutating func segment() -> Range<Int>? {
            guard place + 2 <= bytes.count else { return nil }
            let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
            guard length >= 2, place + length <= bytes.count else { return nil }
            defer { place += length }
            return place + 2..<place + length
        }

        /// Goes to the next marker that ends a scan's data: neither a stuffed zero nor a restart.
        mutating func skipCodedData() {
            while place + 1 < bytes.count {
                if bytes[place] == 0xFF, bytes[place + 1] != 0, bytes[place + 1] != 0xFF,
                    !(0xD0...0xD7).contains(bytes[place + 1])
                {
                    return
                }
                place += 1
            }
            place = bytes.count
        }
    }
}
