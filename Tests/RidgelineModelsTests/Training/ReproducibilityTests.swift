// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// A few steps from fixed seeds; the losses and then all parameters.
private func trained(threads: Int) -> [Tensor<Float>] {
    let before = Parallelism.threads
    Parallelism.threads = threads
    defer { Parallelism.threads = before }
    return withRandomSeed(23) {
        let model = Sequential(
            FeedForward<Float>(width: 256, hiddenWidth: 768, dropout: 0.1, residual: .preNormalized),
            DenseResidualBlock<Float>(256), Linear<Float>(256, 10))
        let x = Tensor<Float>.normal([512, 256])
        let labels = Tensor<Int32>((0..<512).map { $0 % 10 })
        var optimizer = AdamW(for: model)
        let losses = (0..<4).map { _ in
            let (loss, gradients) = valueAndGradients(of: model) {
                softmaxCrossEntropy(logits: $0(x), labels: labels)
            }
            optimizer.update(model, with: gradients)
            return loss
        }
        return losses + model.parameters(of: Float.self).map(\.parameter.value)
    }
}

struct ReproducibilityTests {
    /// In a process of its own: the threads are not to be held by another test.
    @Test func trainingIsBitwiseTheSameAtAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            let one = trained(threads: 1)
            #expect(one.count > 10 && one[0] != one[3])
            for threads in [2, 3] {
                for (index, (a, b)) in zip(trained(threads: threads), one).enumerated() {
                    expectIdentical(a, b, "\(threads) threads, tensor \(index)")
                }
            }
        }
    }

    @Test func theSeedDecides() {
        func weight(_ seed: UInt64) -> Tensor<Float> {
            withRandomSeed(seed) { Linear<Float>(8, 8).weight.value }
        }
        #expect(weight(1) == weight(1) && weight(1) != weight(2))
    }
}
