// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What each new pixel along one axis is made of when an image is resized: a triangle as wide as a new pixel is
/// (or an old one, where these are larger), in fixed point, to the bit as Pillow's `Image.resize` with
/// `BILINEAR` has it.
struct BilinearFilter: Sendable {
    /// The bits after the point of the weights.
    static let fractionBits = 32 - 8 - 2

    /// The old pixels of one new pixel, and where its weights begin.
    struct Window: Sendable {
        let first: Int
        let count: Int
        let weights: Int
    }

    private(set) var windows: [Window] = []
    private(set) var weights: [Int] = []

    /// The new pixels `wanted`, of an axis of `old` pixels that becomes one of `new`.
    init(from old: Int, to new: Int, wanted: Range<Int>) {
        let scale = Double(old) / Double(new)
        let support = max(scale, 1)
        for pixel in wanted {
            let centre = (Double(pixel) + 0.5) * scale
            let first = max(0, Int(centre - support + 0.5))
            let count = min(old, Int(centre + support + 0.5)) - first
            var shares = (0..<count).map { tap in
                let distance = abs((Double(tap + first) - centre + 0.5) * (1 / support))
                return distance < 1 ? 1 - distance : 0
            }
            let sum = shares.reduce(0, +)
            if sum != 0 { for tap in shares.indices { shares[tap] *= 1 / sum } }
            windows.append(Window(first: first, count: count, weights: weights.count))
            weights += shares.map { Int(0.5 + $0 * Double(1 << Self.fractionBits)) }
        }
    }

    /// The old pixels that any of the new ones needs.
    var reach: Range<Int> {
        guard let first = windows.first, let last = windows.last else { return 0..<0 }
        return first.first..<last.first + last.count
    }

    /// The new pixel at `index` of old ones that lie `step` apart from `values` on, the first of them number
    /// `origin`; rounded to 8 bits.
    @inline(__always)
    func value(_ index: Int, of values: UnsafePointer<UInt8>, from origin: Int = 0, step: Int) -> UInt8 {
        let window = windows[index]
        var sum = 1 << (Self.fractionBits - 1)
        for tap in 0..<window.count {
            sum += weights[window.weights + tap] * Int(values[(window.first - origin + tap) * step])
        }
        return UInt8(min(sum >> Self.fractionBits, 255))
    }
}
