// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

extension Tensor where Scalar: FloatingScalar {
    /// Independent values, uniform on `range`: lower bound included, upper bound not; where rounding would reach it,
    /// the value is the number before it. Of an empty range, all are the bound. Traps on a range that is not finite.
    public static func uniform(
        _ shape: Shape, in range: Range<Scalar> = 0..<1, using generator: RandomGenerator = .current
    ) -> Tensor {
        let width = range.upperBound - range.lowerBound
        require(width.isFinite, "uniform: the range \(range) is not finite")
        let last = range.isEmpty ? range.upperBound : range.upperBound.nextDown
        func value(_ unit: Scalar) -> Scalar { Swift.min(range.lowerBound + width * unit, last) }
        return drawn(shape, generator) { words in
            let (first, second) = units(words)
            return (value(first), value(second))
        }
    }

    /// Independent values from the normal distribution N(mean, standardDeviation²), by Box and Muller's
    /// transform. Traps on a negative standard deviation.
    public static func normal(
        _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1,
        using generator: RandomGenerator = .current
    ) -> Tensor {
        require(
            standardDeviation >= 0, "normal: the standard deviation \(standardDeviation) is negative")
        return drawn(shape, generator) { words in
            let (first, second) = normals(words)
            return (mean + standardDeviation * first, mean + standardDeviation * second)
        }
    }

    /// Independent values from N(mean, standardDeviation²) restricted to `bounds` (in standard deviations
    /// from the mean, ±2 as in TensorFlow and in PyTorch's `trunc_normal_` default of absolute ±2 at unit
    /// deviation), by the inverse of the distribution function. Traps on a negative deviation, and on bounds
    /// that do not leave some of the distribution within eight deviations of its mean.
    public static func truncatedNormal(
        _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1,
        bounds: ClosedRange<Scalar> = -2...2, using generator: RandomGenerator = .current
    ) -> Tensor {
        require(
            standardDeviation >= 0,
            "truncatedNormal: the standard deviation \(standardDeviation) is negative")
        // Probabilities keep their precision in the lower tail: bounds in the upper one are mirrored.
        let sign: Double = bounds.lowerBound > 0 ? -1 : 1
        let ends = [bounds.lowerBound.asDouble * sign, bounds.upperBound.asDouble * sign].sorted()
        let (low, high) = (Swift.max(ends[0], -8), Swift.min(ends[1], 8))
        require(
            low < high, "truncatedNormal: bounds \(bounds); expected more than one point within ±8 deviations"
        )
        let (first, last) = (normalDistribution(low), normalDistribution(high))
        func value(_ unit: Scalar) -> Scalar {
            let quantile = inverseNormalDistribution(first + (last - first) * unit.asDouble)
            let clamped = Scalar(fromDouble: sign * Swift.min(Swift.max(quantile, low), high))
            return mean + standardDeviation * clamped
        }
        return drawn(shape, generator) { words in
            let (first, second) = units(words)
            return (value(first), value(second))
        }
    }

    /// Glorot and Bengio's uniform initialisation: U(−a, a), a = gain·√(6 / (fanIn + fanOut)) ("Understanding
    /// the difficulty of training deep feedforward neural networks", 2010; PyTorch: `xavier_uniform_`). The
    /// shape is (out, in, …): fan-in is the product of all extents but the first, fan-out that of all but
    /// the second. Traps below two axes.
    public static func glorotUniform(
        _ shape: Shape, gain: Scalar = 1, using generator: RandomGenerator = .current
    ) -> Tensor {
        let (fanIn, fanOut) = fans(shape, "glorotUniform")
        let bound = gain * (6 / Scalar(fromDouble: Double(fanIn + fanOut))).squareRoot()
        return uniform(shape, in: -bound..<bound, using: generator)
    }

    /// Glorot and Bengio's normal initialisation: N(0, gain²·2 / (fanIn + fanOut)) (PyTorch:
    /// `xavier_normal_`); fans as in `glorotUniform`.
    public static func glorotNormal(
        _ shape: Shape, gain: Scalar = 1, using generator: RandomGenerator = .current
    ) -> Tensor {
        let (fanIn, fanOut) = fans(shape, "glorotNormal")
        let deviation = gain * (2 / Scalar(fromDouble: Double(fanIn + fanOut))).squareRoot()
        return normal(shape, standardDeviation: deviation, using: generator)
    }

    /// He et al.'s uniform initialisation: U(−a, a), a = gain·√(3 / fanIn), gain √2 for ReLU ("Delving deep
    /// into rectifiers", 2015; PyTorch: `kaiming_uniform_`); fan-in as in `glorotUniform`.
    public static func heUniform(
        _ shape: Shape, gain: Scalar = Scalar(2).squareRoot(), using generator: RandomGenerator = .current
    ) -> Tensor {
        let bound = gain * (3 / Scalar(fromDouble: Double(fans(shape, "heUniform").fanIn))).squareRoot()
        return uniform(shape, in: -bound..<bound, using: generator)
    }

    /// He et al.'s normal initialisation: N(0, gain² / fanIn), gain √2 for ReLU (PyTorch:
    /// `kaiming_normal_`); fan-in as in `glorotUniform`.
    public static func heNormal(
        _ shape: Shape, gain: Scalar = Scalar(2).squareRoot(), using generator: RandomGenerator = .current
    ) -> Tensor {
        let deviation = gain / Scalar(fromDouble: Double(fans(shape, "heNormal").fanIn)).squareRoot()
        return normal(shape, standardDeviation: deviation, using: generator)
    }

    private static func fans(_ shape: Shape, _ operation: String) -> (fanIn: Int, fanOut: Int) {
        require(
            shape.rank >= 2, "\(operation): shape \(shape); expected at least two axes, (out, in, …)")
        let window = shape.dropFirst(2).reduce(1, *)
        return (Swift.max(shape[1] * window, 1), Swift.max(shape[0] * window, 1))
    }

    /// A tensor filled two values a block of random words.
    private static func drawn(
        _ shape: Shape, _ generator: RandomGenerator,
        _ pair: (SIMD4<UInt32>) -> (Scalar, Scalar)
    ) -> Tensor {
        if SkippedDraws.isOn { return .zeros(shape) }
        var result = Tensor(uninitialized: shape)
        let count = shape.elementCount
        let blocks = (count + 1) / 2
        let (philox, start) = generator.reserve(blocks)
        result.fill { out in
            let blocksPerPiece = LoopNest.grain / 8
            Parallelism.forEach((blocks + blocksPerPiece - 1) / blocksPerPiece) { piece in
                for block in piece * blocksPerPiece..<Swift.min((piece + 1) * blocksPerPiece, blocks) {
                    let (first, second) = pair(philox.words(at: start &+ UInt64(block)))
                    out[2 * block] = first
                    if 2 * block + 1 < count { out[2 * block + 1] = second }
                }
            }
        }
        return result
    }

    /// Two values uniform on [0, 1), with as many random bits as the significand holds.
    private static func units(_ words: SIMD4<UInt32>) -> (Scalar, Scalar) {
        if Scalar.self == Float.self {
            let scale = Scalar(sign: .plus, exponent: -24, significand: 1)
            return (Scalar(words[0] >> 8) * scale, Scalar(words[1] >> 8) * scale)
        }
        let scale = Scalar(sign: .plus, exponent: -53, significand: 1)
        let first = (UInt64(words[0]) << 32 | UInt64(words[1])) >> 11
        let second = (UInt64(words[2]) << 32 | UInt64(words[3])) >> 11
        return (Scalar(first) * scale, Scalar(second) * scale)
    }

    private static func normals(_ words: SIMD4<UInt32>) -> (Scalar, Scalar) {
        let (first, second) = units(words)
        let radius = (-2 * Scalar.log(onePlus: -first)).squareRoot()
        let angle = 2 * Scalar.pi * second
        return (radius * Scalar.cos(angle), radius * Scalar.sin(angle))
    }
}

/// Φ(x), the distribution function of N(0, 1).
private func normalDistribution(_ x: Double) -> Double { Double.erfc(-x / 2.0.squareRoot()) / 2 }

/// Φ⁻¹(p) by Newton's steps on Φ from Winitzki's closed approximation, for −8 ≤ x; as precise as p is, which
/// beyond x = 5 is less and less.
private func inverseNormalDistribution(_ p: Double) -> Double {
    let centred = 2 * p - 1
    let a = 0.147
    let logarithm = Double.log(onePlus: -centred * centred)
    let first = 2 / (Double.pi * a) + logarithm / 2
    let start = ((first * first - logarithm / a).squareRoot() - first).squareRoot() * 2.0.squareRoot()
    var x = centred < 0 ? -start : start
    for _ in 0..<8 {
        let density = Double.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        if density == 0 { break }
        x -= (normalDistribution(x) - p) / density
    }
    return x
}
