// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Images and weights large enough that all threads share the chunks of a Winograd convolution, and that there are
/// several.
@Suite struct WinogradChunkTests {
    @Test(arguments: [ConvolutionAlgorithm.winograd2, .winograd4])
    func sharedChunksAgreeWithGatheredProducts(algorithm: ConvolutionAlgorithm) {
        let tile = algorithm.tile ?? .four
        let (side, channels) = (tile.rawValue * 24 - 1, tile == .four ? 112 : 160)
        let chunks = WinogradChunks(
            grid: WinogradGrid(tile: tile, batch: 1, image: Size2D(side)), inputs: channels,
            outputs: channels, scalarBytes: 8
        ).choice
        #expect(chunks.isShared && chunks.rows < 24)
        let (x, w, upstream) = withRandomSeed(3) {
            (
                Tensor<Double>.normal([1, side, side, channels]),
                Tensor<Double>.normal([channels, channels, 3, 3]),
                Tensor<Double>.normal([1, side, side, channels])
            )
        }
        func passes(_ algorithm: ConvolutionAlgorithm) -> [Tensor<Double>] {
            let (y, pullback) = valueWithPullback(at: x, w) {
                convolution2D($0, weight: $1, padding: 1, algorithm: algorithm)
            }
            let (dx, dw) = pullback(upstream)
            return [y, dx, dw]
        }
        for (found, expected) in zip(passes(algorithm), passes(.gathered)) {
            #expect((found - expected).norm().item <= 1e-13 * expected.norm().item)
        }
    }
}
