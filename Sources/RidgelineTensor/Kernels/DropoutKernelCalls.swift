// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What decides a dropout: where its random words come from, below which value a word drops its element, and
/// what becomes of either kind.
package struct DropoutDraw<Scalar: FloatingScalar>: Sendable {
    /// The key of the Philox stream.
    package var key: UInt64
    /// The position of the block of four words that decides the first element.
    package var position: UInt64
    /// Which of its words does.
    package var skip = 0
    /// A word below it drops its element; from 0 up to 2³².
    package var threshold: UInt64
    /// The factor of a kept element.
    package var scale: Scalar
    /// Added to a kept element; −0 changes nothing, not even a zero's sign.
    package var kept: Scalar = -0.0
    /// Added to a dropped element times 0.
    package var dropped: Scalar = -0.0

    /// The same draw for the elements from `element` on.
    @inline(__always)
    func advanced(by element: Int) -> DropoutDraw {
        var draw = self
        draw.position &+= UInt64((skip + element) / 4)
        draw.skip = (skip + element) % 4
        return draw
    }

    /// The draw that makes the gradient of x of that of y: the product alone.
    var backward: DropoutDraw {
        var draw = self
        (draw.kept, draw.dropped) = (-0.0, -0.0)
        return draw
    }
}

extension KernelTable {
    /// y = x·scale + kept where the draw keeps the element, else x·0 + dropped. y may be x.
    @inline(__always)
    package func dropout(_ draw: DropoutDraw<Scalar>, x: P, y: M, count: Int) {
        dropoutKernel(draw, x, y, count)
    }
}

extension Reference {
    @inline(__always)
    static func dropout(_ draw: DropoutDraw<Scalar>, _ x: P, _ y: M, _ count: Int) {
        let philox = Philox(key: draw.key)
        for i in 0..<count {
            let element = draw.advanced(by: i)
            let keep = UInt64(philox.words(at: element.position)[element.skip]) >= draw.threshold
            y[i] = x[i] * (keep ? draw.scale : 0) + (keep ? draw.kept : draw.dropped)
        }
    }
}
