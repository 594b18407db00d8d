// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Weights as a Winograd convolution multiplies by them: m² matrices ξ of outputs × inputs.
struct WinogradWeights<Scalar: FloatingScalar> {
    /// U = G·g·Gᵀ of every filter: (matrices, O, C), from (O, 3, 3, C).
    ///
    /// - Parameter isTurned: Whether the taps are taken in reverse order, as the input's gradient needs them.
    static func transform(
        _ weight: Tensor<Scalar>, _ tile: WinogradTile, isTurned: Bool
    ) -> Tensor<Scalar> {
        let (outputs, inputs) = (weight.shape[0], weight.shape[3])
        var transformed = Tensor<Scalar>(uninitialized: [tile.matrices, outputs, inputs])
        let perPiece = Swift.max(1, LoopNest.grain / Swift.max(1, inputs * tile.matrices))
        transformed.fill { out in
            weight.read { weight in
                Parallelism.forEach((outputs + perPiece - 1) / perPiece) { piece in
                    for output in piece * perPiece..<Swift.min(outputs, (piece + 1) * perPiece) {
                        Scalar._kernels.convolution.weight(
                            tile, taps: weight + output * 9 * inputs, tapStride: inputs, isTurned: isTurned,
                            out: out + output * inputs, stride: outputs * inputs, channels: inputs)
                    }
                }
            }
        }
        return transformed
    }
}
