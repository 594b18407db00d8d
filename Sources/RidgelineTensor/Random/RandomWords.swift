// Part of Ridgeline. Licensed under the Apache License 2.0.

extension RandomGenerator: RandomNumberGenerator {
    /// The next 64 random bits, a block of the stream: what makes `array.shuffle(using: &generator)` and
    /// `Int.random(in: 0..<6, using: &generator)` draw from the same seed as the tensors.
    public func next() -> UInt64 {
        let (philox, position) = reserve(1)
        return philox.pair(at: position).0
    }
}

extension Philox {
    /// The block at a position as two words of 64 bits.
    @inline(__always)
    func pair(at position: UInt64) -> (UInt64, UInt64) {
        let words = words(at: position)
        return (UInt64(words[0]) << 32 | UInt64(words[1]), UInt64(words[2]) << 32 | UInt64(words[3]))
    }
}

extension Tensor {
    /// A tensor of what `value` makes of 64 random bits, independent for each element, two elements a block. The numbers
    /// depend on the generator's state and the element's place alone.
    static func drawn(
        words shape: Shape, _ generator: RandomGenerator, _ value: (_ word: UInt64, _ index: Int) -> Scalar
    ) -> Tensor {
        var result = Tensor(uninitialized: shape)
        let count = shape.elementCount
        let blocks = (count + 1) / 2
        let (philox, start) = generator.reserve(blocks)
        result.fill { out in
            let blocksPerPiece = LoopNest.grain / 8
            Parallelism.forEach((blocks + blocksPerPiece - 1) / blocksPerPiece) { piece in
                for block in piece * blocksPerPiece..<Swift.min((piece + 1) * blocksPerPiece, blocks) {
                    let (first, second) = philox.pair(at: start &+ UInt64(block))
                    out[2 * block] = value(first, 2 * block)
                    if 2 * block + 1 < count { out[2 * block + 1] = value(second, 2 * block + 1) }
                }
            }
        }
        return result
    }
}

extension UInt64 {
    /// These random bits as a number on [0, 1) in steps of 2⁻⁵³.
    @inline(__always)
    var unit: Double { Double(self >> 11) * 0x1p-53 }
}
