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

    /// A large mean: the rows of a window are summed apart.
    @Test func meansOfManyAreRight() {
        let x = Tensor<Float>.full([1, 300, 300, 2], 0.1)
        let mean = globalAveragePooling(x).scalars
        #expect(mean.allSatisfy { abs($0 - 0.1) < 2e-6 }, "\(mean)")
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
