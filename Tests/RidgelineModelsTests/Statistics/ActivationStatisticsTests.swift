// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

struct ActivationStatisticsTests {
    private struct Net: Module {
        let hidden: Linear<Float>
        let head = Linear<Float>(8, 1)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(hidden(x)) }
    }

    /// A layer of the given weights, one input.
    private func layer(_ weights: [Float], _ bias: [Float], _ activation: Activation) -> Linear<Float> {
        Linear(
            weight: Tensor(weights).reshaped(to: [weights.count, 1]), bias: Tensor(bias),
            activation: activation)
    }

    private func only(
        _ rows: [ActivationStatistics.Row], _ location: SourceLocation = #_sourceLocation
    ) throws -> ActivationStatistics.Row {
        try #require(rows.count == 1, sourceLocation: location)
        return rows[0]
    }

    @Test func numbersAreThoseOfTheOutputs() throws {
        // Unit 0 gives x, unit 1 is dead, unit 2 lives for negative inputs, 3 gives 2 throughout.
        let model = layer([1, 0, -1, 0], [0, -1, 0, 2], .relu)
        let statistics = ActivationStatistics()
        let y = statistics.observe { model([[1.0], [-1.0], [3.0]]) }
        #expect(y == [[1.0, 0, 0, 2], [0.0, 0, 1, 2], [3.0, 0, 0, 2]])
        let row = try only(statistics.report(for: model))
        let activation = row.activation
        #expect(activation == .relu)
        #expect(row.path == "" && row.units == 4 && row.batches == 1)
        #expect(row.deadFraction == 0.25)
        #expect(row.sparsity == 0.5 && row.saturation == 0.5)
        #expect(abs(row.mean - 11.0 / 12) < 1e-6)
        let squares = 1.0 + 9 + 4 * 3 + 1
        #expect(abs(row.variance - (squares / 12 - (11.0 / 12) * (11.0 / 12))) < 1e-6)
        #expect(row.gradientNorm == nil)
        #expect(row.description.contains("model (relu, 4 units, 1 batches): dead 0.25"), "\(row)")
    }

    /// Widths around the sixteen lanes, many rows, against the tensor's own reductions.
    @Test(arguments: [1, 15, 16, 17, 100])
    func everyWidthIsCounted(width: Int) throws {
        let model = ActivationLayer<Double>(.relu)
        let x = withRandomSeed(3) { Tensor<Double>.normal([700, width], mean: 100) - 99.5 }
        let statistics = ActivationStatistics()
        let y = statistics.observe { model(x) }
        let row = try only(statistics.report(for: model))
        let mean = y.mean().item
        #expect(row.units == width && row.deadFraction == 0)
        #expect(abs(row.mean - mean) < 1e-12 * 100)
        #expect(abs(row.variance - (y - mean).squared().mean().item) < 1e-10)
        #expect(row.sparsity == Double((y .== 0).trueCount()) / Double(y.elementCount))
    }

    @Test func deadUnitsAreFoundAndCured() throws {
        let x = withRandomSeed(1) { Tensor<Float>.normal([256, 4]) }
        func dead(_ activation: Activation) throws -> (Double, Double) {
            let model = withRandomSeed(2) {
                Net(hidden: Linear(4, 8, activation: activation))
            }
            // What one large step on an outlier does to half of the units.
            model.hidden.bias?.update { $0 = Tensor([0, -100, 0, -100, 0, -100, 0, -100]) }
            let statistics = ActivationStatistics()
            let (_, gradients) = statistics.observe {
                valueAndGradients(of: model) { $0(x).squared().mean() }
            }
            let rows = statistics.report(for: model, gradients: gradients)
            #expect(rows.map(\.path) == ["hidden", "head"])
            #expect(rows[1].deadFraction == nil && rows[1].saturation == 0)
            let bias = try #require(model.hidden.bias.flatMap { gradients[$0] })
            let norm = try #require(rows[0].gradientNorm)
            let weight = try #require(gradients[model.hidden.weight])
            let slope = model.hidden.slope.flatMap { gradients[$0] } ?? .zeros([1])
            let sums = [bias, weight, slope].map { Double($0.squared().sum().item) }
            let expected = sums.reduce(0, +).squareRoot()
            #expect(abs(norm - expected) <= 1e-5 * expected)
            return (try #require(rows[0].deadFraction), Double(abs(bias[1].item)))
        }
        let (share, gradient) = try dead(.relu)
        #expect(share == 0.5 && gradient == 0)
        // Leaky units still have no positive pre-activation, but a gradient that brings them back.
        for cure in [Activation.leakyReLU, .parametricReLU()] {
            let (share, gradient) = try dead(cure)
            #expect(share == 0.5 && gradient > 0)
        }
    }

    @Test func theWindowForgets() throws {
        let model = layer([1], [0], .relu)
        let statistics = ActivationStatistics(window: 2)
        func see(_ x: Float) throws -> Double? {
            _ = statistics.observe { model(Tensor([x]).reshaped(to: [1, 1])) }
            return try only(statistics.report(for: model)).deadFraction
        }
        #expect(try see(1) == 0)
        #expect(try see(-1) == 0)
        #expect(try see(-1) == 1)
        #expect(try only(statistics.report(for: model)).batches == 2)
        #expect(try see(1) == 0)
        statistics.reset()
        #expect(statistics.report(for: model).isEmpty)
    }

    @Test(arguments: [
        (Activation.sigmoid, [-10.0, 10, 0, 1], 0.5), (.tanh, [-10, 10, 0, 1], 0.5),
        (.hardSigmoid, [-4, 4, 0, 1], 0.5), (.relu6, [-1, 7, 1, 2], 0.5), (.hardTanh, [-2, 2, 0, 0.5], 0.5),
        (.gelu, [-9, -5, -1, 9], 0.5), (.silu, [-40, -9, -1, 9], 0.5), (.elu, [-9, 9, -1, 1], 0.25),
        (.softplus, [-9, 9, 0, 1], 0.25), (.logSigmoid, [9, -9, 0, 1], 0.25),
        (.leakyReLU(slope: 0.1), [-9, 9, 1, 2], 0),
        (.sine, [1.5707963, 0, 1, 2], 0), (.softShrink, [0, 0.1, 1, 2], 0), (.identity, [0, 0.1, 1, 2], 0),
    ])
    func saturationIsReadOffTheOutputs(activation: Activation, x: [Double], share: Double) throws {
        let model = ActivationLayer<Float>(activation)
        let statistics = ActivationStatistics()
        _ = statistics.observe { model(Tensor<Float>(x.map { Float($0) })) }
        #expect(try only(statistics.report(for: model)).saturation == share)
    }

    @Test func functionsThatPassZeroAgainCountExactZeros() throws {
        let model = ActivationLayer<Float>(.softShrink)
        let statistics = ActivationStatistics()
        // Unit 0 gives zeros, unit 1 a negative value, which is no silence.
        _ = statistics.observe { model([[0.1, -2.0], [0.2, 0.0]]) }
        #expect(try only(statistics.report(for: model)).deadFraction == 0.5)
    }

    @Test func nothingIsSeenOutsideOrTwice() throws {
        let model = layer([1, 2], [0, 0], .tanh)
        let statistics = ActivationStatistics()
        _ = model([[1.0]])
        #expect(statistics.report(for: model).isEmpty)
        // A stranger's layers are not in the report.
        _ = statistics.observe { layer([1], [0], .relu)([[1.0]]) }
        #expect(statistics.report(for: model).isEmpty)
        statistics.observe { for _ in 0..<3 { _ = model([[1.0]]) } }
        #expect(try only(statistics.report(for: model)).batches == 3)
    }

    @Test func nanIsNotHidden() throws {
        let model = ActivationLayer<Float>(.relu)
        let statistics = ActivationStatistics()
        _ = statistics.observe { model(Tensor([Float.nan, -1]).reshaped(to: [1, 2])) }
        let row = try only(statistics.report(for: model))
        #expect(row.mean.isNaN && row.deadFraction == 0.5 && row.sparsity == 0.5)
    }

    @Test func gradientsAreUnchangedAndMemoryIsFree() {
        let model = withRandomSeed(5) { Linear<Float>(32, 64, activation: .relu) }
        let x = withRandomSeed(6) { Tensor<Float>.normal([128, 32]) }
        func gradient() -> Tensor<Float>? {
            let (_, gradients) = valueAndGradients(of: model) { $0(x).squared().mean() }
            return gradients[model.weight]
        }
        let plain = gradient()
        let statistics = ActivationStatistics()
        let observed = statistics.observe { gradient() }
        #expect(plain != nil && plain == observed)
    }
}
