// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Reference {
    @inline(__always)
    static func layerNormalization(
        _ x: P, _ scale: P?, _ offset: P?, _ epsilon: Scalar, _ y: M, _ mean: M, _ reciprocalDeviation: M,
        _ rows: Int,
        _ columns: Int
    ) {
        for row in 0..<rows {
            let x = x + row * columns
            let y = y + row * columns
            let center = sum(x, columns) / Double(columns)
            let variance = sumOfSquares(x, center, columns) / Double(columns)
            let factor = 1 / (variance + Double(epsilon)).squareRoot()
            mean[row] = Scalar(center)
            reciprocalDeviation[row] = Scalar(factor)
            for column in 0..<columns {
                var value = (Double(x[column]) - center) * factor
                if let scale { value *= Double(scale[column]) }
                if let offset { value += Double(offset[column]) }
                y[column] = Scalar(value)
            }
        }
    }

    /// With g = scale dy: dx = r (g - mean(g) - xhat mean(g xhat)).
    @inline(__always)
    static func layerNormalizationBackward(
        _ x: P, _ scale: P?, _ mean: P, _ reciprocalDeviation: P, _ dy: P, _ dx: M, _ dScale: M?,
        _ dOffset: M?,
        _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            let x = x + row * columns
            let dy = dy + row * columns
            let dx = dx + row * columns
            let center = Double(mean[row])
            let factor = Double(reciprocalDeviation[row])
            var sum = 0.0
            var dot = 0.0
            for column in 0..<columns {
                let normalized = (Double(x[column]) - center) * factor
                let upstream = Double(dy[column])
                let g = scale.map { Double($0[column]) * upstream } ?? upstream
                sum += g
                dot += g * normalized
                if let dScale { dScale[column] += Scalar(upstream * normalized) }
                if let dOffset { dOffset[column] += dy[column] }
            }
            sum /= Double(columns)
            dot /= Double(columns)
            for column in 0..<columns {
                let normalized = (Double(x[column]) - center) * factor
                let g = scale.map { Double($0[column]) * Double(dy[column]) } ?? Double(dy[column])
                dx[column] = Scalar(factor * (g - sum - normalized * dot))
            }
        }
    }
}
