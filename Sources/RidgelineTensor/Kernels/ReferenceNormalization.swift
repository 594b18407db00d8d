// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Reference {
    @inline(__always)
    static func layerNormalization(
        _ x: P, _ scale: UnsafePointer<Double>?, _ offset: UnsafePointer<Double>?,
        _ epsilon: UnsafePointer<Double>, _ y: M, _ center: Sums,
        _ delta: Sums, _ reciprocalDeviation: Sums, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows where columns > 0 {
            let x = x + row * columns
            let y = y + row * columns
            // Differences from a value of the row, so that a large mean does not cancel.
            let first = Double(x[0])
            let values = (0..<columns).lazy.map { Double(x[$0]) - first }
            let mean = values.reduce(0, +) / Double(columns)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
            let factor = 1 / (variance + epsilon[row]).squareRoot()
            (center[row], delta[row], reciprocalDeviation[row]) = (first, mean, factor)
            for column in 0..<columns {
                var value = (Double(x[column]) - first - mean) * factor
                if let scale { value *= scale[column] }
                if let offset { value += offset[column] }
                y[column] = Scalar(value)
            }
        }
    }

    /// With g = scale dy: dx = r (g - mean(g) - xhat mean(g xhat)).
    @inline(__always)
    static func layerNormalizationBackward(
        _ x: P, _ scale: UnsafePointer<Double>?, _ center: UnsafePointer<Double>,
        _ delta: UnsafePointer<Double>,
        _ reciprocalDeviation: UnsafePointer<Double>, _ dy: P, _ dx: M, _ dScale: Sums?, _ dOffset: Sums?,
        _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            let x = x + row * columns
            let dy = dy + row * columns
            let dx = dx + row * columns
            let (first, mean, factor) = (center[row], delta[row], reciprocalDeviation[row])
            var sum = 0.0
            var dot = 0.0
            for column in 0..<columns {
                let normalized = (Double(x[column]) - first - mean) * factor
                let upstream = Double(dy[column])
                let g = scale.map { $0[column] * upstream } ?? upstream
                sum += g
                dot += g * normalized
                if let dScale { dScale[column] += upstream * normalized }
                if let dOffset { dOffset[column] += upstream }
            }
            sum /= Double(columns)
            dot /= Double(columns)
            for column in 0..<columns {
                let normalized = (Double(x[column]) - first - mean) * factor
                let g = scale.map { $0[column] * Double(dy[column]) } ?? Double(dy[column])
                dx[column] = Scalar(factor * (g - sum - normalized * dot))
            }
        }
    }
}
