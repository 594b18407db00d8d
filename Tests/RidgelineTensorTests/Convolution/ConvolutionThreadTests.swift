// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Every algorithm is bitwise the same at any number of threads, forward and backward. Changes the process's settings.
@Suite(.serialized) struct ConvolutionThreadTests {
    private static let cases: [DirectConvolution] = {
        let all = [
            DirectConvolution(image: [2, 13, 14, 17], outputs: 19, padding: 1),
            DirectConvolution(image: [1, 17, 15, 6], outputs: 10, stride: 2, padding: 1, groups: 2),
            DirectConvolution(image: [2, 9, 10, 17], outputs: 17, padding: 1, groups: 17),
        ]
        #if DEBUG
            return all
        #else
            return all + [
                DirectConvolution(image: [2, 56, 56, 64], outputs: 64, padding: 1),
                DirectConvolution(image: [1, 7, 7, 512], outputs: 512, padding: 1),
                DirectConvolution(image: [2, 28, 28, 130], outputs: 257, kernel: 1),
                DirectConvolution(image: [2, 28, 28, 128], outputs: 128, stride: 2, padding: 1),
                DirectConvolution(image: [1, 112, 112, 3], outputs: 64, kernel: 7, stride: 2, padding: 3),
                DirectConvolution(image: [2, 56, 56, 32], outputs: 32, stride: 2, padding: 1, groups: 32),
            ]
        #endif
    }()

    private func run<Scalar: FloatingScalar>(
        _ direct: DirectConvolution, _ algorithm: ConvolutionAlgorithm, _: Scalar.Type
    ) -> [Tensor<Scalar>] {
        let inputs: [Tensor<Scalar>] = [
            sample(direct.inputShape, seed: 1), sample(direct.weightShape, seed: 2),
            sample([direct.outputs], seed: 3), sample(direct.outputShape, seed: 4),
        ]
        let steps = ConvolutionSteps(stride: direct.stride, padding: direct.padding, groups: direct.groups)
        var moments: BatchMoments?
        let (y, pullback) = valueWithPullback(at: inputs) { inputs in
            let (y, found) = convolution2D(
                inputs[0], ConvolutionWeight(inputs[1]), bias: inputs[2], steps: steps, residual: inputs[3],
                activation: .gelu, algorithm: algorithm, observesMoments: true)
            moments = found
            return y
        }
        let observed = moments.map { [Tensor<Scalar>($0.mean), Tensor<Scalar>($0.variance)] } ?? []
        return [y] + pullback(sample(y.shape, seed: 5)) + observed
    }

    @Test(arguments: cases)
    func threadsDoNotMatter(direct: DirectConvolution) { check(direct) }

    /// In a process of its own: the grid decides the results of whatever else runs.
    @Test func threadsDoNotMatterOnAnotherGrid() async {
        await #expect(processExitsWith: .success) {
            let tests = ConvolutionThreadTests()
            for gridCores in [1, 3] {
                Parallelism.gridCores = gridCores
                for direct in ConvolutionThreadTests.cases { tests.check(direct) }
            }
        }
    }

    private func check(_ direct: DirectConvolution) {
        for algorithm in direct.algorithms {
            check(direct, algorithm, Float.self)
            check(direct, algorithm, Double.self)
        }
    }

    private func check<Scalar: FloatingScalar>(
        _ direct: DirectConvolution, _ algorithm: ConvolutionAlgorithm, _ type: Scalar.Type
    ) {
        let alone = withThreads(1) { run(direct, algorithm, type) }
        #expect(alone.count == 7 && alone.allSatisfy { $0.scalars.allSatisfy(\.isFinite) })
        for threads in [2, 3] {
            let shared = withThreads(threads) { run(direct, algorithm, type) }
            for (one, other) in zip(alone, shared) {
                expect(other, one.shape, one.scalars, "\(algorithm), \(threads) threads")
            }
        }
    }
}
