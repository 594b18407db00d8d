// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct PoolingTests {
    /// NaN is the largest, and its gradient goes to the last one; nothing but −∞ gives −∞, to the first.
    @Test func notANumberWins() {
        let x = Tensor<Float>(
            shape: [1, 1, 8, 1], scalars: [1, .nan, .nan, 2, -.infinity, -.infinity, .infinity, .nan])
        let (y, pullback) = valueWithPullback(at: x) { maximumPooling2D($0, window: Size2D(1, 4)) }
        #expect(y.scalars.allSatisfy { $0.isNaN })
        expect(pullback(.ones(y.shape)), x.shape, [0, 0, 1, 0, 0, 0, 0, 1])
        let (low, back) = valueWithPullback(at: x) { maximumPooling2D($0, window: Size2D(1, 2)) }
        expect(low, [1, 1, 4, 1], [.nan, .nan, -.infinity, .nan])
        expect(back(.ones(low.shape)), x.shape, [0, 1, 1, 0, 1, 0, 0, 1])
    }

    /// A window that dilation leads past every pixel has no maximum, and gives no gradient.
    @Test func windowsOfNothing() {
        let x = Tensor<Double>.ones([1, 1, 1, 2])
        let (y, pullback) = valueWithPullback(at: x) {
            maximumPooling2D($0, window: 2, padding: 1, dilation: 2)
        }
        expect(y, [1, 1, 1, 2], [-.infinity, -.infinity])
        expect(pullback(y * 0 + 1), [1, 1, 1, 2], [0, 0])
    }

    /// More than 256 taps need wider numbers for the winners.
    @Test func largeWindows() {
        for side in [16, 17, 40] {
            let x: Tensor<Float> = sample([2, side, side, 3])
            let (y, pullback) = valueWithPullback(at: x) { adaptiveMaximumPooling2D($0, outputSize: 1) }
            let expected = x.reshaped([2, side * side, 3]).max(axes: 1)
            expect(y, [2, 1, 1, 3], expected.scalars)
            let dx = pullback(.ones(y.shape))
            #expect(dx.sum().item == 6 && (dx * x).sum().isAlmostEqual(to: expected.sum()))
        }
    }

    /// TensorFlow's "same": as many outputs as steps, more padding after than before.
    @Test func samePadding() {
        let x = Tensor<Float>.range(from: 0, to: 20).reshaped([1, 4, 5, 1])
        expect(
            maximumPooling2D(x, window: 2, stride: 2, padding: .same), [1, 2, 3, 1], [6, 8, 9, 16, 18, 19])
        expect(
            averagePooling2D(x, window: 2, stride: 2, padding: .same, countsPadding: false), [1, 2, 3, 1],
            [3, 5, 6.5, 13, 15, 16.5])
    }

    /// Sums in double, rounded once: the mean of equal values is that value, of others the nearest number to the mean.
    @Test func meansOfManyAreRight() {
        #if DEBUG
            let side = 400
        #else
            let side = 4_096
        #endif
        for channels in [1, 2, 19, 67] where side < 4_096 || channels == 1 {
            let x = Tensor<Float>.full([1, side, side, channels], 0.1)
            let pools: [(Tensor<Float>) -> Tensor<Float>] = [
                { globalAveragePooling($0) }, { adaptiveAveragePooling2D($0, outputSize: Size2D(1, 2)) },
                { averagePooling2D($0, window: Size2D(side - 1, side), stride: 1) },
            ]
            for pool in pools { #expect(pool(x).scalars.allSatisfy { $0 == 0.1 }) }
        }
        let x: Tensor<Float> = sample([2, 37, 41, 5], seed: 3) + 1000
        let exact = Tensor<Float>(adaptiveAveragePooling2D(Tensor<Double>(x), outputSize: 3))
        #expect(adaptiveAveragePooling2D(x, outputSize: 3) == exact)
    }

    /// A pixel that many windows see: their gradients are summed in double too, of the average and of the maximum.
    @Test func gradientsOfManyWindowsAreRight() {
        let length = 3_001
        let x = Tensor<Float>.range(from: 0, to: Float(length)).reshaped([1, 1, length, 1])
        let dy = Tensor<Float>.full([1, 1, length, 1], 0.1)
        func gradient<Scalar: FloatingScalar>(
            _ dy: Tensor<Scalar>, _ pool: @escaping (Tensor<Scalar>) -> Tensor<Scalar>
        ) -> Tensor<Scalar> {
            let (_, pullback) = valueWithPullback(at: Tensor<Scalar>(x), pool)
            return pullback(dy)
        }
        // All the windows' last pixel is the largest of them, and the very last one that of half of them.
        let most = gradient(dy) { maximumPooling2D($0, window: Size2D(1, length), stride: 1, padding: .same) }
        #expect(most.scalars.last == Float(Double(Float(0.1)) * Double(length / 2 + 1)))
        let mean = gradient(dy) {
            averagePooling2D($0, window: Size2D(1, length), stride: 1, padding: .same, countsPadding: false)
        }
        let exact = gradient(Tensor<Double>(dy)) {
            averagePooling2D($0, window: Size2D(1, length), stride: 1, padding: .same, countsPadding: false)
        }
        #expect(mean == Tensor<Float>(exact))
    }

    @Test func stridedInputs() {
        let plain: Tensor<Float> = sample([3, 6, 5, 4])
        let turned = plain.permuted([0, 2, 1, 3]).copied().permuted([0, 2, 1, 3])
        let pool = { (x: Tensor<Float>) in maximumPooling2D(x, window: 3, stride: 2, padding: 1) }
        #expect(pool(turned) == pool(plain))
        #expect(padded(turned, 2, mode: .reflect) == padded(plain, 2, mode: .reflect))
    }
}

/// Bitwise the same at any number of threads.
@Suite(.serialized) struct PoolingThreadTests {
    @Test(arguments: [2, 3])
    func threadsDoNotMatter(threads: Int) {
        let x: Tensor<Float> = sample([3, 61, 59, 33])
        let functions: [(Tensor<Float>) -> Tensor<Float>] = [
            { maximumPooling2D($0, window: 3, stride: 2, padding: 1) },
            { averagePooling2D($0, window: 3, stride: 1, padding: 1) },
            { adaptiveAveragePooling2D($0, outputSize: 7) }, { globalAveragePooling($0) },
            { padded($0, 3, mode: .reflect) },
        ]
        func run() -> [[Float]] {
            functions.flatMap { function in
                let (y, pullback) = valueWithPullback(at: x, function)
                return [y.scalars, pullback(sample(y.shape, seed: 2)).scalars]
            }
        }
        #expect(withThreads(threads, run) == withThreads(1, run))
    }
}
