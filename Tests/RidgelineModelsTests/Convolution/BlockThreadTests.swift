// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Convolution blocks train and infer bitwise the same at any number of threads.
@Suite(.serialized) struct BlockThreadTests {
    private func run(kernel: Int, stride: Int, threads: Int) -> [Tensor<Float>] {
        let before = Parallelism.threads
        Parallelism.threads = threads
        defer { Parallelism.threads = before }
        return withRandomSeed(5) {
            let block = ConvolutionBlock<Float>(
                24, 40, kernel: Size2D(kernel), stride: Size2D(stride), padding: .same, activation: .gelu)
            let x = Tensor<Float>.normal([2, 29, 30, 24])
            let residual = Tensor<Float>.normal(block(x).shape)
            let (y, pullback) = valueWithPullback(of: block, at: x) { $0($1, adding: residual) }
            let (dx, gradients) = pullback(residual)
            let parameters = block.parameters(of: Float.self).compactMap { gradients[$0.parameter] }
            let statistics = [
                block.normalization.runningMean.value, block.normalization.runningVariance.value,
            ]
            return [y, dx, block(x, adding: residual)] + parameters + statistics
        }
    }

    @Test(arguments: [(3, 1), (3, 2), (1, 1)])
    func threadsDoNotMatter(kernel: Int, stride: Int) {
        let alone = run(kernel: kernel, stride: stride, threads: 1)
        #expect(alone.count == 8)
        for threads in [2, 3] {
            for (one, other) in zip(alone, run(kernel: kernel, stride: stride, threads: threads)) {
                expectIdentical(other, one, "\(threads) threads")
            }
        }
    }
}
