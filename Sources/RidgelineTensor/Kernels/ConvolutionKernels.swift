// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// The kernels of convolutions: Winograd's transforms and depthwise products, of all channels of some tiles or
/// pixels. Taps are pointers to the channels of a pixel; those of pixels outside the image point at zeros.
///
/// A class, so that a loop holds one reference, not a copy of every kernel.
package final class ConvolutionKernels<Scalar: FloatingScalar>: Sendable {
    package typealias P = UnsafePointer<Scalar>
    package typealias M = UnsafeMutablePointer<Scalar>
    package typealias Taps = UnsafePointer<UnsafePointer<Scalar>>
    package typealias Line = UnsafePointer<ridgeline_depthwise_line>
    package typealias Sums = UnsafePointer<UnsafeMutablePointer<Double>>
    /// Tile, image, lines, width, channels, top, left, lines and width of the outputs, tiles, magnitudes, marks.
    typealias MarksKernel =
        @Sendable (
            Int32, P, Int, Int, Int, Int, Int, Int, Int, Int, M, UnsafeMutablePointer<UInt32>
        ) -> Void
    package typealias Pixels = UnsafePointer<UnsafeMutablePointer<Scalar>?>

    let inputKernel: @Sendable (Int32, Taps, Int, M, Int, Int) -> Void
    let outputKernel: @Sendable (Int32, P, Int, Int, Pixels, UnsafeMutablePointer<UInt32>, Int) -> Void
    let gradientKernel: @Sendable (Int32, Taps, Int, M, Int, Int) -> Void
    let weightKernel: @Sendable (Int32, P, Int, Int32, M, Int, Int) -> Void
    let weightGradientKernel: @Sendable (Int32, P, Int, M, Int, Int) -> Void
    let magnitudesKernel: @Sendable (P, Int, Int, M) -> Void
    let marksKernel: MarksKernel
    let gatherRunsKernel: @Sendable (P, Int, UnsafePointer<Int>, Int, Int, M, Int, P) -> Void
    let scatterRunsKernel: @Sendable (P, M, Int, UnsafePointer<Int>, Int, Int, Int, P) -> Void
    let depthwiseKernel: @Sendable (Line, Taps, Taps, Int, Int, M, Int32, Int) -> Void
    let depthwiseWeightsKernel: @Sendable (Line, Taps, Sums, Int, P, Int) -> Void

    init(
        inputKernel: @escaping @Sendable (Int32, Taps, Int, M, Int, Int) -> Void,
        outputKernel:
            @escaping @Sendable (Int32, P, Int, Int, Pixels, UnsafeMutablePointer<UInt32>, Int) -> Void,
        gradientKernel: @escaping @Sendable (Int32, Taps, Int, M, Int, Int) -> Void,
        weightKernel: @escaping @Sendable (Int32, P, Int, Int32, M, Int, Int) -> Void,
        weightGradientKernel: @escaping @Sendable (Int32, P, Int, M, Int, Int) -> Void,
        magnitudesKernel: @escaping @Sendable (P, Int, Int, M) -> Void,
        marksKernel: @escaping MarksKernel,
        gatherRunsKernel: @escaping @Sendable (P, Int, UnsafePointer<Int>, Int, Int, M, Int, P) -> Void,
        scatterRunsKernel: @escaping @Sendable (P, M, Int, UnsafePointer<Int>, Int, Int, Int, P) -> Void,
        depthwiseKernel: @escaping @Sendable (Line, Taps, Taps, Int, Int, M, Int32, Int) -> Void,
        depthwiseWeightsKernel: @escaping @Sendable (Line, Taps, Sums, Int, P, Int) -> Void
    ) {
        self.inputKernel = inputKernel
        self.outputKernel = outputKernel
        self.gradientKernel = gradientKernel
        self.weightKernel = weightKernel
        self.weightGradientKernel = weightGradientKernel
        self.magnitudesKernel = magnitudesKernel
        self.marksKernel = marksKernel
        self.gatherRunsKernel = gatherRunsKernel
        self.scatterRunsKernel = scatterRunsKernel
        self.depthwiseKernel = depthwiseKernel
        self.depthwiseWeightsKernel = depthwiseWeightsKernel
    }

    /// out[ξ] = (Bᵀ·d·B)[ξ] of input tiles d, the matrices ξ `stride` elements apart.
    @inline(__always)
    package func input(
        _ tile: WinogradTile, taps: Taps, tiles: Int, out: M, stride: Int, channels: Int
    ) {
        inputKernel(Int32(tile.rawValue), taps, tiles, out, stride, channels)
    }

    /// The output tiles Aᵀ·m·A, written to the pixels; those that are nil are left out. A tile with a value that is
    /// not finite gains `WinogradMarks.notFinite`.
    @inline(__always)
    package func output(
        _ tile: WinogradTile, from: P, tiles: Int, stride: Int, pixels: Pixels,
        marks: UnsafeMutablePointer<UInt32>, channels: Int
    ) {
        outputKernel(Int32(tile.rawValue), from, tiles, stride, pixels, marks, channels)
    }

    /// The marks of a row of tiles by the lines of an image that they read, of which the first is line `top` of the tiles
    /// and column 0 column −left of the first tile. Outputs count from the first tile. `magnitudes` is room for
    /// lines·width elements.
    @inline(__always)
    package func marks(
        _ tile: WinogradTile, _ x: P, lines: Int, width: Int, channels: Int, top: Int, left: Int,
        outputs: Size2D, tiles: Int, magnitudes: M, marks: UnsafeMutablePointer<UInt32>
    ) {
        marksKernel(
            Int32(tile.rawValue), x, lines, width, channels, top, left, outputs.height, outputs.width, tiles,
            magnitudes, marks)
    }

    /// out[p] = max |x[p][c]| over the channels; NaN where one is.
    @inline(__always)
    package func magnitudes(_ x: P, pixels: Int, channels: Int, out: M) {
        magnitudesKernel(x, pixels, channels, out)
    }

    /// out[ξ] = (A·e·Aᵀ)[ξ] of the gradients e of output tiles.
    @inline(__always)
    package func gradient(
        _ tile: WinogradTile, taps: Taps, tiles: Int, out: M, stride: Int, channels: Int
    ) {
        gradientKernel(Int32(tile.rawValue), taps, tiles, out, stride, channels)
    }

    /// out[ξ] = (G·g·Gᵀ)[ξ] of the nine taps g, in reverse order where they are turned over.
    @inline(__always)
    package func weight(
        _ tile: WinogradTile, taps: P, tapStride: Int, isTurned: Bool, out: M, stride: Int, channels: Int
    ) {
        weightKernel(Int32(tile.rawValue), taps, tapStride, isTurned ? 1 : 0, out, stride, channels)
    }

    /// The nine taps Gᵀ·u·G.
    @inline(__always)
    package func weightGradient(
        _ tile: WinogradTile, from: P, stride: Int, taps: M, tapStride: Int, channels: Int
    ) {
        weightGradientKernel(Int32(tile.rawValue), from, stride, taps, tapStride, channels)
    }

    /// The runs of `length` elements at from + offsets[r] side by side, for each of `positions` windows, `step`
    /// elements apart. `end` is the image's: whole vectors are read up to there.
    @inline(__always)
    package func gatherRuns(
        from: P, step: Int, offsets: UnsafePointer<Int>, runs: Int, length: Int, to: M, positions: Int, end: P
    ) {
        gatherRunsKernel(from, step, offsets, runs, length, to, positions, end)
    }

    /// The transpose: adds such runs, which lie side by side at `from`, to those at to + offsets[r]. `end` is the
    /// image's: zeros may be added up to there.
    @inline(__always)
    package func scatterRuns(
        from: P, to: M, step: Int, offsets: UnsafePointer<Int>, runs: Int, length: Int, positions: Int,
        end: P
    ) {
        scatterRunsKernel(from, to, step, offsets, runs, length, positions, end)
    }

    /// out[p][c] = Σ over rows r and taps t of rows[r][first + p·stride + t·dilation][c]·weights[r][t][c], or added to it.
    @inline(__always)
    package func depthwise(
        _ line: Line, rows: Taps, weights: Taps, count: Int, weightStep: Int, out: M, adds: Bool,
        channels: Int
    ) {
        depthwiseKernel(line, rows, weights, count, weightStep, out, adds ? 1 : 0, channels)
    }

    /// sums[r][t][c] += Σₚ rows[r][first + p·stride + t·dilation][c]·dy[p][c].
    @inline(__always)
    package func depthwiseWeights(
        _ line: Line, rows: Taps, sums: Sums, count: Int, dy: P, channels: Int
    ) {
        depthwiseWeightsKernel(line, rows, sums, count, dy, channels)
    }
}

extension ConvolutionKernels<Float> {
    static func table(for isa: Int32) -> ConvolutionKernels {
        ConvolutionKernels(
            inputKernel: { ridgeline_winograd_input_f32(isa, $0, $1, $2, $3, $4, $5) },
            outputKernel: { ridgeline_winograd_output_f32(isa, $0, $1, $2, $3, $4, $5, $6) },
            gradientKernel: { ridgeline_winograd_gradient_f32(isa, $0, $1, $2, $3, $4, $5) },
            weightKernel: { ridgeline_winograd_weight_f32(isa, $0, $1, $2, $3, $4, $5, $6) },
            weightGradientKernel: { ridgeline_winograd_weight_gradient_f32(isa, $0, $1, $2, $3, $4, $5) },
            magnitudesKernel: { ridgeline_pixel_magnitudes_f32(isa, $0, $1, $2, $3) },
            marksKernel: {
                ridgeline_winograd_marks_f32(isa, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            },
            gatherRunsKernel: { ridgeline_gather_runs_f32(isa, $0, $1, $2, $3, $4, $5, $6, $7) },
            scatterRunsKernel: { ridgeline_scatter_runs_f32(isa, $0, $1, $2, $3, $4, $5, $6, $7) },
            depthwiseKernel: { ridgeline_depthwise_f32(isa, $0, $1, $2, $3, $4, $5, $6, $7) },
            depthwiseWeightsKernel: { ridgeline_depthwise_weights_f32(isa, $0, $1, $2, $3, $4, $5) })
    }
}

extension ConvolutionKernels<Double> {
    static func table(for isa: Int32) -> ConvolutionKernels {
        ConvolutionKernels(
            inputKernel: { ridgeline_winograd_input_f64(isa, $0, $1, $2, $3, $4, $5) },
            outputKernel: { ridgeline_winograd_output_f64(isa, $0, $1, $2, $3, $4, $5, $6) },
            gradientKernel: { ridgeline_winograd_gradient_f64(isa, $0, $1, $2, $3, $4, $5) },
            weightKernel: { ridgeline_winograd_weight_f64(isa, $0, $1, $2, $3, $4, $5, $6) },
            weightGradientKernel: { ridgeline_winograd_weight_gradient_f64(isa, $0, $1, $2, $3, $4, $5) },
            magnitudesKernel: { ridgeline_pixel_magnitudes_f64(isa, $0, $1, $2, $3) },
            marksKernel: {
                ridgeline_winograd_marks_f64(isa, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            },
            gatherRunsKernel: { ridgeline_gather_runs_f64(isa, $0, $1, $2, $3, $4, $5, $6, $7) },
            scatterRunsKernel: { ridgeline_scatter_runs_f64(isa, $0, $1, $2, $3, $4, $5, $6, $7) },
            depthwiseKernel: { ridgeline_depthwise_f64(isa, $0, $1, $2, $3, $4, $5, $6, $7) },
            depthwiseWeightsKernel: { ridgeline_depthwise_weights_f64(isa, $0, $1, $2, $3, $4, $5) })
    }
}
