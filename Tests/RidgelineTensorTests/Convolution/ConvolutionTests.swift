// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Convolutions in Double against the direct formula, forward and both gradients, by every algorithm.
@Suite struct ConvolutionTests {
    static let cases: [DirectConvolution] = {
        typealias Case = DirectConvolution
        // 3×3 of stride 1, for every algorithm: odd sizes, one pixel, uneven padding, uneven channels.
        var all = [
            Case(image: [2, 7, 9, 5], outputs: 17, padding: 1),
            Case(image: [1, 1, 1, 3], outputs: 16, padding: 1),
            Case(image: [0, 5, 5, 3], outputs: 4, padding: 1),
            Case(image: [2, 3, 3, 1], outputs: 1),
            Case(
                image: [1, 6, 5, 33], outputs: 3, padding: .each(top: 0, bottom: 2, left: 1, right: 0)),
            Case(image: [3, 4, 11, 16], outputs: 33, padding: .same),
            // Kernels of other sizes; the stem; strides beyond the kernel, which leave pixels unseen.
            Case(image: [2, 5, 7, 17], outputs: 5, kernel: 1),
            Case(image: [1, 15, 13, 3], outputs: 16, kernel: 7, stride: 2, padding: 3),
            Case(image: [2, 7, 8, 5], outputs: 3, kernel: 1, stride: 3),
            Case(image: [1, 9, 8, 3], outputs: 5, kernel: 2, stride: Size2D(3, 1)),
            Case(image: [1, 9, 11, 3], outputs: 4, kernel: 3, stride: 2, padding: .same),
            Case(
                image: [1, 8, 6, 4], outputs: 3, kernel: Size2D(2, 4), stride: Size2D(1, 3), padding: .same),
            Case(image: [2, 6, 9, 3], outputs: 5, kernel: Size2D(1, 5), padding: .symmetric(Size2D(0, 2))),
            // Dilation, alone and with strides; padding larger than the image.
            Case(image: [1, 9, 8, 5], outputs: 4, dilation: 2),
            Case(
                image: [1, 10, 9, 3], outputs: 4, kernel: Size2D(3, 2), stride: Size2D(2, 3), padding: 2,
                dilation: Size2D(3, 2)),
            Case(image: [1, 2, 1, 3], outputs: 2, padding: .each(top: 4, bottom: 3, left: 5, right: 2)),
            Case(image: [1, 1, 2, 17], outputs: 3, kernel: 1, stride: 2, padding: 3),
            // Groups, depthwise, and a depthwise one with several outputs for each input.
            Case(image: [2, 5, 6, 6], outputs: 9, stride: 2, padding: 1, groups: 3),
            Case(image: [1, 5, 4, 34], outputs: 4, kernel: 1, groups: 2),
            Case(image: [2, 5, 6, 4], outputs: 8, padding: 1, groups: 4),
        ]
        all += [1, 2, 3].map { stride in
            Case(
                image: [2, 8, 7, 17], outputs: 17, stride: Size2D(stride), padding: .same,
                dilation: Size2D(stride == 3 ? 2 : 1), groups: 17)
        }
        all.append(
            Case(
                image: [1, 3, 6, 3], outputs: 3, kernel: Size2D(2, 5), stride: Size2D(1, 2),
                padding: .each(top: 3, bottom: 0, left: 0, right: 4), groups: 3))
        all.append(Case(image: [0, 4, 4, 5], outputs: 5, padding: 1, groups: 5))
        #if !DEBUG
            // Enough rows and channels for several tiles, pieces and ranges of channels.
            all += [
                Case(image: [2, 25, 27, 33], outputs: 17, padding: 1),
                Case(image: [1, 12, 12, 160], outputs: 130, padding: 1),
                Case(image: [1, 33, 31, 70], outputs: 65, kernel: 1),
                Case(image: [1, 26, 23, 65], outputs: 33, stride: 2, padding: 1),
                Case(image: [1, 64, 66, 3], outputs: 16, kernel: 7, stride: 2, padding: 3),
                Case(image: [2, 23, 24, 32], outputs: 48, padding: 2, dilation: 2, groups: 2),
            ]
        #endif
        return all
    }()

    @Test(arguments: cases)
    func agreesWithTheDirectFormula(direct: DirectConvolution) {
        let x: Tensor<Double> = sample(direct.inputShape, seed: 1)
        let weight: Tensor<Double> = sample(direct.weightShape, seed: 2)
        let dy: Tensor<Double> = sample(direct.outputShape, seed: 3)
        let y = direct.output(x.scalars, weight.scalars)
        let gradients = direct.gradients(x.scalars, weight.scalars, dy.scalars)
        for algorithm in direct.algorithms {
            let (found, pullback) = valueWithPullback(at: [x, weight]) { direct($0[0], $0[1], algorithm) }
            let tolerance = algorithm.tolerance
            expectClose(found, direct.outputShape, y, tolerance: tolerance, "\(algorithm) y")
            // Unrecorded and from a channels-last weight as well, to the bit.
            expect(direct(x, channelsLast(weight), algorithm), found.shape, found.scalars, "\(algorithm)")
            let back = pullback(dy)
            expectClose(back[0], x.shape, gradients.x, tolerance: tolerance, "\(algorithm) dx")
            expectClose(back[1], weight.shape, gradients.weight, tolerance: tolerance, "\(algorithm) dW")
        }
    }

    @Test func algorithmsAreAvailableWhereTheyCanCompute() {
        typealias Case = DirectConvolution
        let plain = Case(image: [1, 4, 4, 2], outputs: 3, padding: 1)
        #expect(plain.algorithms == [.automatic, .gathered, .winograd2, .winograd4])
        var other = plain
        other.stride = 2
        #expect(other.algorithms == [.automatic, .gathered])
        other = plain
        other.padding = 3
        #expect(other.algorithms == [.automatic, .gathered])
        let depthwise = Case(image: [1, 4, 4, 2], outputs: 2, groups: 2)
        #expect(depthwise.algorithms == [.automatic, .gathered, .depthwise])
    }

    /// TensorFlow's placement: the odd row and column of zeros are below and on the right.
    @Test func sameIsPaddedBelowAndRight() {
        let x = Tensor<Double>(shape: [1, 2, 2, 1], scalars: [1, 10, 100, 1_000])
        let weight = Tensor<Double>(shape: [1, 1, 2, 2], scalars: [1, 2, 3, 4])
        expect(
            convolution2D(x, weight: weight, padding: .same), [1, 2, 2, 1],
            [1 + 20 + 300 + 4_000, 10 + 3_000, 100 + 2_000, 1_000])
        // Windows of stride 2 on 3 pixels: one of padding on each side.
        let line = Tensor<Double>(shape: [1, 1, 3, 1], scalars: [1, 10, 100])
        let three = Tensor<Double>(shape: [1, 1, 1, 3], scalars: [1, 2, 3])
        expect(
            convolution2D(line, weight: three, stride: Size2D(1, 2), padding: .same), [1, 1, 2, 1],
            [2 + 30, 10 + 200])
    }
}
