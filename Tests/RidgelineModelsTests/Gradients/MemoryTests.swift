// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// One feed-forward step: forward, then backward from an upstream gradient that is handed over.
private func step(_ model: FeedForward<Float>, _ x: Tensor<Float>) -> (Tensor<Float>, ModelGradients) {
    let (y, pullback) = valueWithPullback(of: model, at: x) { $0($1) }
    let upstream = Tensor<Float>.full(y.shape, 0.01)
    let (dx, gradients) = pullback(upstream)
    withExtendedLifetime(y) {}
    return (dx, gradients)
}

/// What a step must hold: weights and their gradients, input, what is saved (the product before the
/// activation and the activation), output and upstream gradient.
private func requiredBytes(rows: Int, width: Int, hidden: Int) -> Int {
    let parameters = 2 * width * hidden + hidden + width
    return 4 * (2 * parameters + 3 * rows * width + 2 * rows * hidden)
}

@Suite(.enabled(if: poolIsOn)) struct MemoryTests {
    /// In a process of its own, since other tests use the pool at the same time.
    @Test func aFeedForwardStepHoldsLittleMoreThanItMust() async {
        await #expect(processExitsWith: .success) {
            let model = FeedForward<Float>(width: 768, hiddenWidth: 3_072)
            let x = Tensor<Float>.normal([512, 768])
            BufferPool.shared.trim()
            BufferPool.shared.resetPeak()
            _ = step(model, x)
            let first = BufferPool.shared.counters.peakBytes
            let ratio = Double(first) / Double(requiredBytes(rows: 512, width: 768, hidden: 3_072))
            // Below 0.9 the count itself would be wrong.
            #expect((0.9...1.1).contains(ratio), "peak is \(ratio) times what must live")
            for _ in 0..<5 { _ = step(model, x) }
            let later = BufferPool.shared.counters.peakBytes
            #expect(later == first, "\(later) against \(first)")
        }
    }

    @Test func theMemoryOfTrainingStaysTheSame() async {
        await #expect(processExitsWith: .success) {
            #if DEBUG
                let steps = 50
            #else
                let steps = 1_000
            #endif
            let model = FeedForward<Float>(
                width: 192, hiddenWidth: 768, dropout: 0.1, residual: .preNormalized)
            let x = Tensor<Float>.normal([64, 192])
            var optimizer = AdamW(for: model)
            func train() {
                let (_, gradients) = step(model, x)
                optimizer.update(model, with: gradients)
            }
            for _ in 0..<5 { train() }
            BufferPool.shared.resetPeak()
            let before = BufferPool.shared.counters
            for _ in 0..<steps { train() }
            let after = BufferPool.shared.counters
            #expect(after.peakBytes == before.peakBytes, "\(after), before \(before)")
            #expect(after.bytesInUse == before.bytesInUse, "\(after), before \(before)")
            #expect(after.systemAllocations == before.systemAllocations, "\(after), before \(before)")
            #expect(after.reuses > before.reuses + steps, "\(after), before \(before)")
        }
    }
}
