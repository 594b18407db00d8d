// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The two backward passes of a convolution.
struct ConvolutionBackward<Scalar: FloatingScalar> {
    let geometry: ConvolutionGeometry
    let algorithm: ConvolutionAlgorithm

    /// dx = … + β·dx from dz (N, H′, W′, O) and the weights (O, kh, kw, C/groups).
    func inputGradient(
        _ dz: UnsafePointer<Scalar>, _ weight: Tensor<Scalar>, beta: Scalar,
        into dx: UnsafeMutablePointer<Scalar>
    ) {
        let g = geometry
        let algorithm = algorithm.resolved(for: g, .inputGradient, keepsWeights: false)
        if let tile = algorithm.tile {
            let turned = WinogradWeights.transform(weight, tile, isTurned: true)
            let product = WinogradProduct(
                grid: WinogradGrid(tile: tile, batch: g.batch, image: g.inputImage), input: g.outputImage,
                inputs: g.outputs, outputs: g.inputs,
                before: Size2D(2 - g.vertical.before, 2 - g.horizontal.before),
                weight: MatrixView(
                    turned.pointer, rows: g.outputs, columns: g.inputs, leadingDimension: g.inputs),
                direct: DirectTaps(weight: weight, isTurned: true))
            product(dz, into: dx, beta: beta, epilogue: nil)
            withExtendedLifetime(turned.storage) {}
        } else if algorithm == .depthwise {
            DepthwiseConvolution(geometry: g).inputGradient(dz, weight, beta: beta, into: dx)
        } else if ScatteredInputGradient<Scalar>.isBetter(for: g) {
            ScatteredInputGradient(geometry: g)(dz, weight.pointer, beta: beta, into: dx)
        } else {
            GatheredInputGradient(geometry: g)(dz, weight.pointer, beta: beta, into: dx)
        }
        withExtendedLifetime(weight.storage) {}
    }

    /// dW as (O, kh, kw, C/groups).
    func weightGradient(_ dz: UnsafePointer<Scalar>, _ image: UnsafePointer<Scalar>) -> Tensor<Scalar> {
        let algorithm = algorithm.resolved(for: geometry, .weightGradient, keepsWeights: false)
        // Where it overflows, or an input is not finite, the direct sums say what is.
        if let tile = algorithm.tile,
            let gradient = WinogradWeightGradient(tile: tile, geometry: geometry)(dz, image)
        {
            return gradient
        }
        return algorithm == .depthwise
            ? DepthwiseConvolution(geometry: geometry).weightGradient(dz, image)
            : GatheredWeightGradient(geometry)(dz, image)
    }
}
