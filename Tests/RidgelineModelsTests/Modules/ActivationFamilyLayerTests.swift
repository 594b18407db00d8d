// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// The layers of gated, folding and radial functions.
struct ActivationFamilyLayerTests {
    @Test func gatedFeedForwardIsItsFormula() {
        withRandomSeed(3) {
            let layer = GatedFeedForward<Double>(width: 6, hiddenWidth: 10, bias: true)
            #expect(
                layer.parameterNames == ["expand.weight", "expand.bias", "contract.weight", "contract.bias"])
            let x = Tensor<Double>.normal([2, 4, 6])
            let both = layer.expand(x)
            let (up, gate) = (both[.all, .all, 0..<10], both[.all, .all, 10..<20])
            let expected = layer.contract(up * gate * sigmoid(gate))
            expectClose(layer(x), expected, within: 1e-14, "LLaMA's formula")

            let weights = (Tensor<Double>.normal([5, 6]), Tensor<Double>.normal([5, 6]))
            let down = Tensor<Double>.normal([6, 5])
            let joined = GatedFeedForward(up: weights.0, gateWeight: weights.1, down: down, gate: .relu)
            #expect(joined.parameterNames == ["expand.weight", "contract.weight"])
            let hidden = linear(x, weight: weights.0) * relu(linear(x, weight: weights.1))
            expectClose(joined(x), linear(hidden, weight: down), within: 1e-14, "three weights")
        }
    }

    @Test func maxoutIsTheLargestPiece() {
        let layer = Maxout<Double>(5, 3, pieces: 4)
        #expect(layer.parameterNames == ["linear.weight", "linear.bias"])
        let x = Tensor<Double>.normal([7, 5])
        let expected = layer.linear(x).reshaped([7, 3, 4]).max(axes: 2)
        #expect(layer(x) == expected)
        let mean = FoldLayer<Double>(.mean, groupsOf: 5)
        expectClose(mean(x), x.mean(axes: 1, keepingDimensions: true), within: 1e-15, "mean of groups")
    }

    @Test func radialBasisLearns() {
        withRandomSeed(5) {
            let data = Tensor<Float>.uniform([64, 1], in: -3..<3)
            let target = sin(data * 2)
            let layer = RadialBasis(centresFrom: data, count: 12)
            let model = Sequential<Float>(layer, Linear(12, 1))
            #expect(model.parameterNames == ["0.centres", "0.logWidths", "1.weight", "1.bias"])
            let rows = Set(data.scalars)
            #expect(Set(layer.centres.value.scalars).count == 12)
            #expect(layer.centres.value.scalars.allSatisfy { rows.contains($0) })
            var optimizer = AdamW(for: model, learningRate: 3e-2)
            var losses: [Float] = []
            for _ in 0..<300 {
                let (loss, gradients) = valueAndGradients(of: model) { ($0(data) - target).squared().mean() }
                optimizer.update(model, with: gradients)
                losses.append(loss.item)
            }
            #expect(losses[299] < 0.01 && losses[0] > 0.2, "\(losses[0]) \(losses[299])")
        }
        let spline = RadialBasis<Float>(3, count: 4, function: .thinPlateSpline)
        #expect(spline.parameterNames == ["centres"])
        #expect(spline(.zeros([2, 5, 3])).shape == [2, 5, 4])
    }

    @Test func alphaDropoutMindsTheMode() {
        let layer = AlphaDropout<Float>(0.5)
        let x = Tensor<Float>.ones([1_000])
        #expect(layer(x) == x)
        let training = withMode(.training) { layer(x) }
        #expect(Set(training.scalars).count == 2)
    }

    @Test func negativeWidthsAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RadialBasis<Float>(centres: .zeros([2, 3]), widths: [1, -2])
        }
        #expect(message(result).contains("RadialBasis: width -2.0 of centre 1; expected positive and finite"))
        let narrow = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RadialBasis(centresFrom: Tensor<Float>.zeros([3, 2]), count: 4)
        }
        #expect(message(narrow).contains("RadialBasis: 4 centres from data [3, 2]"))
        let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = FoldLayer<Float>(.mean, groupsOf: 0)
        }
        #expect(message(groups).contains("FoldLayer: groups of 0; expected 1 or more"))
    }
}
