// Part of Ridgeline. Licensed under the Apache License 2.0.

extension ChannelKernels {
    /// The plain Swift kernels.
    @inline(__always)
    static func reference() -> ChannelKernels {
        ChannelKernels(
            momentsKernel: { Reference<Scalar>.columnMoments($0, $1, $2, $3, $4, $5, $6) },
            affineKernel: { Reference<Scalar>.channelAffine($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
            normalizationKernel: {
                Reference<Scalar>.channelNormalization($0, $1, $2, $3, $4, $5, $6, $7)
            },
            gradientSumsKernel: {
                Reference<Scalar>.channelGradientSums($0, $1, $2, $3, $4, $5, $6, $7, $8)
            },
            gradientKernel: { Reference<Scalar>.channelGradient($0, $1, $2, $3, $4, $5, $6, $7, $8) })
    }
}

extension Reference {
    typealias Affine = ChannelAffineCoefficients<Scalar>

    typealias Normalization = ChannelNormalizationCoefficients
    typealias Sums = UnsafeMutablePointer<Double>

    @inline(__always)
    static func columnMoments(
        _ x: P, _ stride: Int, _ center: Sums, _ delta: Sums, _ squares: Sums, _ rows: Int, _ columns: Int
    ) {
        for column in 0..<columns {
            (center[column], delta[column], squares[column]) = (0, 0, 0)
            if rows == 0 { continue }
            // Differences from a value of the column, so that a large mean does not cancel.
            let first = Double(x[column])
            let values = (0..<rows).lazy.map { Double(x[$0 * stride + column]) - first }
            let mean = values.reduce(0, +) / Double(rows)
            center[column] = first
            delta[column] = mean
            squares[column] = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
    }

    @inline(__always)
    static func channelAffine(
        _ z: P, _ zStride: Int, _ coefficients: Affine, _ residual: P?, _ residualStride: Int,
        _ rectifies: Bool, _ y: M, _ yStride: Int, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                var value = coefficients(z[row * zStride + column], column)
                if let residual { value += residual[row * residualStride + column] }
                y[row * yStride + column] = rectifies && value <= 0 ? 0 : value
            }
        }
    }

    @inline(__always)
    static func channelNormalization(
        _ x: P, _ residual: P?, _ y: M, _ stride: Int, _ coefficients: Normalization, _ rectifies: Bool,
        _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * stride + column
                var value = coefficients(x[index], column)
                if let residual { value += Double(residual[index]) }
                let rounded = Scalar(value)
                y[index] = rectifies && rounded <= 0 ? 0 : rounded
            }
        }
    }

    @inline(__always)
    static func channelGradientSums(
        _ dy: P, _ x: P, _ stride: Int, _ coefficients: Normalization, _ masked: Bool, _ sums: Sums,
        _ products: Sums, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * stride + column
                let dz = !masked || coefficients.passes(x[index], column) ? Double(dy[index]) : 0
                sums[column] += dz
                products[column] += dz * (Double(x[index]) - coefficients.center[column])
            }
        }
    }

    @inline(__always)
    static func channelGradient(
        _ dy: P, _ x: P, _ stride: Int, _ coefficients: Normalization, _ masked: Bool,
        _ line: ChannelGradientCoefficients, _ dx: M, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * stride + column
                let dz = !masked || coefficients.passes(x[index], column) ? Double(dy[index]) : 0
                var value = line.factor[column] * dz
                if let slope = line.slope, let constant = line.constant {
                    let difference = Double(x[index]) - coefficients.center[column]
                    value += slope[column] * difference + constant[column]
                }
                dx[index] = Scalar(value)
            }
        }
    }
}

extension ChannelAffineCoefficients where Scalar: FloatingScalar {
    /// scale·z + shift.
    @inline(__always)
    fileprivate func callAsFunction(_ z: Scalar, _ column: Int) -> Scalar {
        (scale.map { $0[column] * z } ?? z) + (shift?[column] ?? 0)
    }
}

extension ChannelNormalizationCoefficients {
    /// factor·(x − center) + constant. One operation forward and backward, so that a rectifier's mask is the same in
    /// both.
    @inline(__always)
    fileprivate func callAsFunction<Scalar: FloatingScalar>(_ x: Scalar, _ column: Int) -> Double {
        factor[column] * (Double(x) - center[column]) + constant[column]
    }

    /// Whether a rectifier lets the gradient through; NaN does.
    @inline(__always)
    fileprivate func passes<Scalar: FloatingScalar>(_ x: Scalar, _ column: Int) -> Bool {
        !(Scalar(self(x, column)) <= 0)
    }
}
