// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What a frame header says about size and coding.
struct JPEGFrame: Equatable {
    let width: Int
    let height: Int
    /// How often a component is sampled, compared with the others.
    struct Sampling: Equatable {
        let horizontal: Int
        let vertical: Int
    }

    /// That of each component.
    let sampling: [Sampling]
    let isProgressive: Bool
    let isArithmetic: Bool

    /// Those that begin a frame: 0xC0 to 0xCF without the tables among them.
    static let markers: [UInt8] = (0xC0...0xCF).filter { ![0xC4, 0xC8, 0xCC].contains($0) }

    /// Nil where the content is too short.
    init?(marker: UInt8, content: ArraySlice<UInt8>) {
        let bytes = Array(content)
        guard bytes.count >= 6, bytes.count >= 6 + 3 * Int(bytes[5]) else { return nil }
        height = Int(bytes[1]) << 8 | Int(bytes[2])
        width = Int(bytes[3]) << 8 | Int(bytes[4])
        sampling = (0..<Int(bytes[5])).map {
            Sampling(horizontal: Int(bytes[7 + 3 * $0] >> 4), vertical: Int(bytes[7 + 3 * $0] & 15))
        }
        isProgressive = marker & 3 == 2
        isArithmetic = marker >= 0xC9
    }

    /// The blocks of 8 x 8 samples of all components, without those that only fill up.
    var blocks: Int {
        let most = (
            horizontal: max(1, sampling.map(\.horizontal).max() ?? 1),
            vertical: max(1, sampling.map(\.vertical).max() ?? 1)
        )
        func count(_ side: Int, _ samples: Int, _ most: Int) -> Int {
            (side * samples + 8 * most - 1) / (8 * most)
        }
        return sampling.reduce(0) {
            $0 + count(width, $1.horizontal, most.horizontal) * count(height, $1.vertical, most.vertical)
        }
    }

    /// The fewest bytes of coded data that stand for so many blocks. By Huffman codes a block takes one bit for its
    /// difference of means, and unless the frame is progressive another one for its end. Arithmetic coding knows no
    /// least; 1/64 of a bit is less than flat pictures take in practice.
    var leastBytes: Int {
        isArithmetic ? blocks / 512 : isProgressive ? (blocks + 7) / 8 : (blocks + 3) / 4
    }
}
