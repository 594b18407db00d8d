// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// The gradients of Float blocks against the same block in Double, by norm, over the input and every
/// parameter.
struct PrecisionTests {
    private static let bound = 1e-5
    private let x = withRandomSeed(5) { Tensor<Float>.normal([128, 192]) }
    private let upstream = withRandomSeed(6) { Tensor<Float>.normal([128, 192]) }

    private func worst<Block: Layer<Float>, Twin: Module>(
        _ block: Block, _ twin: Twin, of function: (Twin, Tensor<Double>) -> Tensor<Double>
    ) throws -> Double {
        try twin.adopt(block, as: Double.self, from: Float.self)
        let (y, pullback) = valueWithPullback(of: block, at: x) { $0($1) }
        let (dx, gradients) = pullback(upstream)
        let (exactY, exactPullback) = valueWithPullback(of: twin, at: Tensor<Double>(x), function)
        let (exactDx, exactGradients) = exactPullback(Tensor<Double>(upstream))
        var worst = max(differenceByNorm(y, exactY), differenceByNorm(dx, exactDx))
        for (name, parameter) in block.parameters(of: Float.self) {
            let other = try #require(twin.parameter(named: name, as: Double.self))
            worst = max(worst, differenceByNorm(gradients[parameter], exactGradients[other]))
        }
        return worst
    }

    @Test(
        arguments: [Activation.gelu, .geluTanh],
        [FeedForward<Float>.Residual.none, .preNormalized, .postNormalized])
    func smoothFeedForward(_ activation: Activation, _ residual: FeedForward<Float>.Residual) throws {
        let block = FeedForward<Float>(
            width: 192, hiddenWidth: 768, activation: activation, residual: residual)
        let double: FeedForward<Double>.Residual =
            switch residual {
            case .none: .none
            case .preNormalized: .preNormalized
            case .postNormalized: .postNormalized
            }
        let twin = FeedForward<Double>(width: 192, hiddenWidth: 768, activation: activation, residual: double)
        let error = try worst(block, twin) { $0($1) }
        #expect(error <= Self.bound)
    }

    @Test func smoothResidualBlock() throws {
        let error = try worst(
            DenseResidualBlock<Float>(192, activation: .gelu),
            DenseResidualBlock<Double>(192, activation: .gelu)
        ) { $0($1) }
        #expect(error <= Self.bound)
    }

    /// A value near 0 may flip its ReLU between precisions, so the twin takes the Float run's masks. The
    /// biases are set such that a whole row lies that near: without the masks the test would not pass.
    @Test func reluFeedForwardWithTheFloatRunsMasks() throws {
        let block = FeedForward<Float>(width: 192, hiddenWidth: 768, activation: .relu)
        let bias = try #require(block.expand.bias)
        bias.value = .zeros([768])
        bias.value = -linear(x[0..<1, .all], weight: block.expand.weight.value).flattened()

        let masks = block.expand(x) .> 0
        let twin = FeedForward<Double>(width: 192, hiddenWidth: 768, activation: .relu)
        let error = try worst(block, twin) { twin, x in
            let hidden = linear(x, weight: twin.expand.weight.value, bias: twin.expand.bias?.value)
            return twin.contract(which(masks, hidden, .zeros([])))
        }
        #expect(error <= Self.bound)
        let flipped = (twin.expand(Tensor<Double>(x)) .> 0) .!= masks
        #expect(flipped.trueCount() > 100)
        let unmasked = try worst(block, twin) { $0($1) }
        #expect(unmasked > Self.bound)
    }
}
