// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The forward pass of a convolution by one algorithm, without what follows on its tiles.
struct ConvolutionForward<Scalar: FloatingScalar> {
    private enum Form {
        case gathered(GatheredProduct<Scalar>)
        case winograd(WinogradProduct<Scalar>)
        case depthwise(DepthwiseConvolution<Scalar>)
    }

    private let form: Form
    /// As the form reads it.
    private let weight: Tensor<Scalar>

    /// - Parameters:
    ///   - weight: (O, kh, kw, C/groups), contiguous.
    ///   - cache: Where transformed weights are kept, or nil.
    init(
        _ g: ConvolutionGeometry, weight: Tensor<Scalar>, cache: WeightTransforms<Scalar>?,
        algorithm: ConvolutionAlgorithm
    ) {
        let algorithm = algorithm.resolved(for: g, .forward, keepsWeights: cache != nil)
        if let tile = algorithm.tile {
            let (matrices, isTransposed) = Self.transformed(weight, tile, cache)
            self.weight = matrices
            form = .winograd(
                WinogradProduct(
                    grid: WinogradGrid(tile: tile, batch: g.batch, image: g.outputImage), input: g.inputImage,
                    inputs: g.inputs, outputs: g.outputs,
                    before: Size2D(g.vertical.before, g.horizontal.before),
                    weight: MatrixView(
                        matrices.pointer, rows: g.inputs, columns: g.outputs,
                        leadingDimension: isTransposed ? g.inputs : g.outputs, isTransposed: isTransposed),
                    direct: DirectTaps(weight: weight, isTurned: false)))
        } else if algorithm == .depthwise {
            func make() -> Tensor<Scalar> { DepthwiseConvolution.byTap(weight) }
            self.weight = cache?(.taps, make) ?? make()
            form = .depthwise(DepthwiseConvolution(geometry: g))
        } else {
            let depth = g.taps * g.inputsPerGroup
            let (columns, isTransposed) = Self.columns(weight, g, cache)
            self.weight = columns
            form = .gathered(
                GatheredProduct(
                    gather: PixelGather(inputsOf: g),
                    batch: g.batch, groups: g.groups, outputs: g.outputsPerGroup,
                    weight: MatrixView(
                        columns.pointer, rows: depth, columns: g.outputsPerGroup,
                        leadingDimension: isTransposed ? depth : g.outputsPerGroup,
                        isTransposed: isTransposed),
                    weightStride: g.outputsPerGroup * depth))
        }
    }

    private static func transformed(
        _ weight: Tensor<Scalar>, _ tile: WinogradTile, _ cache: WeightTransforms<Scalar>?
    ) -> (Tensor<Scalar>, isTransposed: Bool) {
        guard let cache else { return WinogradWeights.forward(weight, tile, isKept: false) }
        return (cache(.winograd(tile)) { WinogradWeights.forward(weight, tile, isKept: true).tensor }, false)
    }

    /// The weights as inputs × outputs where they are kept so, or multiplied by so many rows that it pays: BLAS
    /// packs them faster then, which for narrow outputs matters.
    private static func columns(
        _ weight: Tensor<Scalar>, _ g: ConvolutionGeometry, _ cache: WeightTransforms<Scalar>?
    ) -> (Tensor<Scalar>, isTransposed: Bool) {
        guard cache != nil || g.outputPixels >= 4_096 else { return (weight, true) }
        let depth = g.taps * g.inputsPerGroup
        func make() -> Tensor<Scalar> {
            weight.reshaped(to: [g.groups, g.outputsPerGroup, depth]).transposed().contiguous()
        }
        return (cache?(.columns, make) ?? make(), false)
    }

    /// How many pieces the epilogue's tiles are numbered by.
    var pieces: Int {
        switch form {
        case .gathered(let product): product.pieces
        case .winograd(let product): product.pieces
        case .depthwise(let convolution): convolution.pieces
        }
    }

    /// The output; the epilogue is called for each finished tile, on the thread that made it, with the number of
    /// the piece of rows that it belongs to.
    func callAsFunction(
        _ image: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>,
        epilogue: ((MatrixMultiply.Tile, Int) -> Void)?
    ) {
        switch form {
        case .gathered(let product): product.multiply(image, into: out, epilogue: epilogue)
        case .winograd(let product): product(image, into: out, epilogue: epilogue)
        case .depthwise(let convolution):
            convolution.forward(image, weight.pointer, into: out, epilogue: epilogue)
        }
        withExtendedLifetime(weight.storage) {}
    }
}

extension ConvolutionAlgorithm {
    /// The algorithm itself, or what `automatic` stands for. Traps where it cannot compute the convolution.
    func resolved(
        for geometry: ConvolutionGeometry, _ pass: ConvolutionPass, keepsWeights: Bool
    ) -> ConvolutionAlgorithm {
        if self == .automatic {
            return ConvolutionCost.choice(for: geometry, pass, keepsWeights: keepsWeights)
        }
        require(
            isAvailable(for: geometry),
            "convolution2D: \(rawValue) cannot compute input \(geometry.inputShape) by a kernel of "
                + "\(Size2D(geometry.vertical.kernel, geometry.horizontal.kernel)), stride "
                + "\(Size2D(geometry.vertical.stride, geometry.horizontal.stride)), \(geometry.groups) groups"
        )
        return self
    }
}
