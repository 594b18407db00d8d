// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// A block is its parts one after another: in training with the moments gathered on tiles, in inference folded.
struct ConvolutionBlockTests {
    /// A block, and a residual that gets a gradient.
    private struct Fused: Module {
        let block: ConvolutionBlock<Double>
        let residual: Parameter<Double>
        func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> { block(x, adding: residual.value) }
    }

    /// The same out of separate layers with the same parameters, but statistics of its own.
    private struct Separate: Module {
        let fused: Fused
        let normalization: BatchNormalization<Double>

        init(_ fused: Fused) {
            self.fused = fused
            let source = fused.block.normalization
            normalization = BatchNormalization(source.weight.shape[0])
            normalization.runningMean.value = source.runningMean.value
            normalization.runningVariance.value = source.runningVariance.value
        }

        func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> {
            let z = normalization(fused.block.convolution(x)) * fused.block.normalization.weight.value
            let sum = z + fused.block.normalization.bias.value + fused.residual.value
            return sum.activated(fused.block.activation, slope: fused.block.slope?.value)
        }
    }

    private static let shapes: [(kernel: Size2D, stride: Size2D, groups: Int, bias: Bool)] = [
        (3, 1, 1, false), (1, 1, 1, true), (3, 2, 1, false), (3, 1, 6, true), (Size2D(2, 3), 1, 2, false),
    ]
    private static let activations: [Activation] = [
        .identity, .relu, .gelu, .parametricReLU(isPerChannel: true),
    ]

    private func fused(_ shape: Int, _ activation: Activation) -> (model: Fused, x: Tensor<Double>) {
        withRandomSeed(UInt64(shape)) {
            let shape = Self.shapes[shape]
            let block = ConvolutionBlock<Double>(
                6, 18, kernel: shape.kernel, stride: shape.stride, padding: .same, groups: shape.groups,
                bias: shape.bias, activation: activation)
            let x = Tensor<Double>.normal([2, 9, 7, 6])
            block.normalization.weight.value = .uniform([18], in: 0.5..<2)
            block.normalization.bias.value = .normal([18])
            block.normalization.runningMean.value = .normal([18])
            block.normalization.runningVariance.value = .uniform([18], in: 0.5..<2)
            return (Fused(block: block, residual: Parameter(.normal(block(x).shape))), x)
        }
    }

    private func compare(_ fused: Fused, _ x: Tensor<Double>, _ mode: Mode, _ tolerance: Double) throws {
        let separate = Separate(fused)
        let (y, pullback) = valueWithPullback(of: fused, at: x, mode: mode) { $0($1) }
        let (expected, definition) = valueWithPullback(of: separate, at: x, mode: mode) { $0($1) }
        expectClose(y, expected, within: tolerance, "y")
        let upstream = withRandomSeed(9) { Tensor<Double>.normal(y.shape) }
        let (found, wanted) = (pullback(upstream), definition(upstream))
        expectClose(found.input, wanted.input, within: tolerance, "dx")
        for (name, parameter) in fused.parameters(of: Double.self) {
            // A bias before a normalisation in training matters to nobody: its gradient is rounding.
            if name == "block.convolution.bias" && mode == .training { continue }
            let gradient = try #require(wanted.gradients[parameter], "\(name)")
            expectClose(found.gradients[parameter], gradient, within: tolerance, name)
        }
        let (mine, theirs) = (fused.block.normalization, separate.normalization)
        expectClose(mine.runningMean.value, theirs.runningMean.value, within: 1e-12, "mean")
        expectClose(mine.runningVariance.value, theirs.runningVariance.value, within: 1e-12, "variance")
    }

    @Test(arguments: shapes.indices, activations)
    func trainingIsThatOfItsParts(shape: Int, activation: Activation) throws {
        let (model, x) = fused(shape, activation)
        let before = model.block.normalization.runningMean.value
        try compare(model, x, .training, 1e-12)
        #expect(model.block.normalization.runningMean.value != before)
        #expect(model.block.normalization.batchesTracked.value.item == 1)
    }

    /// Fine-tuning with frozen statistics: every parameter has its gradient, and no statistic moves.
    @Test(arguments: shapes.indices, activations)
    func gradientsInInferenceAreThoseOfItsParts(shape: Int, activation: Activation) throws {
        let (model, x) = fused(shape, activation)
        let before = model.block.normalization.version
        try compare(model, x, .inference, 1e-12)
        #expect(model.block.normalization.version == before)
    }

    @Test(arguments: shapes.indices, activations)
    func foldedIsUnfolded(shape: Int, activation: Activation) {
        let (model, x) = fused(shape, activation)
        let separate = Separate(model)
        for _ in 0..<2 { expectClose(model(x), separate(x), within: 1e-12, "folded") }
        // The input's gradient goes through the folded weights where no parameter is recorded.
        let upstream = withRandomSeed(9) { Tensor<Double>.normal(model.residual.shape) }
        let (_, pullback) = valueWithPullback(at: x) { model($0) }
        let (_, definition) = valueWithPullback(at: x) { separate($0) }
        expectClose(pullback(upstream), definition(upstream), within: 1e-12, "dx")
    }
}
