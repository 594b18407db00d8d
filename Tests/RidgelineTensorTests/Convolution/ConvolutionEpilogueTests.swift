// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// What follows on a convolution's tiles against the same as operations of their own, in Double.
@Suite struct ConvolutionEpilogueTests {
    private static let activations: [Activation] = [
        .identity, .relu, .gelu, .geluTanh, .silu, .sigmoid, .tanh, .leakyReLU, .relu6, .mish,
        .parametricReLU(), .parametricReLU(isPerChannel: true),
    ]
    private static let cases: [DirectConvolution] = {
        let all = [
            DirectConvolution(image: [2, 7, 9, 5], outputs: 17, padding: 1),
            DirectConvolution(image: [2, 7, 6, 17], outputs: 17, stride: 2, padding: 1, groups: 17),
            DirectConvolution(image: [1, 9, 8, 6], outputs: 10, kernel: 2, stride: 2, groups: 2),
            DirectConvolution(image: [0, 5, 5, 3], outputs: 4, padding: 1),
        ]
        #if DEBUG
            return all
        #else
            // Several tiles of rows and of columns.
            return all + [
                DirectConvolution(image: [2, 20, 19, 33], outputs: 130, kernel: 1),
                DirectConvolution(image: [1, 26, 29, 8], outputs: 16, padding: 1),
            ]
        #endif
    }()

    @Test(arguments: cases, activations)
    func tilesAreFinishedAsByOperationsOfTheirOwn(direct: DirectConvolution, activation: Activation) {
        let slopes = activation.slopes(channels: direct.outputs) as Tensor<Double>?
        let inputs: [Tensor<Double>] = [
            sample(direct.inputShape, in: -1...1, seed: 1), sample(direct.weightShape, in: -1...1, seed: 2),
            sample([direct.outputs], seed: 3), sample(direct.outputShape, seed: 4),
            sample(slopes?.shape ?? [1], in: -0.5...0.5, seed: 5),
        ]
        let dy: Tensor<Double> = sample(direct.outputShape, seed: 6)
        for algorithm in direct.algorithms where algorithm != .automatic {
            for (hasBias, hasResidual) in [(false, false), (true, false), (false, true), (true, true)] {
                func fused(_ inputs: [Tensor<Double>]) -> Tensor<Double> {
                    convolution2D(
                        inputs[0], weight: inputs[1], bias: hasBias ? inputs[2] : nil, stride: direct.stride,
                        padding: direct.padding, groups: direct.groups,
                        residual: hasResidual ? inputs[3] : nil, activation: activation,
                        slope: slopes == nil ? nil : inputs[4], algorithm: algorithm)
                }
                let name = "\(algorithm) bias \(hasBias) residual \(hasResidual)"
                let (y, pullback) = valueWithPullback(at: inputs, fused)
                let (expected, definition) = valueWithPullback(at: inputs) { inputs in
                    var z = direct(inputs[0], inputs[1], .gathered)
                    if hasBias { z = z + inputs[2] }
                    if hasResidual { z = z + inputs[3] }
                    return z.activated(activation, slope: slopes == nil ? nil : inputs[4])
                }
                let tolerance = algorithm.tolerance
                expectClose(y, expected.shape, expected.scalars, tolerance: tolerance, name)
                // Not recorded, where the tiles are finished in place.
                expectClose(fused(inputs), y.shape, expected.scalars, tolerance: tolerance, name)
                let (found, wanted) = (pullback(dy), definition(dy))
                for (index, what) in ["x", "weight", "bias", "residual", "slope"].enumerated() {
                    expectClose(
                        found[index], wanted[index].shape, wanted[index].scalars, tolerance: tolerance,
                        "\(name) \(what)")
                }
                // A pullback keeps what it saved.
                for (again, first) in zip(pullback(dy), found) { expect(again, first.shape, first.scalars) }
            }
        }
    }

    /// A residual that is the input itself collects from both ways; one that lies otherwise is read so.
    @Test(arguments: Arrangement.allCases)
    func theResidualMayBeTheInput(arrangement: Arrangement) {
        let direct = DirectConvolution(image: [2, 5, 6, 5], outputs: 5, padding: 1)
        let x: Tensor<Double> = arrangement.tensor(
            direct.inputShape, sampled(direct.inputShape.elementCount, seed: 1))
        let weight: Tensor<Double> = sample(direct.weightShape, seed: 2)
        let dy: Tensor<Double> = sample(direct.outputShape, seed: 3)
        let y = zip(direct.output(x.scalars, weight.scalars), x.scalars).map { $0 + $1 }
        let gradients = direct.gradients(x.scalars, weight.scalars, dy.scalars)
        for algorithm in direct.algorithms {
            let (found, pullback) = valueWithPullback(at: x) {
                convolution2D($0, weight: weight, padding: 1, residual: $0, algorithm: algorithm)
            }
            expectClose(found, direct.outputShape, y, tolerance: algorithm.tolerance, "\(algorithm)")
            let dx = zip(gradients.x, dy.scalars).map { $0 + $1 }
            expectClose(pullback(dy), x.shape, dx, tolerance: algorithm.tolerance, "\(algorithm) dx")
        }
    }

    /// The moments of each channel, gathered on the tiles, are those of the output.
    @Test(arguments: cases)
    func momentsAreThoseOfTheOutput(direct: DirectConvolution) throws {
        let x: Tensor<Double> = sample(direct.inputShape, seed: 1)
        let weight: Tensor<Double> = sample(direct.weightShape, seed: 2)
        let steps = ConvolutionSteps(stride: direct.stride, padding: direct.padding, groups: direct.groups)
        for algorithm in direct.algorithms {
            let (y, moments) = convolution2D(
                x, ConvolutionWeight(weight), bias: sample([direct.outputs], seed: 3), steps: steps,
                activation: .relu, algorithm: algorithm, observesMoments: true)
            let found = try #require(moments)
            let rows = y.reshaped(to: [y.elementCount / direct.outputs, direct.outputs])
            #expect(found.count == rows.shape[0])
            if found.count == 0 { continue }
            let (mean, variance) = (rows.mean(axes: 0), rows.variance(axes: 0))
            expectClose(found.mean, mean.shape, mean.scalars, tolerance: 1e-13, "\(algorithm)")
            expectClose(found.variance, mean.shape, variance.scalars, tolerance: 1e-12, "\(algorithm)")
        }
    }
}
