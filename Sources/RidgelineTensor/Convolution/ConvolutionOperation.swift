// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The convolution with what follows on its tiles, recorded.
///
/// In backward, dz = dy·act′ (the residual's gradient too) and db = Σ dz come from one pass over the gradient; dW
/// and dx are products of gathered or transformed tiles, dx added to an earlier gradient of x. What is saved: x, W,
/// and the value before the activation (or the output, where that decides the derivative).
///
/// - Parameter observesMoments: Whether mean and variance of each channel of the result are gathered on its tiles.
///   With an activation they are those of its outputs.
package func convolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ weight: ConvolutionWeight<Scalar>, bias: Tensor<Scalar>?, steps: ConvolutionSteps,
    residual: Tensor<Scalar>? = nil, activation: Activation = .identity, slope: Tensor<Scalar>? = nil,
    algorithm: ConvolutionAlgorithm = .automatic, observesMoments: Bool = false,
    for operation: String = "convolution2D"
) -> (output: Tensor<Scalar>, moments: BatchMoments?) {
    let (x, steps) = steps.edged(x, weight: weight.tensor.shape, for: operation)
    let g = ConvolutionGeometry(
        input: x.shape, weight: weight.tensor.shape, stride: steps.stride, padding: steps.padding,
        dilation: steps.dilation, groups: steps.groups, for: operation)
    require(
        bias == nil || bias?.shape == [g.outputs],
        "\(operation): bias \(bias?.shape.description ?? "") for weight \(weight.tensor.shape); expected "
            + "[\(g.outputs)]")
    require(
        residual == nil || residual?.shape == g.outputShape,
        "\(operation): residual \(residual?.shape.description ?? "") for a result of shape \(g.outputShape); "
            + "expected the same")
    let input = x.detached.contiguous()
    let kernel = weight.tensor.detached.permuted([0, 2, 3, 1]).contiguous()
    let offset = bias?.detached.contiguous()
    let fused = FusedActivation<Scalar>(
        activation, slope: slope, rows: g.outputPixels, columns: g.outputs, for: operation)
    let traces = [x, weight.tensor, bias, residual, slope].map { $0?.trace ?? .none }
    let recording = Recording.tracking(traces)

    // Where backward needs the value before the activation, it stays; else the result takes its place.
    var product = Tensor<Scalar>(uninitialized: g.outputShape)
    let keepsProduct = recording != nil && !fused.savesOutput
    let out = keepsProduct && !fused.isIdentity ? Tensor<Scalar>(uninitialized: g.outputShape) : product
    let forward = ConvolutionForward(g, weight: kernel, cache: weight.cache, algorithm: algorithm)
    let moments =
        observesMoments ? ChannelMoments<Scalar>(pieces: forward.pieces, columns: g.outputs) : nil
    let tail = ConvolutionTail(
        fused: fused, bias: offset, residual: residual?.detached.contiguous(), columns: g.outputs,
        keepsProduct: keepsProduct && !fused.isIdentity, moments: moments)
    product.fill { z in
        let y = out.storage.pointer(as: Scalar.self)
        input.read { image in
            forward(image, into: z, epilogue: tail.isEmpty ? nil : { tail($0, piece: $1, z: z, y: y) })
        }
    }
    withExtendedLifetime(out.storage) {}
    guard let recording else { return (out, moments?.finish()) }

    let entries = (
        x: recording.entry(x.trace), weight: recording.entry(weight.tensor.trace),
        bias: bias.flatMap { recording.entry($0.trace) },
        residual: residual.flatMap { recording.entry($0.trace) },
        slope: slope.flatMap { recording.entry($0.trace) }
    )
    let saved = (
        input: entries.weight.map { _ in Saved(input) },
        value: fused.isIdentity ? nil : Saved(keepsProduct ? product : out)
    )
    let slopeShape = slope?.shape ?? []
    let backward = ConvolutionBackward<Scalar>(geometry: g, algorithm: algorithm)
    let result = recording.record(.convolution, out) { pass in
        let keeps = pass.keepsSaved
        let upstream = pass.takeUpstream(as: Scalar.self)
        let gradients =
            if let value = saved.value {
                fused.gradients(
                    consume upstream, saved: value.take(keeping: keeps), bias: offset, rows: g.outputPixels,
                    columns: g.outputs, needsBias: entries.bias != nil,
                    slopeCount: entries.slope == nil ? 0 : slopeShape.elementCount)
            } else {
                straightThrough(
                    (consume upstream).contiguous().reshaped(to: [g.outputPixels, g.outputs]),
                    needsBias: entries.bias != nil)
            }
        if let db = gradients.bias { pass.add(db, to: entries.bias) }
        if let slope = gradients.slope { pass.add(slope.reshaped(to: slopeShape), to: entries.slope) }
        let dz = gradients.input.reshaped(to: g.outputShape)
        if let image = saved.input {
            // The input is released before the gradient that may take its memory is made.
            let dW = image.take(keeping: keeps).read { image in
                dz.read { backward.weightGradient($0, image) }
            }
            pass.add(dW.permuted([0, 3, 1, 2]), to: entries.weight)
        }
        pass.accumulate(to: entries.x, shape: g.inputShape) { dx, beta in
            dx.fill { dx in dz.read { backward.inputGradient($0, kernel, beta: beta, into: dx) } }
        }
        pass.add(dz, to: entries.residual)
    }
    return (result, moments?.finish())
}

/// What is done to a finished tile of a convolution while it is in cache.
struct ConvolutionTail<Scalar: FloatingScalar> {
    let fused: FusedActivation<Scalar>
    let bias: Tensor<Scalar>?
    let residual: Tensor<Scalar>?
    let columns: Int
    /// Whether the value before bias and activation stays in z.
    let keepsProduct: Bool
    let moments: ChannelMoments<Scalar>?

    var isEmpty: Bool { fused.isIdentity && bias == nil && residual == nil && moments == nil }

    /// y = act(z + residual + bias) for a tile of the matrices z and y; z gains the residual where it is kept.
    func callAsFunction(
        _ tile: MatrixMultiply.Tile, piece: Int, z: UnsafeMutablePointer<Scalar>,
        y: UnsafeMutablePointer<Scalar>
    ) {
        let start = tile.row * columns + tile.column
        if let residual {
            // ReLU and the identity follow in the same pass where nothing is kept.
            let isWhole = !keepsProduct && (fused.isReLU || fused.isIdentity)
            Scalar._kernels.channels.affine(
                z: z + start, zStride: columns,
                .init(scale: nil, shift: isWhole ? bias.map { $0.pointer + tile.column } : nil),
                residual: residual.pointer + start, residualStride: columns,
                rectifies: isWhole && fused.isReLU, y: z + start, yStride: columns, rows: tile.rows,
                columns: tile.columns)
            if !isWhole { activate(tile, z, y, start) }
        } else if !fused.isIdentity || bias != nil {
            activate(tile, z, y, start)
        }
        moments?.observe(
            y + start, stride: columns, rows: tile.rows, column: tile.column, columns: tile.columns,
            piece: piece)
        withExtendedLifetime((bias?.storage, residual?.storage)) {}
    }

    private func activate(
        _ tile: MatrixMultiply.Tile, _ z: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
        _ start: Int
    ) {
        fused.forward(
            tile, z: z + start, bias: bias.map { $0.pointer + tile.column }, y: y + start, stride: columns)
    }
}
