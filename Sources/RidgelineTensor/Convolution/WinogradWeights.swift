// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Weights as a Winograd convolution multiplies by them: (m + 2)² matrices ξ.
enum WinogradWeights {
    /// U = G·g·Gᵀ of every filter g, from (rows, 3, 3, columns): (matrices, rows, columns).
    ///
    /// - Parameter isTurned: Whether the taps are taken in reverse order, as the input's gradient needs them.
    static func transform<Scalar: FloatingScalar>(
        _ weight: Tensor<Scalar>, _ tile: WinogradTile, isTurned: Bool
    ) -> Tensor<Scalar> {
        let (rows, columns) = (weight.shape[0], weight.shape[3])
        var transformed = Tensor<Scalar>(uninitialized: [tile.matrices, rows, columns])
        let perPiece = Swift.max(1, LoopNest.grain / Swift.max(1, columns * tile.matrices))
        transformed.fill { out in
            weight.read { weight in
                Parallelism.forEach((rows + perPiece - 1) / perPiece) { piece in
                    for row in piece * perPiece..<Swift.min(rows, (piece + 1) * perPiece) {
                        Scalar._kernels.convolution.weight(
                            tile, taps: weight + row * 9 * columns, tapStride: columns, isTurned: isTurned,
                            out: out + row * columns, stride: rows * columns, channels: columns)
                    }
                }
            }
        }
        return transformed
    }
}
