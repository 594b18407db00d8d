// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// The registry's part for convolutions of sequences, with other edges than zeros, and transposed.
func convolutionVariantCases<Scalar: FloatingScalar>(
    _ still: [Arrangement]
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    func cases(
        _ name: String, _ shapes: [[Shape]], _ function: @escaping ([Tensor<Scalar>]) -> Tensor<Scalar>
    ) -> [Case] {
        shapes.map { shapes in
            Case(
                name: "\(name) \(shapes)", shapes: shapes,
                arrangements: shapes[0].elementCount > 0 ? still : [.contiguous], function: function)
        }
    }
    /// Batch, of a pixel's batch, and of nothing.
    func batches(_ image: [Int], _ rest: Shape...) -> [[Shape]] {
        [2, 0].map { [Shape([$0] + image)] + rest }
    }
    var convolution = cases("sequence", batches([7, 4], [6, 2, 3], [6])) {
        convolution1D(
            $0[0], weight: $0[1], bias: $0[2], stride: 2, padding: .each(before: 3, after: 1), dilation: 2,
            groups: 2, activation: .gelu)
    }
    convolution += cases("sequence with residual", batches([5, 3], [4, 3, 2], [4])) {
        let residual = $0[0].sum(axes: -1, keepingDimensions: true).broadcast(to: [$0[0].shape[0], 5, 4])
        return convolution1D(
            $0[0], weight: $0[1], bias: $0[2], padding: .same, residual: residual, activation: .tanh)
    }
    for mode in PaddingMode.allCases {
        convolution += cases("\(mode) around a sequence", batches([4, 2], [3, 2, 3])) {
            convolution1D($0[0], weight: $0[1], padding: 2, paddingMode: mode)
        }
        convolution += cases("\(mode) around images", batches([3, 4, 2], [2, 2, 3, 2])) {
            convolution2D($0[0], weight: $0[1], padding: .same, paddingMode: mode, activation: .gelu)
        }
    }

    var transposed = cases("3×3", batches([3, 2, 3], [3, 2, 3, 3], [2])) {
        transposedConvolution2D($0[0], weight: $0[1], bias: $0[2], padding: 1, activation: .gelu)
    }
    for algorithm in [ConvolutionAlgorithm.gathered, .winograd2, .winograd4] {
        transposed += cases("\(algorithm)", batches([5, 4, 2], [2, 3, 3, 3])) {
            transposedConvolution2D($0[0], weight: $0[1], padding: 1, algorithm: algorithm)
        }
    }
    transposed += cases("uneven", batches([2, 3, 4], [4, 3, 2, 3], [6])) {
        transposedConvolution2D(
            $0[0], weight: $0[1], bias: $0[2], stride: Size2D(2, 1),
            padding: .each(top: 1, bottom: 0, left: 0, right: 2), outputPadding: Size2D(1, 0),
            dilation: Size2D(1, 2), groups: 2, activation: .tanh)
    }
    transposed += cases("padding beyond the stride", batches([2, 2, 2], [2, 1, 2, 2])) {
        transposedConvolution2D($0[0], weight: $0[1], outputPadding: 2, dilation: 3)
    }
    transposed += cases("depthwise", batches([2, 3, 5], [5, 1, 3, 2], [5])) {
        transposedConvolution2D(
            $0[0], weight: $0[1], bias: $0[2], stride: 2, groups: 5, activation: .sigmoid)
    }
    transposed += cases("twice as large", batches([2, 2, 2], [2, 2, 3, 4])) {
        transposedConvolution2D($0[0], weight: $0[1], stride: 2, padding: .same)
    }
    transposed += cases("sequence", batches([3, 4], [4, 2, 4], [2], [2])) {
        transposedConvolution1D(
            $0[0], weight: $0[1], bias: $0[2], stride: 3, padding: .each(before: 2, after: 1),
            outputPadding: 1, activation: .parametricReLU(isPerChannel: true), slope: $0[3])
    }
    transposed += cases("of itself", [[[2, 4, 2], [2, 2, 3]]]) {
        let y = transposedConvolution1D($0[0], weight: $0[1], padding: 1)
        return transposedConvolution1D(y + $0[0], weight: $0[1], padding: 1)
    }
    return [.convolution: convolution, .transposedConvolution: transposed]
}
