// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// `withRecomputation` gives bitwise the gradients of the block itself.
struct RecomputationTests {
    private func gradients(
        _ model: Sequential<Float>, at x: Tensor<Float>, recomputing: Bool
    ) -> (value: Tensor<Float>, all: [Tensor<Float>?]) {
        withRandomSeed(11) {
            let (value, gradients) = valueAndGradients(of: model) { model in
                let y = model.layers.reduce(x) { x, layer in
                    recomputing && layer is FeedForward<Float>
                        ? withRecomputation(at: x) { layer($0) } : layer(x)
                }
                // The generator goes on from where the block left it.
                return dropout(y, probability: 0.5).squared().sum()
            }
            return (value, model.parameters(of: Float.self).map { gradients[$0.parameter] })
        }
    }

    @Test(arguments: [0, 0.3], [FeedForward<Float>.Residual.none, .preNormalized, .postNormalized])
    func aFeedForwardBlock(_ dropout: Double, _ residual: FeedForward<Float>.Residual) {
        // A layer before the block shows that its input's gradient is right as well.
        let model = Sequential(
            Linear<Float>(24, 32),
            FeedForward<Float>(width: 32, hiddenWidth: 80, dropout: dropout, residual: residual),
            FeedForward<Float>(
                width: 32, hiddenWidth: 48, activation: .relu, dropout: dropout, residual: residual),
            Linear<Float>(32, 4))
        let x = Tensor<Float>.normal([40, 24])
        let plain = gradients(model, at: x, recomputing: false)
        let again = gradients(model, at: x, recomputing: true)
        expectIdentical(again.value, plain.value, "value")
        for (index, name) in model.parameterNames.enumerated() {
            expectIdentical(again.all[index], plain.all[index], name)
        }
    }

    @Test(.enabled(if: poolIsOn)) func theBlockIsNotKept() async {
        await #expect(processExitsWith: .success) {
            let layers = (0..<6).map { _ in FeedForward<Float>(width: 64, hiddenWidth: 1_024) }
            let x = Tensor<Float>.normal([128, 64])
            func peak(_ recomputing: Bool) -> Int {
                BufferPool.shared.trim()
                BufferPool.shared.resetPeak()
                let before = BufferPool.shared.counters.bytesInUse
                _ = valueAndGradients(of: Sequential(layers)) { model in
                    model.layers.reduce(x) { x, layer in
                        recomputing ? withRecomputation(at: x) { layer($0) } : layer(x)
                    }.sum()
                }
                return BufferPool.shared.counters.peakBytes - before
            }
            let (plain, recomputed) = (peak(false), peak(true))
            // Each block keeps two hidden matrices of half a mebibyte; recomputed, one block at a time does.
            #expect(plain - recomputed > 4 << 20, "\(plain) against \(recomputed)")
        }
    }

    @Test func aCapturedRecordedTensorTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = valueAndGradients(of: Linear<Float>(2, 2)) { model in
                let hidden = model(.ones([1, 2]))
                return withRecomputation(at: .ones([1, 2])) { $0 + hidden }.sum()
            }
        }
        #expect(message(result).contains("captured by a block to recompute"))
    }

    /// The walk of a pullback comes long after the recording; here it recomputes a block within a block.
    @Test func nestedInAPullback() {
        let model = Sequential(
            Linear<Float>(8, 12, activation: .gelu), FeedForward<Float>(width: 12, hiddenWidth: 20))
        let x = Tensor<Float>.normal([6, 8])
        let upstream = Tensor<Float>.normal([6, 12])
        let plain = valueWithPullback(of: model, at: x) { $0($1) }
        let nested = valueWithPullback(of: model, at: x) { model, x in
            withRecomputation(at: x) { x in
                let hidden = model.layers[0](x)
                return withRecomputation(at: hidden) { model.layers[1]($0) }
            }
        }
        expectIdentical(nested.value, plain.value, "value")
        let (dx, gradients) = plain.pullback(upstream)
        let (nestedDx, nestedGradients) = nested.pullback(upstream)
        expectIdentical(nestedDx, dx, "input")
        for (name, parameter) in model.parameters(of: Float.self) {
            expectIdentical(nestedGradients[parameter], gradients[parameter], name)
        }
    }

    @Test func outsideARecordingItIsThePlainBlock() {
        let block = FeedForward<Float>(width: 4, hiddenWidth: 8)
        let x = Tensor<Float>.normal([3, 4])
        #expect(withRecomputation(at: x) { block($0) } == block(x))
    }
}
