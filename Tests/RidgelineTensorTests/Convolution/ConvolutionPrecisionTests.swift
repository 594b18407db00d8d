// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Convolutions in Float against the same inputs in Double, at the channel counts of real networks.
@Suite struct ConvolutionPrecisionTests {
    private static let cases: [DirectConvolution] = {
        #if DEBUG
            return [DirectConvolution(image: [1, 9, 8, 32], outputs: 24, padding: 1)]
        #else
            return [
                DirectConvolution(image: [2, 28, 28, 64], outputs: 64, padding: 1),
                DirectConvolution(image: [2, 14, 14, 256], outputs: 256, padding: 1),
                DirectConvolution(image: [2, 14, 14, 256], outputs: 512, kernel: 1),
                DirectConvolution(image: [2, 28, 28, 128], outputs: 128, stride: 2, padding: 1),
                DirectConvolution(image: [1, 64, 64, 3], outputs: 64, kernel: 7, stride: 2, padding: 3),
                DirectConvolution(image: [2, 28, 28, 96], outputs: 96, padding: 1, groups: 96),
            ]
        #endif
    }()

    private func error(_ found: Tensor<Float>, _ exact: Tensor<Double>) -> Double {
        let norm = exact.squared().sum().item.squareRoot()
        return (Tensor<Double>(found) - exact).squared().sum().item.squareRoot() / norm
    }

    /// ‖Float − Double‖ / ‖Double‖ of output, dx and dW. Measured with AVX-512: gathered up to 3.2e-7, and 6.7e-7 for
    /// depthwise dW, whose products of one column BLAS sums in sequence; F(2×2) up to 5e-7, F(4×4) up to 1.5e-6,
    /// depthwise up to 1.2e-7.
    @Test(arguments: cases)
    func errorsAreBounded(direct: DirectConvolution) {
        let x: Tensor<Float> = sample(direct.inputShape, seed: 1)
        let weight: Tensor<Float> = sample(direct.weightShape, seed: 2)
        let dy: Tensor<Float> = sample(direct.outputShape, seed: 3)
        let (exact, exactPullback) = valueWithPullback(at: [Tensor<Double>(x), Tensor<Double>(weight)]) {
            direct($0[0], $0[1], .gathered)
        }
        let wanted = exactPullback(Tensor<Double>(dy))
        for algorithm in direct.algorithms where algorithm != .automatic {
            let bound =
                switch algorithm {
                case .winograd4: 2e-6
                case .winograd2: 6e-7
                case .depthwise: 2e-7
                default: direct.groups == 1 ? 5e-7 : 1e-6
                }
            let (y, pullback) = valueWithPullback(at: [x, weight]) { direct($0[0], $0[1], algorithm) }
            let found = pullback(dy)
            let errors = [error(y, exact), error(found[0], wanted[0]), error(found[1], wanted[1])]
            #expect(errors.allSatisfy { $0 <= bound }, "\(algorithm): \(errors)")
            // Float arithmetic it is: nothing is exact.
            #expect(errors.allSatisfy { $0 > 0 }, "\(algorithm)")
        }
    }
}
