// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// exp(-w - low) as a product of two: what is multiplied by `factor` first and by `rest` last reaches the subnormal
/// numbers with one rounding.
struct Decay {
    let factor, rest: Double

    /// The exponential itself.
    var value: Double { factor * rest }

    /// - Parameter low: a part of the exponent so small that its first order will do.
    @inline(__always) init(_ w: Double, low: Double = 0) {
        let isFar = w > 600
        let e = Double.exp(isFar ? Self.shift - w : -w)
        // Infinite exponents have no low part.
        factor = w < 2000 ? e.addingProduct(-e, isFar ? low - Self.shiftLow : low) : e
        rest = isFar ? 0x1p-512 : 1
    }

    /// exp(-|beta x|), with the rounding error of the product.
    @inline(__always) init(_ x: Double, times beta: Double) {
        let u = beta * x
        let low = (-u).addingProduct(beta, x)
        self.init(u.magnitude, low: u < 0 ? -low : low)
    }

    /// exp(-t^2 / 2).
    @inline(__always) init(halfSquareOf t: Double) {
        let square = t * t
        self.init(0.5 * square, low: 0.5 * (-square).addingProduct(t, t))
    }

    /// 512 log 2, with so few bits that differences from it are exact.
    private static let shift = 354.89135644669204
    private static let shiftLow = -4.496989917391496e-14
}
