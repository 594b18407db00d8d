// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Indices of the largest values, and their return, in numbers that PyTorch 2.13 gives.
@Suite struct PoolingIndicesTests {
    /// 7·k mod 61 in row-major order, as (2, 4, 5, 3).
    private let x = Tensor<Float>(shape: [2, 4, 5, 3], scalars: (0..<120).map { Float($0 * 7 % 61) })

    @Test func padded() {
        let (y, indices) = maximumPooling2DWithIndices(
            x, window: Size2D(2, 3), stride: 2, padding: .symmetric(1))
        expect(
            indices, [2, 3, 3, 3],
            [
                1, 1, 1, 2, 2, 2, 4, 4, 4, 11, 11, 5, 11, 11, 8, 14, 14, 8, 16, 16, 16, 17, 17, 16, 19, 19,
                19, 0, 1,
                1, 3, 2, 2, 3, 4, 4, 6, 11, 11, 6, 11, 11, 9, 14, 14, 16, 16, 16, 17, 17, 17, 19, 19, 19,
            ])
        #expect(y == maximumPooling2D(x, window: Size2D(2, 3), stride: 2, padding: 1))
    }

    @Test func dilated() {
        let (y, indices) = maximumPooling2DWithIndices(
            x, window: 2, stride: 1, padding: 1, dilation: 2, ceilMode: true)
        expect(
            indices, [2, 4, 5, 3],
            [
                6, 6, 6, 5, 5, 5, 8, 8, 8, 7, 7, 7, 8, 8, 8, 11, 11, 1, 2, 2, 2, 11, 11, 13, 14, 14, 2, 13,
                13, 13,
                16, 16, 16, 17, 17, 5, 8, 8, 8, 17, 17, 19, 8, 8, 8, 11, 11, 11, 10, 10, 10, 11, 11, 13, 14,
                14, 12,
                13, 13, 13, 6, 6, 6, 5, 5, 5, 6, 8, 8, 9, 7, 7, 8, 8, 8, 11, 11, 11, 0, 2, 2, 3, 11, 11, 14,
                14, 14,
                3, 13, 13, 6, 16, 16, 17, 17, 17, 6, 8, 8, 9, 17, 17, 8, 8, 8, 11, 11, 11, 10, 10, 10, 11, 11,
                11,
                14, 14, 14, 13, 13, 13,
            ])
        #expect(y == maximumPooling2D(x, window: 2, stride: 1, padding: 1, dilation: 2, ceilMode: true))
    }

    @Test func adaptive() {
        let (y, indices) = adaptiveMaximumPooling2DWithIndices(x, outputSize: 2)
        expect(
            indices, [2, 2, 2, 3],
            [5, 5, 5, 8, 8, 8, 17, 17, 16, 17, 17, 19, 6, 5, 5, 9, 8, 8, 17, 17, 17, 17, 17, 17])
        #expect(y == adaptiveMaximumPooling2D(x, outputSize: 2))
    }

    /// Every value stands where its index says, in windows of more than 256 taps too, and back it goes.
    @Test func valuesStandWhereTheIndicesSay() {
        for (height, width, window) in [(6, 4, 2), (40, 40, 20)] {
            let x: Tensor<Double> = sample([3, height, width, 5], seed: 2)
            let (y, indices) = maximumPooling2DWithIndices(x, window: Size2D(window))
            let back = maximumUnpooling2D(y, indices: indices, outputSize: Size2D(height, width))
            let (_, pullback) = valueWithPullback(at: x) { maximumPooling2D($0, window: Size2D(window)) }
            #expect(back == x * pullback(.ones(y.shape)))
            #expect(back.scalars.filter { $0 != 0 }.count == y.elementCount)
        }
    }

    @Test func unpooled() {
        let (y, indices) = maximumPooling2DWithIndices(x, window: 2)
        let back = maximumUnpooling2D(y, indices: indices, outputSize: Size2D(4, 5))
        var wanted = [Float](repeating: 0, count: 120)
        for (place, value) in [
            15: 44, 16: 51, 17: 58, 24: 46, 25: 53, 26: 60, 33: 48, 34: 55, 41: 43, 50: 45, 51: 52, 52: 59,
            69: 56,
            76: 44, 77: 51, 78: 58, 85: 46, 86: 53, 93: 41, 94: 48, 95: 55, 111: 45, 112: 52, 113: 59,
        ] as [Int: Float] { wanted[place] = value }
        expect(back, [2, 4, 5, 3], wanted)
    }

    /// With the gradient of the values, and none of the indices.
    @Test func carriesTheGradient() {
        let run = { (pool: @escaping (Tensor<Float>) -> Tensor<Float>) in
            let (y, pullback) = valueWithPullback(at: self.x, pool)
            return pullback(sample(y.shape, seed: 4))
        }
        #expect(
            run { maximumPooling2DWithIndices($0, window: 2, stride: 1).output }
                == run { maximumPooling2D($0, window: 2, stride: 1) })
    }
}

/// Pooling of sequences, in numbers that PyTorch 2.13 gives.
@Suite struct Pooling1DTests {
    private let x = Tensor<Float>.range(from: 0, to: 20).reshaped([1, 5, 4])

    @Test func largestOfThree() {
        let signs = Tensor<Float>(shape: [1, 5, 1], scalars: [1, -1, 1, -1, 1])
        expect(
            maximumPooling1D(x * signs, window: 3, stride: 2, padding: 1), [1, 3, 4],
            [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19])
        expect(maximumPooling1D(x, window: 2, dilation: 3), [1, 1, 4], [12, 13, 14, 15])
    }

    @Test func meanOfThree() {
        expect(
            averagePooling1D(x, window: 3, stride: 2, padding: 1, ceilMode: true, countsPadding: false),
            [1, 3, 4], [2, 3, 4, 5, 8, 9, 10, 11, 14, 15, 16, 17])
        expect(averagePooling1D(x, window: 2), [1, 2, 4], [2, 3, 4, 5, 10, 11, 12, 13])
    }

    @Test func parts() {
        expect(
            adaptiveAveragePooling1D(x, outputSize: 3), [1, 3, 4], [2, 3, 4, 5, 8, 9, 10, 11, 14, 15, 16, 17])
        expect(
            adaptiveMaximumPooling1D(x, outputSize: 3), [1, 3, 4],
            [4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19])
        #expect(adaptiveMaximumPooling1D(Tensor<Double>.ones([0, 5, 2]), outputSize: 2).shape == [0, 2, 2])
    }
}
