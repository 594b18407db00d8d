// Part of Ridgeline. Licensed under the Apache License 2.0.

extension ChannelKernels {
    /// The plain Swift kernels.
    @inline(__always)
    static func reference() -> ChannelKernels {
        ChannelKernels(
            momentsKernel: { Reference<Scalar>.columnMoments($0, $1, $2, $3, $4, $5) },
            affineKernel: { Reference<Scalar>.channelAffine($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
            gradientSumsKernel: {
                Reference<Scalar>.channelGradientSums($0, $1, $2, $3, $4, $5, $6, $7, $8)
            },
            gradientKernel: { Reference<Scalar>.channelGradient($0, $1, $2, $3, $4, $5, $6, $7, $8) })
    }
}

extension Reference {
    typealias Affine = ChannelAffineCoefficients<Scalar>

    @inline(__always)
    static func columnMoments(
        _ x: P, _ stride: Int, _ mean: UnsafeMutablePointer<Double>, _ squares: UnsafeMutablePointer<Double>,
        _ rows: Int, _ columns: Int
    ) {
        for column in 0..<columns {
            (mean[column], squares[column]) = (0, 0)
            if rows == 0 { continue }
            let values = (0..<rows).lazy.map { Double(x[$0 * stride + column]) }
            let center = values.reduce(0, +) / Double(rows)
            mean[column] = center
            squares[column] = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
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
    static func channelGradientSums(
        _ dy: P, _ x: P, _ stride: Int, _ center: P, _ mask: Affine, _ sums: UnsafeMutablePointer<Double>,
        _ products: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * stride + column
                let dz = mask.passes(x[index], column) ? Double(dy[index]) : 0
                sums[column] += dz
                products[column] += dz * Double(x[index] - center[column])
            }
        }
    }

    @inline(__always)
    static func channelGradient(
        _ dy: P, _ x: P, _ stride: Int, _ center: P, _ mask: Affine,
        _ line: ChannelGradientCoefficients<Scalar>, _ dx: M, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * stride + column
                let dz = mask.passes(x[index], column) ? dy[index] : 0
                let difference = x[index] - center[column]
                dx[index] =
                    line.factor[column] * dz + (line.slope[column] * difference + line.constant[column])
            }
        }
    }
}

extension ChannelAffineCoefficients where Scalar: FloatingScalar {
    /// scale·z + shift. One operation forward and backward, so that a rectifier's mask is the same in both.
    @inline(__always)
    fileprivate func callAsFunction(_ z: Scalar, _ column: Int) -> Scalar {
        (scale.map { $0[column] * z } ?? z) + (shift?[column] ?? 0)
    }

    /// Whether a rectifier lets the gradient through; NaN does.
    @inline(__always)
    fileprivate func passes(_ x: Scalar, _ column: Int) -> Bool {
        scale == nil || !(self(x, column) <= 0)
    }
}
