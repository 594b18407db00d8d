// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// How many timed runs a measurement has.
enum PassRuns {
    /// As asked for.
    case exactly(Int)
    /// Ten, or fewer where they would take longer than two seconds, but at least five.
    case automatic

    func count(_ milliseconds: Double) -> Int {
        switch self {
        case .exactly(let count): count
        case .automatic: max(5, min(10, Int(2_000 / milliseconds)))
        }
    }
}

extension PassCase {
    /// Times the pass, its products by plain GEMM, and compares its gradients with Double's.
    func measure(_ runs: PassRuns) -> PassResult { measure(model.model(Float.self, input), runs) }

    private func measure(_ layer: some Layer<Float>, _ runs: PassRuns) -> PassResult {
        let products = model.products(input)
        let step = PassStep(model, input, of: layer)
        BufferPool.shared.trim()
        BufferPool.shared.resetPeak()
        let warm = Stopwatch.milliseconds(3) { _ = step(layer) }
        let peakBytes = BufferPool.shared.counters.peakBytes

        var operands = GemmYardstick.Operands(for: products.all)
        // Ours and the yardstick in turn, so that a drifting machine speed meets both.
        var forward: [Double] = []
        var both: [Double] = []
        var plain: [Double] = []
        let repeats = runs.count(warm[2])
        let rounds = min(repeats, 5)
        for round in 0..<rounds {
            let count = (repeats - round + rounds - 1) / rounds
            Stopwatch.warmUp { _ = layer(step.x) }
            forward += Stopwatch.milliseconds(count) { _ = layer(step.x) }
            _ = step(layer)
            both += Stopwatch.milliseconds(count) { _ = step(layer) }
            plain += operands.milliseconds(
                products.all, repeats: count, threads: Parallelism.threads)
        }
        let (forwardTime, bothTime) = (Stopwatch.median(forward), Stopwatch.median(both))
        let error = gradientError(of: layer)
        return PassResult(
            name: name, forwardMilliseconds: forwardTime, forwardBackwardMilliseconds: bothTime,
            forwardGFLOPS: PassProducts.operations(products.forward) / forwardTime / 1e6,
            forwardBackwardGFLOPS: PassProducts.operations(products.all) / bothTime / 1e6,
            fractionOfGemm: Stopwatch.median(plain) / bothTime, peakBytes: peakBytes, gradientError: error,
            isRight: error <= model.gradientErrorLimit)
    }
}
