// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// What layers derive from their weights is made anew when these change, and never shows otherwise.
struct ConvolutionCacheTests {
    private let x = withRandomSeed(1) { Tensor<Double>.normal([1, 8, 9, 5]) }

    private func block() -> ConvolutionBlock<Double> {
        withRandomSeed(2) { ConvolutionBlock(5, 7, kernel: 3, padding: 1, bias: true, activation: .gelu) }
    }

    /// The block's inference, nothing folded, of nothing kept.
    private func unfolded(_ block: ConvolutionBlock<Double>) -> Tensor<Double> {
        let z = convolution2D(
            x, weight: block.convolution.weight.value, bias: block.convolution.bias?.value, padding: 1)
        return block.normalization(z).activated(.gelu)
    }

    @Test func everyChangeIsSeen() {
        let block = block()
        let normalization = block.normalization
        var last = block(x)
        let changes: [(String, () -> Void)] = [
            ("weight", { block.convolution.weight.value = block.convolution.weight.value * 2 }),
            ("weight in place", { block.convolution.weight.update { $0 = $0 * 0.5 + 0.1 } }),
            ("bias", { block.convolution.bias?.value = .full([7], 0.5) }),
            ("scale", { normalization.weight.value = .full([7], 1.5) }),
            ("offset", { normalization.bias.value = .full([7], -0.25) }),
            ("mean", { normalization.runningMean.value = .full([7], 0.125) }),
            ("variance", { normalization.runningVariance.value = .full([7], 2) }),
            ("a training step's statistics", { _ = withMode(.training) { block(x) } }),
        ]
        for (name, change) in changes {
            change()
            let next = block(x)
            #expect(next != last, "\(name)")
            expectClose(next, unfolded(block), within: 1e-12, name)
            expectIdentical(block(x), next, name)
            last = next
        }
    }

    @Test func aConvolutionSeesItsWeightChange() {
        let layer = withRandomSeed(3) { Convolution2D<Double>(5, 70, kernel: 3, padding: 1) }
        for step in 0..<3 {
            layer.weight.value = layer.weight.value * Double(step + 2)
            let plain = convolution2D(x, weight: layer.weight.value, bias: layer.bias?.value, padding: 1)
            for _ in 0..<2 { expectClose(layer(x), plain, within: 1e-11, "step \(step)") }
            expectClose(withMode(.training) { layer(x) }, plain, within: 1e-11, "training \(step)")
        }
    }

    @Test func copiesShare() {
        let one = block()
        let other = one
        expectIdentical(other(x), one(x), "a copy")
        one.convolution.weight.value = -one.convolution.weight.value
        expectIdentical(other(x), one(x), "a copy after a change")
        expectClose(other(x), unfolded(one), within: 1e-12, "the changed value")
    }

    /// An optimizer's step inside training is seen by the next inference.
    @Test func trainingIsSeenByInference() {
        let block = block()
        var optimizer = SGD(for: block, learningRate: 0.1, momentum: 0.9)
        var seen = [block(x)]
        for _ in 0..<3 {
            let (_, gradients) = valueAndGradients(of: block) { $0(x).squared().sum() }
            optimizer.update(block, with: gradients)
            expectClose(block(x), unfolded(block), within: 1e-12, "after a step")
            #expect(!seen.contains(block(x)))
            seen.append(block(x))
        }
    }
}
