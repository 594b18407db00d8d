// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// The registry's part for convolutions, every algorithm.
func convolutionCases<Scalar: FloatingScalar>(
    _ still: [Arrangement]
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    func plain(_ algorithm: ConvolutionAlgorithm, _ images: Int = 1) -> Case {
        Case(name: "\(algorithm) of \(images)", shapes: [[images, 3, 4, 2], [3, 2, 3, 3]]) {
            convolution2D($0[0], weight: $0[1], padding: 1, algorithm: algorithm)
        }
    }
    var cases = [ConvolutionAlgorithm.automatic, .gathered, .winograd2, .winograd4].map { plain($0) }
    cases += [plain(.gathered, 0), plain(.winograd4, 0)]
    cases += [ConvolutionAlgorithm.gathered, .depthwise].map { algorithm in
        Case(name: "depthwise by \(algorithm)", shapes: [[2, 4, 3, 3], [3, 1, 3, 2], [3]]) {
            convolution2D(
                $0[0], weight: $0[1], bias: $0[2], stride: Size2D(2, 1), padding: 1, groups: 3,
                algorithm: algorithm)
        }
    }
    cases.append(
        Case(
            name: "strides, dilation, groups, bias, residual, GELU",
            shapes: [[1, 5, 4, 4], [2, 2, 2, 1], [2], [1, 3, 2, 2]]
        ) {
            convolution2D(
                $0[0], weight: $0[1], bias: $0[2], stride: Size2D(1, 3),
                padding: .each(top: 0, bottom: 1, left: 2, right: 0), dilation: Size2D(3, 1), groups: 2,
                residual: $0[3], activation: .gelu)
        })
    cases.append(
        Case(
            name: "parametric ReLU", shapes: [[1, 3, 3, 2], [3, 2, 1, 1], [3], [1, 3, 3, 3], [3]],
            range: 0.1...1, arrangements: still
        ) {
            // Far from the kink on either side of it.
            convolution2D(
                $0[0], weight: $0[1], bias: $0[2] - Tensor<Scalar>([0, 9, 0]), residual: $0[3],
                activation: .parametricReLU(isPerChannel: true), slope: $0[4])
        })
    return [.convolution: cases]
}
