// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Each element zeroed with probability p, the others multiplied by 1 / (1 − p), so that the expected value
/// stays (Srivastava et al., 2014; PyTorch: `dropout`).
///
/// Random words, mask and product are one pass; backward, dx = dy·mask / (1 − p), is one more, which draws the
/// same words again: no mask is saved. Draws from the current generator whatever the mode: the layer `Dropout`
/// minds it. A dropped infinity or NaN is NaN, as in PyTorch. Traps where p is not from 0 up to 1. After an
/// activation, `activated` and `linear` do both in one pass.
public func dropout<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, probability: Double, using generator: RandomGenerator = .current
) -> Tensor<Scalar> {
    guard let draw = DropoutDraw<Scalar>(probability, of: x.elementCount, from: generator, for: "dropout")
    else { return x.unchanged }
    return dropping(x, .dropout, draw)
}

extension DropoutDraw {
    /// A dropout of `count` elements, for which it takes the words; nil, and none taken, at probability 0.
    /// Traps where the probability is not from 0 up to 1.
    init?(_ probability: Double, of count: Int, from generator: RandomGenerator, for operation: String) {
        require(
            probability >= 0 && probability <= 1,
            "\(operation): probability \(probability); expected 0 up to 1")
        if probability == 0 { return nil }
        let (philox, start) = generator.reserve((count + 3) / 4)
        self.init(
            key: philox.key, position: start, threshold: UInt64((probability * 0x1p32).rounded()),
            scale: probability == 1 ? 0 : Scalar(fromDouble: 1 / (1 - probability)))
    }

    /// Applies the draw to a tile of a matrix of contiguous rows; the pointers are the tile's, y may be x.
    func callAsFunction(
        _ tile: MatrixMultiply.Tile, _ x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>,
        stride: Int
    ) {
        // Whole rows are one run.
        let (rows, run) = tile.columns == stride ? (1, tile.rows * stride) : (tile.rows, tile.columns)
        for row in 0..<rows {
            Scalar._kernels.dropout(
                advanced(by: (tile.row + row) * stride + tile.column), x: x + row * stride,
                y: y + row * stride, count: run)
        }
    }
}

/// Dropout that keeps the mean and the variance of self-normalising networks (Klambauer et al.,
/// "Self-normalizing neural networks", 2017; PyTorch: `alpha_dropout`): for layers with SELU.
///
/// With probability p an element becomes SELU's limit α′ = −λα ≈ −1.758 (λ and α SELU's own), and all are
/// mapped to y = a·x + b, a = 1 / √((1 − p)·(1 + p·α′²)), b = −a·p·α′; for x of mean 0 and variance 1, so is
/// y. dx = a·dy where the element was kept, else 0. One pass each way; draws as `dropout` does. At p = 1 the
/// result is 0·x, as in PyTorch. Traps where p is not from 0 up to 1.
public func alphaDropout<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, probability: Double, using generator: RandomGenerator = .current
) -> Tensor<Scalar> {
    guard
        var draw = DropoutDraw<Scalar>(probability, of: x.elementCount, from: generator, for: "alphaDropout")
    else { return x.unchanged }
    draw.scale = 0
    if probability < 1 {
        let limit = 1.7580993408473766
        let a = 1 / ((limit * limit * probability + 1) * (1 - probability)).squareRoot()
        draw.scale = Scalar(fromDouble: a)
        draw.kept = Scalar(fromDouble: limit * a * probability)
        draw.dropped = Scalar(fromDouble: limit * a * (probability - 1))
    }
    return dropping(x, .alphaDropout, draw)
}

/// What both have in common: y by the draw, and dx by the draw again, from the same words.
private func dropping<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, _ operation: DifferentiableOperation, _ draw: DropoutDraw<Scalar>
) -> Tensor<Scalar> {
    var input = consume x
    let trace = input.trace
    input.trace = .none
    let out = dropped(consume input, draw)
    guard let recording = Recording.tracking(trace) else { return out }
    let entry = recording.entry(trace)
    return recording.record(operation, out) { pass in
        pass.add(dropped(pass.takeUpstream(), draw.backward), to: entry)
    }
}

/// The draw applied to all elements, in their place where nothing else holds them.
private func dropped<Scalar: FloatingScalar>(
    _ x: consuming Tensor<Scalar>, _ draw: DropoutDraw<Scalar>
) -> Tensor<Scalar> {
    var input = consume x
    let reuses = input.isOverwritable()
    if !reuses { input = input.contiguous() }
    var out = reuses ? input : Tensor(uninitialized: input.shape)
    let count = out.elementCount
    out.fill { y in
        let x = input.pointer
        Parallelism.forEach((count + LoopNest.grain - 1) / LoopNest.grain) { piece in
            let start = piece * LoopNest.grain
            Scalar._kernels.dropout(
                draw.advanced(by: start), x: x + start, y: y + start,
                count: Swift.min(LoopNest.grain, count - start))
        }
    }
    withExtendedLifetime(input.storage) {}
    return out
}
