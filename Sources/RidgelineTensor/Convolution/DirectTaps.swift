// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Outputs of a 3×3 convolution by the direct formula, some pixels at a time: for each tap a product of their inputs with
/// the weights of that tap, as these lie.
struct DirectTaps<Scalar: FloatingScalar> {
    /// (O, 3, 3, C), contiguous.
    let weight: Tensor<Scalar>
    /// Whether it is the input's gradient, from C = `outputs` and O = `inputs`, with the taps in reverse order.
    let isTurned: Bool

    /// out[p] = Σₜ taps[p][t]·W[t] for `count` pixels p of nine pointers each.
    func callAsFunction(
        _ taps: UnsafePointer<UnsafePointer<Scalar>>, count: Int, inputs: Int, outputs: Int,
        into out: UnsafeMutablePointer<Scalar>
    ) {
        let channels = weight.shape[3]
        withScratch(of: Scalar.self, count: count * inputs) { gathered in
            for tap in 0..<9 {
                for pixel in 0..<count {
                    copyElements(taps[pixel * 9 + tap], to: gathered + pixel * inputs, inputs)
                }
                Scalar._gemm(
                    false, !isTurned, Int32(count), Int32(outputs), Int32(inputs), 1, gathered, Int32(inputs),
                    weight.pointer + (isTurned ? 8 - tap : tap) * channels, Int32(9 * channels),
                    tap == 0 ? 0 : 1, out, Int32(outputs))
            }
        }
        withExtendedLifetime(weight.storage) {}
    }
}
