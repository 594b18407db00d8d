// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What decides a dropout: where its random words come from, below which value a word drops its element, and
/// what becomes of either kind.
package struct DropoutDraw<Scalar: FloatingScalar>: Sendable {
    /// The key of the Philox stream.
    package var key: UInt64
    /// The position of the block that decides the first four elements.
    package var position: UInt64
    /// A word below it drops its element; from 0 up to 2³².
    package var threshold: UInt64
    /// The factor of a kept element.
    package var scale: Scalar
    /// Added to a kept element; −0 changes nothing, not even a zero's sign.
    package var kept: Scalar = -0.0
    /// Added to a dropped element times 0.
    package var dropped: Scalar = -0.0

    /// The same draw for the elements from `element` on, a multiple of four.
    @inline(__always)
    func advanced(by element: Int) -> DropoutDraw {
        var draw = self
        draw.position &+= UInt64(element / 4)
        return draw
    }
}

extension KernelTable {
    /// mask = the element is kept; y = x·scale + kept where it is, else x·0 + dropped. y may be x.
    @inline(__always)
    package func dropout(
        _ draw: DropoutDraw<Scalar>, x: P, y: M, mask: UnsafeMutablePointer<Bool>, count: Int
    ) {
        dropoutKernel(draw, x, y, mask, count)
    }

    /// dx = dy·scale where the mask holds, else dy·0. dx may be dy.
    @inline(__always)
    package func dropoutBackward(mask: UnsafePointer<Bool>, scale: Scalar, dy: P, dx: M, count: Int) {
        dropoutBackwardKernel(mask, scale, dy, dx, count)
    }
}

extension Reference {
    @inline(__always)
    static func dropout(
        _ draw: DropoutDraw<Scalar>, _ x: P, _ y: M, _ mask: UnsafeMutablePointer<Bool>, _ count: Int
    ) {
        let philox = Philox(key: draw.key)
        for start in stride(from: 0, to: count, by: 4) {
            let words = philox.words(at: draw.advanced(by: start).position)
            for lane in 0..<Swift.min(4, count - start) {
                let keep = UInt64(words[lane]) >= draw.threshold
                mask[start + lane] = keep
                let product = x[start + lane] * (keep ? draw.scale : 0)
                y[start + lane] = product + (keep ? draw.kept : draw.dropped)
            }
        }
    }

    @inline(__always)
    static func dropoutBackward(
        _ mask: UnsafePointer<Bool>, _ scale: Scalar, _ dy: P, _ dx: M, _ count: Int
    ) {
        for i in 0..<count { dx[i] = dy[i] * (mask[i] ? scale : 0) }
    }
}
