// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// What is done to each channel of a matrix of rows × channels: one coefficient of each kind for every column.
struct ChannelAffineCoefficients<Scalar> {
    /// The factor; nil for 1.
    var scale: UnsafePointer<Scalar>?
    /// What is added; nil for 0.
    var shift: UnsafePointer<Scalar>?

    /// No coefficients.
    static var none: Self { Self() }
}

/// A normalisation of each column: z = factor·(x − center) + constant.
struct ChannelNormalizationCoefficients {
    /// A value near the mean, such that x − center is exact where x is near it.
    var center: UnsafePointer<Double>
    var factor: UnsafePointer<Double>
    /// What is added, the rest of the mean included.
    var constant: UnsafePointer<Double>
}

/// The coefficients of a normalisation's gradient, one of each kind for every column.
struct ChannelGradientCoefficients {
    /// Of the gradient.
    var factor: UnsafePointer<Double>
    /// Of the distance from the center; nil where the statistics are given.
    var slope: UnsafePointer<Double>?
    /// What is added; nil as the slope.
    var constant: UnsafePointer<Double>?
}

/// The kernels of normalisations over the rows of matrices of rows × channels.
struct ChannelKernels<Scalar: FloatingScalar>: Sendable {
    typealias P = UnsafePointer<Scalar>
    typealias M = UnsafeMutablePointer<Scalar>
    typealias Sums = UnsafeMutablePointer<Double>
    typealias Affine = ChannelAffineCoefficients<Scalar>
    typealias Coefficients = ChannelNormalizationCoefficients
    typealias Line = ChannelGradientCoefficients

    let momentsKernel: @Sendable (P, Int, Sums, Sums, Sums, Int, Int) -> Void
    let affineKernel: @Sendable (P, Int, Affine, P?, Int, Bool, M, Int, Int, Int) -> Void
    let normalizationKernel: @Sendable (P, P?, M, Int, Coefficients, Bool, Int, Int) -> Void
    let gradientSumsKernel: @Sendable (P, P, Int, Coefficients, Bool, Sums, Sums, Int, Int) -> Void
    let gradientKernel: @Sendable (P, P, Int, Coefficients, Bool, Line, M, Int, Int) -> Void

    /// The mean of each column, center + delta, and the sum of the squared differences from it; zeros of no rows.
    @inline(__always)
    func moments(x: P, stride: Int, center: Sums, delta: Sums, squares: Sums, rows: Int, columns: Int) {
        momentsKernel(x, stride, center, delta, squares, rows, columns)
    }

    /// y = scale z + shift + residual, and where it rectifies max(y, 0). y may be z or the residual.
    @inline(__always)
    func affine(
        z: P, zStride: Int, _ coefficients: Affine, residual: P? = nil, residualStride: Int = 0,
        rectifies: Bool, y: M, yStride: Int, rows: Int, columns: Int
    ) {
        affineKernel(
            z, zStride, coefficients, residual, residualStride, rectifies, y, yStride, rows, columns)
    }

    /// y = z + residual, z = factor (x - center) + constant in double, rounded once; where it rectifies max(y, 0). y may
    /// be x or the residual.
    @inline(__always)
    func normalization(
        x: P, residual: P? = nil, y: M, stride: Int, _ coefficients: Coefficients, rectifies: Bool, rows: Int,
        columns: Int
    ) {
        normalizationKernel(x, residual, y, stride, coefficients, rectifies, rows, columns)
    }

    /// sums += Σ dz, products += Σ dz (x - center); dz is dy, or, where it is masked, that where z > 0.
    @inline(__always)
    func gradientSums(
        dy: P, x: P, stride: Int, _ coefficients: Coefficients, masked: Bool, sums: Sums, products: Sums,
        rows: Int, columns: Int
    ) {
        gradientSumsKernel(dy, x, stride, coefficients, masked, sums, products, rows, columns)
    }

    /// dx = factor dz + slope (x - center) + constant, dz as above. dx may be dy.
    @inline(__always)
    func gradient(
        dy: P, x: P, stride: Int, _ coefficients: Coefficients, masked: Bool, _ line: Line, dx: M, rows: Int,
        columns: Int
    ) {
        gradientKernel(dy, x, stride, coefficients, masked, line, dx, rows, columns)
    }
}

extension ChannelKernels<Float> {
    /// The Float kernels of an instruction set.
    static func table(_ isa: Int32) -> ChannelKernels {
        ChannelKernels(
            momentsKernel: { x, stride, center, delta, squares, rows, columns in
                ridgeline_column_moments_f32(isa, x, stride, center, delta, squares, rows, columns)
            },
            affineKernel: {
                z, zStride, coefficients, residual, residualStride, rectifies, y, yStride, rows, columns in
                ridgeline_channel_affine_f32(
                    isa, z, zStride, coefficients.scale, coefficients.shift, residual, residualStride,
                    rectifies ? 1 : 0, y, yStride, rows, columns)
            },
            normalizationKernel: { x, residual, y, stride, coefficients, rectifies, rows, columns in
                ridgeline_channel_normalization_f32(
                    isa, x, residual, y, stride, coefficients.center, coefficients.factor,
                    coefficients.constant, rectifies ? 1 : 0, rows, columns)
            },
            gradientSumsKernel: { dy, x, stride, coefficients, masked, sums, products, rows, columns in
                ridgeline_channel_gradient_sums_f32(
                    isa, dy, x, stride, coefficients.center, masked ? coefficients.factor : nil,
                    masked ? coefficients.constant : nil, sums, products, rows, columns)
            },
            gradientKernel: { dy, x, stride, coefficients, masked, line, dx, rows, columns in
                ridgeline_channel_gradient_f32(
                    isa, dy, x, stride, coefficients.center, masked ? coefficients.factor : nil,
                    masked ? coefficients.constant : nil, line.factor, line.slope, line.constant, dx, rows,
                    columns)
            })
    }
}

extension ChannelKernels<Double> {
    /// The Double kernels of an instruction set.
    static func table(_ isa: Int32) -> ChannelKernels {
        ChannelKernels(
            momentsKernel: { x, stride, center, delta, squares, rows, columns in
                ridgeline_column_moments_f64(isa, x, stride, center, delta, squares, rows, columns)
            },
            affineKernel: {
                z, zStride, coefficients, residual, residualStride, rectifies, y, yStride, rows, columns in
                ridgeline_channel_affine_f64(
                    isa, z, zStride, coefficients.scale, coefficients.shift, residual, residualStride,
                    rectifies ? 1 : 0, y, yStride, rows, columns)
            },
            normalizationKernel: { x, residual, y, stride, coefficients, rectifies, rows, columns in
                ridgeline_channel_normalization_f64(
                    isa, x, residual, y, stride, coefficients.center, coefficients.factor,
                    coefficients.constant, rectifies ? 1 : 0, rows, columns)
            },
            gradientSumsKernel: { dy, x, stride, coefficients, masked, sums, products, rows, columns in
                ridgeline_channel_gradient_sums_f64(
                    isa, dy, x, stride, coefficients.center, masked ? coefficients.factor : nil,
                    masked ? coefficients.constant : nil, sums, products, rows, columns)
            },
            gradientKernel: { dy, x, stride, coefficients, masked, line, dx, rows, columns in
                ridgeline_channel_gradient_f64(
                    isa, dy, x, stride, coefficients.center, masked ? coefficients.factor : nil,
                    masked ? coefficients.constant : nil, line.factor, line.slope, line.constant, dx, rows,
                    columns)
            })
    }
}
