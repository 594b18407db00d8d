// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Statistics see every kind of layer, and those that others write.
struct ObservedLayerTests {
    private struct Mixed: Module {
        let gated = GatedFeedForward<Float>(width: 4, hiddenWidth: 6, gate: .relu)
        let block = FeedForward<Float>(width: 4, hiddenWidth: 8, residual: .preNormalized)
        let residual = DenseResidualBlock<Float>(4)
        let pieces = Maxout<Float>(4, 3)
        let means = FoldLayer<Float>(.mean, groupsOf: 3)
        let dropout = Dropout<Float>(0.5)
        let centres = RadialBasis<Float>(centres: [[0.0], [100.0]])
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
            centres(means(pieces(residual(block(dropout(gated(x)))))))
        }
    }

    @Test func everyLayerHasARow() throws {
        let model = withRandomSeed(1) { Mixed() }
        let x = withRandomSeed(2) { Tensor<Float>.normal([64, 4]) }
        let statistics = ActivationStatistics()
        let (y, gradients) = statistics.observe {
            withRandomSeed(3) { valueAndGradients(of: model) { $0(x).sum() } }
        }
        #expect(y.item.isFinite)
        let rows = statistics.report(for: model, gradients: gradients)
        #expect(
            rows.map { "\($0.path) \($0.function)" } == [
                "gated reglu", "gated.expand identity", "gated.contract identity", "block output",
                "block.expand gelu", "block.contract identity", "block.norm output",
                "residual.body.0 relu", "residual.body.1 identity", "residual.activation relu",
                "pieces maxout", "pieces.linear identity", "means mean", "centres gaussian",
            ])
        let byPath = Dictionary(uniqueKeysWithValues: rows.map { ($0.path, $0) })
        // Half of what a ReLU gates is zero; no example is near the second centre.
        let gated = try #require(byPath["gated"])
        #expect(gated.units == 6 && gated.sparsity > 0.3 && gated.sparsity < 0.7)
        #expect(gated.deadFraction == 0)
        let activation = gated.activation
        #expect(activation == nil)
        let centres = try #require(byPath["centres"])
        #expect(centres.deadFraction == 0.5 && centres.saturation == 0.5)
        #expect(try #require(centres.gradientNorm) > 0)
        // Normalised values have mean 0 and, but for ε, variance 1.
        let norm = try #require(byPath["block.norm"])
        #expect(abs(norm.mean) < 1e-5 && norm.variance > 0.5 && norm.variance < 1)
    }

    private struct Convolutional: Module {
        let rows = Convolution1D<Float>(2, 3, kernel: 3, padding: .same, activation: .relu)
        let wider = TransposedConvolution1D<Float>(3, 4, kernel: 2, stride: 2, activation: .tanh)
        let images = Convolution2D<Float>(4, 4, kernel: Size2D(1, 3), activation: .gelu)
        let larger = TransposedConvolution2D<Float>(4, 2, kernel: 2, stride: 2)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
            let y = wider(rows(x))
            return larger(images(y.expandingDimension(at: 1)))
        }
    }

    @Test func convolutionsHaveRows() {
        let model = Convolutional()
        let statistics = ActivationStatistics()
        let y = statistics.observe { model(Tensor<Float>.normal([3, 5, 2])) }
        #expect(y.shape == [3, 2, 16, 2])
        let rows = statistics.report(for: model)
        #expect(
            rows.map { "\($0.path) \($0.function) \($0.units)" } == [
                "rows relu 3", "wider tanh 4", "images gelu 4", "larger identity 2",
            ])
    }

    private struct Doubling: ObservedLayer {
        let identity = LayerIdentity()
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { observed(x + x) }
    }

    @Test func othersLayersTakePart() throws {
        let model = Sequential(Doubling(), ActivationLayer<Float>(.relu))
        let statistics = ActivationStatistics()
        #expect(statistics.observe { model([[1.0, -2.0]]) } == [[2.0, 0.0]])
        let rows = statistics.report(for: model)
        #expect(rows.map(\.path) == ["0", "1"] && rows[0].mean == -1 && rows[0].deadFraction == nil)
        #expect(rows[1].deadFraction == 0.5 && rows[1].description.contains("(relu, 2 units"))
    }
}
