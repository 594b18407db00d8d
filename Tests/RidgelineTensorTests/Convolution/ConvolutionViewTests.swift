// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Inputs that lie in every way, and gradients added to earlier ones.
@Suite struct ConvolutionViewTests {
    private static let cases: [DirectConvolution] = [
        DirectConvolution(image: [2, 6, 5, 5], outputs: 3, padding: 1),
        DirectConvolution(image: [2, 6, 7, 3], outputs: 4, kernel: 2, stride: 3, padding: 1),
        DirectConvolution(image: [1, 7, 5, 3], outputs: 5, kernel: 1, stride: 2),
        DirectConvolution(image: [2, 5, 4, 5], outputs: 4, kernel: 1),
        DirectConvolution(image: [1, 7, 6, 4], outputs: 6, stride: 2, padding: 2, dilation: 2, groups: 2),
        DirectConvolution(image: [2, 5, 4, 5], outputs: 5, stride: 2, padding: 1, groups: 5),
    ]

    @Test(arguments: cases, Arrangement.allCases)
    func inputsMayLieInAnyWay(direct: DirectConvolution, arrangement: Arrangement) {
        func input(_ shape: Shape, _ seed: UInt64) -> Tensor<Double> {
            arrangement.tensor(shape, sampled(shape.elementCount, seed: seed))
        }
        let (x, weight) = (input(direct.inputShape, 1), input(direct.weightShape, 2))
        let dy = input(direct.outputShape, 3)
        let y = direct.output(x.scalars, weight.scalars)
        let gradients = direct.gradients(x.scalars, weight.scalars, dy.scalars)
        for algorithm in direct.algorithms {
            let (found, pullback) = valueWithPullback(at: [x, weight]) { direct($0[0], $0[1], algorithm) }
            let back = pullback(dy)
            let tolerance = algorithm.tolerance
            expectClose(found, direct.outputShape, y, tolerance: tolerance, "\(algorithm) y")
            expectClose(back[0], x.shape, gradients.x, tolerance: tolerance, "\(algorithm) dx")
            expectClose(back[1], weight.shape, gradients.weight, tolerance: tolerance, "\(algorithm) dW")
        }
    }

    /// x used three times: the later convolutions add to the gradient that is there, also where a stride's
    /// phases see nothing.
    @Test(arguments: cases)
    func gradientsAreAddedToEarlierOnes(direct: DirectConvolution) {
        let x: Tensor<Double> = sample(direct.inputShape, seed: 1)
        let weights: [Tensor<Double>] = [
            sample(direct.weightShape, seed: 2), sample(direct.weightShape, seed: 3),
        ]
        let dy: Tensor<Double> = sample(direct.outputShape, seed: 4)
        let both = weights.map { direct.gradients(x.scalars, $0.scalars, dy.scalars) }
        let sum = zip(both[0].x, both[1].x).map { $0 + 2 * $1 + 1 }
        for algorithm in direct.algorithms {
            let (_, pullback) = valueWithPullback(at: [x] + weights) {
                direct($0[0], $0[1], algorithm) + direct($0[0], $0[2], algorithm) * 2 + $0[0].sum()
            }
            let back = pullback(dy)
            // The sum's own gradient is Σ dy everywhere.
            let shift = dy.scalars.reduce(0, +) - 1
            expectClose(
                back[0], x.shape, sum.map { $0 + shift }, tolerance: algorithm.tolerance, "\(algorithm) dx")
            expectClose(
                back[2], weights[1].shape, both[1].weight.map { 2 * $0 }, tolerance: algorithm.tolerance,
                "\(algorithm) dW")
        }
    }

    /// Gradients are made of those inputs alone that are recorded.
    @Test func constantsHaveNoGradient() {
        let direct = Self.cases[0]
        let x: Tensor<Double> = sample(direct.inputShape, seed: 1)
        let weight: Tensor<Double> = sample(direct.weightShape, seed: 2)
        let dy: Tensor<Double> = sample(direct.outputShape, seed: 3)
        let expected = direct.gradients(x.scalars, weight.scalars, dy.scalars)
        let (_, byInput) = valueWithPullback(at: x) { direct($0, weight, .winograd4) }
        expectClose(byInput(dy), x.shape, expected.x, tolerance: 1e-10)
        let (_, byWeight) = valueWithPullback(at: weight) { direct(x, $0, .winograd4) }
        expectClose(byWeight(dy), weight.shape, expected.weight, tolerance: 1e-10)
    }
}
