// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A normalisation and its gradients as they are written down, in twice Double's precision, over groups of elements.
struct ExactNormalization {
    /// A value, and the largest of the terms that it is made of.
    struct Value {
        let value: DoubleDouble
        let largest: Double
    }

    let x: [DoubleDouble]
    let scale: [DoubleDouble]
    let offset: [DoubleDouble]
    let dy: [DoubleDouble]
    let epsilon: DoubleDouble
    var y: [Value] = []
    var dx: [Value] = []
    var dScale: [Value] = []
    var dOffset: [Value] = []

    init(
        x: [DoubleDouble], scale: [DoubleDouble], offset: [DoubleDouble], dy: [DoubleDouble],
        epsilon: DoubleDouble
    ) {
        (self.x, self.scale, self.offset, self.dy, self.epsilon) = (x, scale, offset, dy, epsilon)
    }

    /// Computes all, with the statistics of the elements of each group, or given ones by channel.
    mutating func run(
        given: (mean: [DoubleDouble], variance: [DoubleDouble])? = nil, group: (Int) -> Int
    ) {
        let (channels, zero) = (scale.count, DoubleDouble(0.0))
        let members = Dictionary(grouping: x.indices, by: group)
        // Squares near 1 whatever the magnitude: all by a power of two, and back.
        let largest = x.reduce(0) { Swift.max($0, $1.magnitude) }
        let power = DoubleDouble(
            Double(
                sign: .plus, exponent: given == nil && largest > 0 ? -Int(largest.exponent) : 0,
                significand: 1))
        var normalized = [DoubleDouble](repeating: zero, count: x.count)
        y = [Value](repeating: Value(value: zero, largest: 0), count: x.count)
        dx = y
        for (_, indices) in members {
            let count = DoubleDouble(Double(indices.count))
            let channel = indices[0] % channels
            let center = given?.mean[channel] ?? indices.map { x[$0] * power }.sum() / count
            let differences = indices.map { x[$0] * power - center }
            let variance = given?.variance[channel] ?? differences.map { $0 * $0 }.sum() / count
            let factor = DoubleDouble(1.0) / (variance + epsilon * power * power).squareRoot
            let g = indices.map { scale[$0 % channels] * dy[$0] }
            let hats = differences.map { $0 * factor }
            let meanG = given == nil ? g.sum() / count : zero
            let products = zip(g, hats).map { $0 * $1 }
            let meanDot = given == nil ? products.sum() / count : zero
            // How large what is summed is.
            let size = given == nil ? g.reduce(0) { $0 + $1.magnitude } / count.high : 0
            let dotSize = given == nil ? products.reduce(0) { $0 + $1.magnitude } / count.high : 0
            for (place, index) in indices.enumerated() {
                let (s, o) = (scale[index % channels], offset[index % channels])
                normalized[index] = hats[place]
                y[index] = Value(
                    value: hats[place] * s + o,
                    largest: Swift.max(
                        (hats[place] * s).magnitude, given == nil ? s.magnitude : 0, o.magnitude))
                let terms = [g[place].magnitude, size, hats[place].magnitude * dotSize]
                dx[index] = Value(
                    value: factor * power * (g[place] - meanG - hats[place] * meanDot),
                    largest: factor.magnitude * power.high * terms.reduce(0, Swift.max))
            }
        }
        for channel in 0..<channels {
            let indices = stride(from: channel, to: x.count, by: channels)
            let products = indices.map { dy[$0] * normalized[$0] }
            dScale.append(Value(value: products.sum(), largest: products.reduce(0) { $0 + $1.magnitude }))
            dOffset.append(
                Value(
                    value: indices.map { dy[$0] }.sum(),
                    largest: indices.reduce(0) { $0 + dy[$1].magnitude }))
        }
    }
}
