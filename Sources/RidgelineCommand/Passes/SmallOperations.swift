// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The cost of an operation itself: a thousand chained additions of sixteen elements.
enum SmallOperations {
    static let name = "small-operations/1000x16"

    static func measure(repeats: Int) -> PassResult {
        let x = Tensor<Float>.ones([16])
        let one = Tensor<Float>.ones([16])
        func chain(_ x: Tensor<Float>) -> Tensor<Float> {
            var y = x
            for _ in 0..<1_000 { y = y + one }
            return y
        }
        BufferPool.shared.trim()
        BufferPool.shared.resetPeak()
        let count = max(10 * repeats, 20)
        for _ in 0..<20 { _ = chain(x) }
        let forward = Stopwatch.milliseconds(count) { _ = chain(x) }
        func step() -> Tensor<Float> {
            let (_, pullback) = valueWithPullback(at: x, chain)
            return pullback(one)
        }
        for _ in 0..<20 { _ = step() }
        let both = Stopwatch.milliseconds(count) { _ = step() }
        let error = Double((step() - one).norm().item)
        let (forwardTime, bothTime) = (Stopwatch.median(forward), Stopwatch.median(both))
        return PassResult(
            name: name, forwardMilliseconds: forwardTime, forwardBackwardMilliseconds: bothTime,
            forwardGFLOPS: 16_000 / forwardTime / 1e6, forwardBackwardGFLOPS: 32_000 / bothTime / 1e6,
            fractionOfGemm: nil, peakBytes: BufferPool.shared.counters.peakBytes, gradientError: error,
            isRight: error == 0)
    }
}
