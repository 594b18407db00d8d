// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Weights as a Winograd convolution multiplies by them: U = G·g·Gᵀ of every filter g, as (m + 2)² matrices ξ.
enum WinogradWeights {
    /// For the forward pass, (matrices, inputs, outputs) from (O, 3, 3, C), or where that costs more than it saves,
    /// (matrices, outputs, inputs): products with small matrices are faster where these need not be turned.
    static func forward<Scalar: FloatingScalar>(
        _ weight: Tensor<Scalar>, _ tile: WinogradTile, isKept: Bool
    ) -> (tensor: Tensor<Scalar>, isTransposed: Bool) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[3])
        guard isKept || inputs * outputs <= 1 << 15 else {
            return (transform(weight, tile, isTurned: false), true)
        }
        let columns = weight.reshaped(to: [outputs, 9 * inputs]).transposed().contiguous()
        let transformed = transform(
            columns, rows: inputs, columns: outputs, rowStride: outputs, tapStride: inputs * outputs, tile,
            isTurned: false)
        return (transformed, false)
    }

    /// (matrices, outputs, inputs) from (O, 3, 3, C).
    ///
    /// - Parameter isTurned: Whether the taps are taken in reverse order, as the input's gradient needs them.
    static func transform<Scalar: FloatingScalar>(
        _ weight: Tensor<Scalar>, _ tile: WinogradTile, isTurned: Bool
    ) -> Tensor<Scalar> {
        let (outputs, inputs) = (weight.shape[0], weight.shape[3])
        return transform(
            weight, rows: outputs, columns: inputs, rowStride: 9 * inputs, tapStride: inputs, tile,
            isTurned: isTurned)
    }

    private static func transform<Scalar: FloatingScalar>(
        _ weight: Tensor<Scalar>, rows: Int, columns: Int, rowStride: Int, tapStride: Int,
        _ tile: WinogradTile, isTurned: Bool
    ) -> Tensor<Scalar> {
        var transformed = Tensor<Scalar>(uninitialized: [tile.matrices, rows, columns])
        transformed.fill { out in
            weight.read { weight in
                forEachFilter(rows, columns, tile) { row in
                    Scalar._kernels.convolution.weight(
                        tile, taps: weight + row * rowStride, tapStride: tapStride, isTurned: isTurned,
                        out: out + row * columns, stride: rows * columns, channels: columns)
                }
            }
        }
        return transformed
    }

    /// Calls `body` with each of `rows` filters' numbers, on all threads.
    static func forEachFilter(_ rows: Int, _ columns: Int, _ tile: WinogradTile, _ body: (Int) -> Void) {
        let pieces = RowPieces(rows: rows, columns: columns * tile.matrices)
        Parallelism.forEach(pieces.count) { piece in
            let (first, count) = pieces[piece]
            for row in first..<first + count { body(row) }
        }
    }
}
