// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// What was measured of one pass; the JSON of `ridgeline passes` holds these.
struct PassResult: Encodable {
    var name: String
    var forwardMilliseconds: Double
    var forwardBackwardMilliseconds: Double
    var forwardGFLOPS: Double
    var forwardBackwardGFLOPS: Double
    /// Time of the same products by plain GEMM over ours; nil where a pass has no products.
    var fractionOfGemm: Double?
    var peakBytes: Int
    var gradientError: Double
    /// Whether the gradient error is within its limit.
    var isRight: Bool

    enum CodingKeys: CodingKey {
        case name, forwardMilliseconds, forwardBackwardMilliseconds, forwardGFLOPS, forwardBackwardGFLOPS
        case fractionOfGemm, peakBytes, gradientError
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(forwardMilliseconds, forKey: .forwardMilliseconds)
        try values.encode(forwardBackwardMilliseconds, forKey: .forwardBackwardMilliseconds)
        try values.encode(forwardGFLOPS, forKey: .forwardGFLOPS)
        try values.encode(forwardBackwardGFLOPS, forKey: .forwardBackwardGFLOPS)
        // Present in every pass, null where there is none.
        try values.encode(fractionOfGemm, forKey: .fractionOfGemm)
        try values.encode(peakBytes, forKey: .peakBytes)
        try values.encode(gradientError, forKey: .gradientError)
    }
}

extension PassCase {
    /// Times the pass, its products by plain GEMM, and compares its gradients with Double's.
    func measure(repeats: Int) -> PassResult { measure(model(Float.self), repeats: repeats) }

    private func measure(_ model: some Layer<Float>, repeats: Int) -> PassResult {
        let threads = Parallelism.threads
        let x = Tensor<Float>.normal([rows, width])
        let upstream = Tensor<Float>.normal([rows, width])
        func step() {
            let (_, pullback) = valueWithPullback(of: model, at: x) { $0($1) }
            _ = pullback(upstream)
        }
        BufferPool.shared.trim()
        BufferPool.shared.resetPeak()
        for _ in 0..<3 { step() }
        let peakBytes = BufferPool.shared.counters.peakBytes

        // Ours and the yardstick in turn, so that a drifting machine speed meets both.
        var forward: [Double] = []
        var both: [Double] = []
        var plain: [Double] = []
        let rounds = min(repeats, 5)
        for round in 0..<rounds {
            let count = (repeats - round + rounds - 1) / rounds
            _ = model(x)
            forward += Stopwatch.milliseconds(count) { _ = model(x) }
            step()
            both += Stopwatch.milliseconds(count) { step() }
            plain += GemmYardstick.milliseconds(products, repeats: count, threads: threads)
        }
        let (forwardTime, bothTime) = (Stopwatch.median(forward), Stopwatch.median(both))
        let error = gradientError(of: model, at: x, upstream: upstream)
        return PassResult(
            name: name, forwardMilliseconds: forwardTime, forwardBackwardMilliseconds: bothTime,
            forwardGFLOPS: forwardOperations / forwardTime / 1e6,
            forwardBackwardGFLOPS: 3 * forwardOperations / bothTime / 1e6,
            fractionOfGemm: Stopwatch.median(plain) / bothTime, peakBytes: peakBytes, gradientError: error,
            isRight: error <= gradientErrorLimit)
    }
}

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
        let error = Double((step() - one).norm())
        let (forwardTime, bothTime) = (Stopwatch.median(forward), Stopwatch.median(both))
        return PassResult(
            name: name, forwardMilliseconds: forwardTime, forwardBackwardMilliseconds: bothTime,
            forwardGFLOPS: 16_000 / forwardTime / 1e6, forwardBackwardGFLOPS: 32_000 / bothTime / 1e6,
            fractionOfGemm: nil, peakBytes: BufferPool.shared.counters.peakBytes, gradientError: error,
            isRight: error == 0)
    }
}
