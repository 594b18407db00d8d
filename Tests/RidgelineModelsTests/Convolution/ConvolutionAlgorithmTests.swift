// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// The algorithm that a layer is told to use is the one it uses, in every mode.
@Suite struct ConvolutionAlgorithmTests {
    private let x = withRandomSeed(5) { Tensor<Float>.normal([2, 12, 12, 24]) }

    @Test(arguments: [ConvolutionAlgorithm.gathered, .winograd2, .winograd4])
    func layersComputeAsTold(algorithm: ConvolutionAlgorithm) {
        let layer = Convolution2D<Float>(24, 40, kernel: 3, padding: 1, algorithm: algorithm)
        let (weight, bias) = (layer.weight.value, layer.bias?.value)
        let expected = ConvolutionAlgorithm.allCases.filter { $0 != .depthwise && $0 != .automatic }.map {
            ($0, convolution2D(x, weight: weight, bias: bias, padding: 1, algorithm: $0))
        }
        let found = layer(x)
        // Their roundings tell the algorithms apart.
        for (other, y) in expected { #expect((found == y) == (other == algorithm), "\(other)") }
        #expect(withMode(.training) { layer(x) } == found)
    }

    @Test(arguments: [ConvolutionAlgorithm.gathered, .winograd2, .winograd4])
    func blocksComputeAsTold(algorithm: ConvolutionAlgorithm) {
        let block = ConvolutionBlock<Float>(24, 40, kernel: 3, padding: 1, algorithm: algorithm)
        let weight = block.convolution.weight.value
        func others(_ compare: (ConvolutionAlgorithm) -> Bool) -> [ConvolutionAlgorithm] {
            [.gathered, .winograd2, .winograd4].filter(compare)
        }
        // With the statistics that a block begins with, folding multiplies by 1/√(1 + ε) and adds zeros.
        let (scale, shift) = block.normalization.inferenceAffine()
        let folded = weight * scale.reshaped(to: [40, 1, 1, 1])
        let inference = block(x)
        #expect(
            others { convolution2D(x, weight: folded, bias: shift, padding: 1, algorithm: $0) == inference }
                == [algorithm])
        let training = withMode(.training) { block(x) }
        let scale2 = block.normalization.weight.value
        #expect(
            others {
                let z = convolution2D(x, weight: weight, padding: 1, algorithm: $0)
                let y = batchNormalization(
                    z, scale: scale2, offset: block.normalization.bias.value, epsilon: 1e-5)
                return (y.output - training).norm().item <= 1e-7 * training.norm().item
            } == [algorithm])
    }
}
