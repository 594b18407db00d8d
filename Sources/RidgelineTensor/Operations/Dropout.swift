// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Each element zeroed with probability p, the others multiplied by 1 / (1 − p), so that the expected value
/// stays (Srivastava et al., 2014; PyTorch: `dropout`).
///
/// Random words, mask and product are one pass; backward, dx = dy·mask / (1 − p), is one more. Draws from the
/// current generator whatever the mode: the layer `Dropout` minds it. Saves the mask, a byte an element. A
/// dropped infinity or NaN is NaN, as in PyTorch. Traps where p is not from 0 up to 1.
public func dropout<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, probability: Double, using generator: RandomGenerator = .current
) -> Tensor<Scalar> {
    require(
        probability >= 0 && probability <= 1, "dropout: probability \(probability); expected 0 up to 1")
    if probability == 0 { return x }
    let scale: Scalar = probability == 1 ? 0 : Scalar(fromDouble: 1 / (1 - probability))
    return dropping(x, .dropout, probability, generator) { $0.scale = scale }
}

/// Dropout that keeps the mean and the variance of self-normalising networks (Klambauer et al.,
/// "Self-normalizing neural networks", 2017; PyTorch: `alpha_dropout`): for layers with SELU.
///
/// With probability p an element becomes SELU's limit α′ = −λα ≈ −1.758 (λ and α SELU's own), and all are
/// mapped to y = a·x + b, a = 1 / √((1 − p)·(1 + p·α′²)), b = −a·p·α′; for x of mean 0 and variance 1, so is
/// y. dx = a·dy where the element was kept, else 0. One pass each way; draws as `dropout` does, and saves the
/// mask. At p = 1 the result is 0·x, as in PyTorch. Traps where p is not from 0 up to 1.
public func alphaDropout<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, probability: Double, using generator: RandomGenerator = .current
) -> Tensor<Scalar> {
    require(
        probability >= 0 && probability <= 1,
        "alphaDropout: probability \(probability); expected 0 up to 1")
    if probability == 0 { return x }
    return dropping(x, .alphaDropout, probability, generator) { draw in
        draw.scale = 0
        if probability == 1 { return }
        let limit = 1.7580993408473766
        let a = 1 / ((limit * limit * probability + 1) * (1 - probability)).squareRoot()
        draw.scale = Scalar(fromDouble: a)
        draw.kept = Scalar(fromDouble: limit * a * probability)
        draw.dropped = Scalar(fromDouble: limit * a * (probability - 1))
    }
}

/// What both have in common: `settle` says what becomes of kept and of dropped elements.
private func dropping<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ operation: DifferentiableOperation, _ probability: Double,
    _ generator: RandomGenerator, _ settle: (inout DropoutDraw<Scalar>) -> Void
) -> Tensor<Scalar> {
    let count = x.elementCount
    let (philox, start) = generator.reserve((count + 3) / 4)
    var draw = DropoutDraw<Scalar>(
        key: philox.key, position: start, threshold: UInt64((probability * 0x1p32).rounded()), scale: 1)
    settle(&draw)
    let input = x.detached.contiguous()
    var out = Tensor<Scalar>(uninitialized: x.shape)
    var mask = Tensor<Bool>(uninitialized: x.shape)
    out.fill { y in
        mask.fill { mask in
            input.read { x in
                forEachPiece(of: count) { start, count in
                    Scalar._kernels.dropout(
                        draw.advanced(by: start), x: x + start, y: y + start, mask: mask + start,
                        count: count)
                }
            }
        }
    }
    guard let recording = Recording.tracking(x.trace) else { return out }
    let entry = recording.entry(x.trace)
    let (kept, scale) = (mask, draw.scale)
    return recording.record(operation, out) { pass in
        pass.add(dropoutGradient(pass.takeUpstream(), kept, scale), to: entry)
    }
}

/// dy·scale where the mask holds, else 0, in place of dy where nothing else holds it.
private func dropoutGradient<Scalar: FloatingScalar>(
    _ upstream: consuming Tensor<Scalar>, _ mask: Tensor<Bool>, _ scale: Scalar
) -> Tensor<Scalar> {
    var dy = upstream
    let reuses = dy.isOverwritable()
    if !reuses { dy = dy.contiguous() }
    var dx = reuses ? dy : Tensor(uninitialized: dy.shape)
    let count = dx.elementCount
    dx.fill { dx in
        let dy = dy.pointer
        mask.read { mask in
            forEachPiece(of: count) { start, count in
                Scalar._kernels.dropoutBackward(
                    mask: mask + start, scale: scale, dy: dy + start, dx: dx + start, count: count)
            }
        }
    }
    withExtendedLifetime(dy.storage) {}
    return dx
}

/// The pieces of a run of elements on all threads; each begins at a multiple of four, where a block of random
/// words does.
private func forEachPiece(of count: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    let pieces = (count + LoopNest.grain - 1) / LoopNest.grain
    Parallelism.forEach(pieces) { piece in
        let start = piece * LoopNest.grain
        body(start, Swift.min(LoopNest.grain, count - start))
    }
}
