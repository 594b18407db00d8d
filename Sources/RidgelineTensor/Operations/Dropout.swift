// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Each element zeroed with probability p, the others multiplied by 1 / (1 − p), so that the expected value
/// stays (Srivastava et al., 2014; PyTorch: `dropout`). Draws from the current generator whatever the mode:
/// the layer `Dropout` minds it. Saves the factors. Traps where p is not from 0 up to 1.
public func dropout<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, probability: Double, using generator: RandomGenerator = .current
) -> Tensor<Scalar> {
    require(
        probability >= 0 && probability <= 1, "dropout: probability \(probability); expected 0 up to 1")
    if probability == 0 { return x }
    let scale: Scalar = probability == 1 ? 0 : Scalar(fromDouble: 1 / (1 - probability))
    // A word below the threshold drops its element.
    let threshold = UInt64((probability * 0x1p32).rounded())
    var factors = Tensor<Scalar>(uninitialized: x.shape)
    let count = x.elementCount
    let blocks = (count + 3) / 4
    let (philox, start) = generator.reserve(blocks)
    factors.fill { factors in
        let perPiece = LoopNest.grain / 8
        Parallelism.forEach((blocks + perPiece - 1) / perPiece) { piece in
            for block in piece * perPiece..<Swift.min((piece + 1) * perPiece, blocks) {
                let words = philox.words(at: start &+ UInt64(block))
                for lane in 0..<Swift.min(4, count - 4 * block) {
                    factors[4 * block + lane] = UInt64(words[lane]) < threshold ? 0 : scale
                }
            }
        }
    }
    let out = Tensor.binary(.multiply, x.detached, factors)
    guard let recording = Recording.tracking(x.trace) else { return out }
    let entry = recording.entry(x.trace)
    return recording.record(.dropout, out) { pass in
        pass.add(pass.takeUpstream() * factors, to: entry)
    }
}
