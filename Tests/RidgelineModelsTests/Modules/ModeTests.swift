// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

struct ModeTests {
    private let layer = Dropout<Double>(0.25)
    private let x = Tensor<Double>.ones([64, 64])

    @Test func dropoutIsTheIdentityInInference() {
        #expect(Mode.current == .inference)
        #expect(layer(x) == x)
    }

    @Test func dropoutDropsInTrainingAndKeepsTheMean() {
        let y = withRandomSeed(3) { withMode(.training) { layer(x) } }
        let dropped = (y .== 0).trueCount()
        // Four standard deviations of 4,096 draws with p = 1/4.
        #expect(abs(dropped - 1_024) < 111)
        #expect((y .== 4.0 / 3).trueCount() == 4_096 - dropped)
    }

    @Test func dropoutPassesTheGradientOfWhatItKept() {
        let (y, pullback) = withRandomSeed(3) {
            withMode(.training) { valueWithPullback(at: x) { layer($0) } }
        }
        // x and the upstream gradient are ones: both are the factors.
        #expect(pullback(.ones([64, 64])) == y)
        #expect((y .== 0).any())
    }

    @Test func gradientsOfAModelSetTraining() {
        let model = Linear<Float>(1, 1)
        var modes: [Mode] = []
        func loss(_ model: Linear<Float>) -> Tensor<Float> {
            modes.append(.current)
            return model(.ones([1, 1])).sum()
        }
        _ = valueAndGradients(of: model, loss)
        _ = valueAndGradients(of: model, mode: .inference, loss)
        _ = valueWithPullback(of: model, at: .ones([1, 1])) { model, _ in loss(model) }
        _ = valueWithPullback(of: model, at: .ones([1, 1]), mode: .inference) { model, _ in loss(model) }
        #expect(modes == [.training, .inference, .training, .inference])
        #expect(Mode.current == .inference)
    }

    /// One rule for all that records: training, unless the caller chose.
    @Test func theCallersModeIsRespected() {
        let model = Linear<Float>(1, 1)
        let x = Tensor<Float>.ones([1, 1])
        var modes: [Mode] = []
        func loss(_ x: Tensor<Float>) -> Tensor<Float> {
            modes.append(.current)
            return model(x).sum()
        }
        func record() -> [Mode] {
            modes = []
            _ = valueAndGradients(of: model) { _ in loss(x) }
            _ = valueWithPullback(of: model, at: x) { _, x in loss(x) }
            _ = valueAndGradient(at: x, loss)
            _ = valueAndGradient(at: x, x) { x, _ in loss(x) }
            _ = valueAndGradients(at: [x]) { loss($0[0]) }
            _ = valueWithPullback(at: x, loss)
            _ = valueWithPullback(at: x, x) { x, _ in loss(x) }
            _ = valueWithPullback(at: [x]) { loss($0[0]) }
            return modes
        }
        let all = { (mode: Mode) in [Mode](repeating: mode, count: 8) }
        #expect(record() == all(.training))
        #expect(withMode(.inference, record) == all(.inference))
        #expect(withMode(.training, record) == all(.training))
        // The innermost choice wins, also beneath a recording, which chooses for what is in it.
        #expect(withMode(.training) { withMode(.inference, record) } == all(.inference))
        modes = []
        _ = withMode(.inference) {
            valueAndGradients(of: model, mode: .training) { _ in
                _ = valueAndGradient(at: x) { x in
                    modes.append(.current)
                    return x.sum()
                }
                return withMode(.inference) { loss(x) } + loss(x)
            }
        }
        #expect(modes == [.training, .inference, .training])
    }

    @Test func gradientsInInferenceLeaveRunningStatisticsAlone() {
        let block = ConvolutionBlock<Float>(2, 3, kernel: 3, padding: 1)
        let x = Tensor<Float>.normal([2, 5, 5, 2])
        let statistics = block.normalization.runningMean
        let before = statistics.value
        let (value, _) = withMode(.inference) { valueAndGradients(of: block) { $0(x).sum() } }
        #expect(statistics.value == before)
        #expect(abs(value.item - block(x).sum().item) < 1e-4)
        _ = valueAndGradient(at: x) { block($0).sum() }
        #expect(statistics.value != before)
    }

    @Test func aFeedForwardBlockDropsHiddenAndResidualValues() {
        let plain = FeedForward<Float>(width: 4, hiddenWidth: 8)
        let dropping = FeedForward<Float>(width: 4, hiddenWidth: 8, dropout: 1, residual: .preNormalized)
        let x = Tensor<Float>.normal([3, 4])
        #expect(plain.dropout == nil && plain.norm == nil)
        // With p = 1 only the skip is left; in inference the block is whole.
        #expect(withMode(.training) { dropping(x) } == x)
        #expect(dropping(x) != x)
    }
}
