// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The forward pass of a convolution by one algorithm, without what follows on its tiles.
struct ConvolutionForward<Scalar: FloatingScalar> {
    private enum Form {
        case gathered(GatheredProduct<Scalar>)
        case winograd(WinogradProduct<Scalar>, weights: Tensor<Scalar>)
        case depthwise(DepthwiseConvolution<Scalar>)
    }

    private let form: Form
    private let weight: Tensor<Scalar>

    /// - Parameters:
    ///   - weight: (O, kh, kw, C/groups), contiguous.
    ///   - cache: Where transformed weights are kept, or nil.
    init(
        _ g: ConvolutionGeometry, weight: Tensor<Scalar>, cache: WeightTransforms<Scalar>?,
        algorithm: ConvolutionAlgorithm
    ) {
        let depth = g.taps * g.inputsPerGroup
        let algorithm = algorithm.resolved(for: g, .forward, keepsWeights: cache != nil)
        if let tile = algorithm.tile {
            self.weight = weight
            func make() -> Tensor<Scalar> {
                WinogradWeights.transform(
                    weight.permuted([3, 1, 2, 0]).contiguous(), tile, isTurned: false)
            }
            let transformed = cache?.transform(tile, make) ?? make()
            form = .winograd(
                WinogradProduct(
                    tile: tile, batch: g.batch, input: Size2D(g.vertical.input, g.horizontal.input),
                    inputs: g.inputs, output: Size2D(g.vertical.output, g.horizontal.output),
                    outputs: g.outputs, before: Size2D(g.vertical.before, g.horizontal.before),
                    weight: MatrixView(
                        transformed.pointer, rows: g.inputs, columns: g.outputs, leadingDimension: g.outputs)),
                weights: transformed)
        } else if algorithm == .depthwise {
            self.weight = weight
            form = .depthwise(DepthwiseConvolution(geometry: g))
        } else {
            let columns = weight.reshaped(to: [g.groups, g.outputsPerGroup, depth]).transposed().contiguous()
            self.weight = columns
            form = .gathered(
                GatheredProduct(
                    gather: PixelGather(
                        vertical: TapLine(inputsOf: g.vertical), horizontal: TapLine(inputsOf: g.horizontal),
                        channels: g.inputs),
                    batch: g.batch, groups: g.groups, outputs: g.outputsPerGroup,
                    weight: MatrixView(
                        columns.pointer, rows: depth, columns: g.outputsPerGroup,
                        leadingDimension: g.outputsPerGroup),
                    weightStride: g.outputsPerGroup * depth))
        }
    }

    /// How many pieces the epilogue's tiles are numbered by.
    var pieces: Int {
        switch form {
        case .gathered(let product): product.pieces
        case .winograd(let product, _): product.pieces
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
        case .winograd(let product, let weights):
            product(image, into: out, epilogue: epilogue)
            withExtendedLifetime(weights.storage) {}
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
