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

/// The coefficients of a normalisation's gradient, one of each kind for every column.
struct ChannelGradientCoefficients<Scalar> {
    /// Of the gradient.
    var factor: UnsafePointer<Scalar>
    /// Of the distance from the center.
    var slope: UnsafePointer<Scalar>
    /// What is added.
    var constant: UnsafePointer<Scalar>
}

/// The kernels of normalisations over the rows of matrices of rows × channels.
struct ChannelKernels<Scalar: FloatingScalar>: Sendable {
    typealias P = UnsafePointer<Scalar>
    typealias M = UnsafeMutablePointer<Scalar>
    typealias Sums = UnsafeMutablePointer<Double>
    typealias Affine = ChannelAffineCoefficients<Scalar>
    typealias Line = ChannelGradientCoefficients<Scalar>

    let momentsKernel: @Sendable (P, Int, Sums, Sums, Int, Int) -> Void
    let affineKernel: @Sendable (P, Int, Affine, P?, Int, Bool, M, Int, Int, Int) -> Void
    let gradientSumsKernel: @Sendable (P, P, Int, P, Affine, Sums, Sums, Int, Int) -> Void
    let gradientKernel: @Sendable (P, P, Int, P, Affine, Line, M, Int, Int) -> Void

    /// The mean of each column, and the sum of the squared differences from it; zeros of no rows.
    @inline(__always)
    func moments(x: P, stride: Int, mean: Sums, squares: Sums, rows: Int, columns: Int) {
        momentsKernel(x, stride, mean, squares, rows, columns)
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

    /// sums += Σ dz, products += Σ dz (x - center); dz is dy where the mask's scale x + shift > 0 (everywhere
    /// without one), else 0.
    @inline(__always)
    func gradientSums(
        dy: P, x: P, stride: Int, center: P, mask: Affine, sums: Sums, products: Sums, rows: Int, columns: Int
    ) {
        gradientSumsKernel(dy, x, stride, center, mask, sums, products, rows, columns)
    }

    /// dx = factor dz + slope (x - center) + constant, dz as above. dx may be dy.
    @inline(__always)
    func gradient(
        dy: P, x: P, stride: Int, center: P, mask: Affine, _ line: Line, dx: M, rows: Int, columns: Int
    ) {
        gradientKernel(dy, x, stride, center, mask, line, dx, rows, columns)
    }
}

extension ChannelKernels<Float> {
    /// The Float kernels of an instruction set.
    static func table(_ isa: Int32) -> ChannelKernels {
        ChannelKernels(
            momentsKernel: { x, stride, mean, squares, rows, columns in
                ridgeline_column_moments_f32(isa, x, stride, mean, squares, rows, columns)
            },
            affineKernel: {
                z, zStride, coefficients, residual, residualStride, rectifies, y, yStride, rows, columns in
                ridgeline_channel_affine_f32(
                    isa, z, zStride, coefficients.scale, coefficients.shift, residual, residualStride,
                    rectifies ? 1 : 0, y, yStride, rows, columns)
            },
            gradientSumsKernel: { dy, x, stride, center, mask, sums, products, rows, columns in
                ridgeline_channel_gradient_sums_f32(
                    isa, dy, x, stride, center, mask.scale, mask.shift, sums, products, rows, columns)
            },
            gradientKernel: { dy, x, stride, center, mask, line, dx, rows, columns in
                ridgeline_channel_gradient_f32(
                    isa, dy, x, stride, center, mask.scale, mask.shift, line.factor, line.slope,
                    line.constant, dx, rows, columns)
            })
    }
}

extension ChannelKernels<Double> {
    /// The Double kernels of an instruction set.
    static func table(_ isa: Int32) -> ChannelKernels {
        ChannelKernels(
            momentsKernel: { x, stride, mean, squares, rows, columns in
                ridgeline_column_moments_f64(isa, x, stride, mean, squares, rows, columns)
            },
            affineKernel: {
                z, zStride, coefficients, residual, residualStride, rectifies, y, yStride, rows, columns in
                ridgeline_channel_affine_f64(
                    isa, z, zStride, coefficients.scale, coefficients.shift, residual, residualStride,
                    rectifies ? 1 : 0, y, yStride, rows, columns)
            },
            gradientSumsKernel: { dy, x, stride, center, mask, sums, products, rows, columns in
                ridgeline_channel_gradient_sums_f64(
                    isa, dy, x, stride, center, mask.scale, mask.shift, sums, products, rows, columns)
            },
            gradientKernel: { dy, x, stride, center, mask, line, dx, rows, columns in
                ridgeline_channel_gradient_f64(
                    isa, dy, x, stride, center, mask.scale, mask.shift, line.factor, line.slope,
                    line.constant, dx, rows, columns)
            })
    }
}
