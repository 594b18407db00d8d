// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Winograd's algorithms where an input is infinite, not a number, near the largest number, or far larger than its
/// neighbours: each output by what its own window holds, as the direct formula has it.
@Suite(.serialized) struct WinogradRangeTests {
    private static let algorithms: [ConvolutionAlgorithm] = [.winograd2, .winograd4]
    private static let direct = DirectConvolution(image: [2, 9, 11, 19], outputs: 21, padding: 1)

    /// Equal where the formula is not finite, and else within `tolerance` of the sum of its terms' magnitudes.
    private func expectEqual<Scalar: TestScalar>(
        _ found: Tensor<Scalar>, _ expected: [Double], scale: [Double], tolerance: Double, _ comment: String
    ) {
        let values = found.scalars.map { Double($0) }
        #expect(values.count == expected.count, "\(comment)")
        var wrong = 0
        for (place, (value, wanted)) in zip(values, expected).enumerated() {
            let isRight =
                wanted.isNaN
                ? value.isNaN
                : wanted.isInfinite
                    ? value == wanted : abs(value - wanted) <= tolerance * max(scale[place], 1e-30)
            if !isRight { wrong += 1 }
        }
        #expect(wrong == 0, "\(comment): \(wrong) of \(values.count)")
    }

    /// Pixels of an image and channels, in a corner, at a tile's edge and in its middle; of its gradient not in a corner,
    /// where padding's zeros are multiplied by it.
    private static let places = [(0, 0), (37, 4), (60, 18), (99 + 52, 0)]

    private func checkSpecials<Scalar: TestScalar>(
        _: Scalar.Type, _ algorithm: ConvolutionAlgorithm, _ special: Scalar, tolerance: Double
    ) {
        let direct = Self.direct
        var x: [Scalar] = randomValues(direct.inputShape.elementCount, seed: 1)
        var dy: [Scalar] = randomValues(direct.outputShape.elementCount, seed: 3)
        let weight: [Scalar] = randomValues(direct.weightShape.elementCount, seed: 2)
        func doubles(_ values: [Scalar]) -> [Double] { values.map { Double($0) } }
        let w = doubles(weight)
        for (pixel, channel) in Self.places { x[pixel * 19 + channel] = special }
        let name = "\(Scalar.self) \(algorithm) \(special)"
        func run() -> (y: Tensor<Scalar>, gradients: [Tensor<Scalar>]) {
            let inputs = [
                Tensor(shape: direct.inputShape, scalars: x),
                Tensor(shape: direct.weightShape, scalars: weight),
            ]
            let (y, pullback) = valueWithPullback(at: inputs) { direct($0[0], $0[1], algorithm) }
            return (y, pullback(Tensor(shape: direct.outputShape, scalars: dy)))
        }
        let first = run()
        let magnitudes = { (values: [Double]) in values.map(\.magnitude) }
        expectEqual(
            first.y, direct.output(doubles(x), w),
            scale: direct.output(magnitudes(doubles(x)), magnitudes(w)),
            tolerance: tolerance, "\(name), forward")
        func expectGradients(_ found: [Tensor<Scalar>], _ comment: String) {
            let (x, dy) = (doubles(x), doubles(dy))
            let expected = direct.gradients(x, w, dy)
            let scale = direct.gradients(magnitudes(x), magnitudes(w), magnitudes(dy))
            expectEqual(found[0], expected.x, scale: scale.x, tolerance: tolerance, "\(comment), dx")
            // Each element is a sum over all tiles: relative to the largest of them.
            let largest = scale.weight.filter { $0.isFinite }.max() ?? 0
            expectEqual(
                found[1], expected.weight, scale: scale.weight.map { _ in largest }, tolerance: tolerance,
                "\(comment), dW")
        }
        expectGradients(first.gradients, "\(name) in x")
        let plain: [Scalar] = randomValues(direct.inputShape.elementCount, seed: 1)
        x = plain
        for (pixel, channel) in Self.places.dropFirst() { dy[pixel * 21 + channel] = special }
        expectGradients(run().gradients, "\(name) in dy")
    }

    @Test(arguments: algorithms)
    func oneElementIsSeenByItsWindowsAlone(algorithm: ConvolutionAlgorithm) {
        for special in [Float.infinity, -.infinity, .nan, 3e37, 1e8, -3e4] {
            checkSpecials(Float.self, algorithm, special, tolerance: 3e-5)
        }
        for special in [Double.infinity, -.infinity, .nan, 3e307, 1e17] {
            checkSpecials(Double.self, algorithm, special, tolerance: 6e-14)
        }
    }

    /// Inputs so large that the transforms overflow, where the sums themselves do not.
    @Test(arguments: algorithms)
    func largeInputsStayFinite(algorithm: ConvolutionAlgorithm) {
        func check<Scalar: TestScalar>(_ magnitude: Scalar, tolerance: Double) {
            let direct = Self.direct
            let x = (sample(direct.inputShape, seed: 1) as Tensor<Scalar>) * magnitude
            let weight = (sample(direct.weightShape, seed: 2) as Tensor<Scalar>) * Scalar(fromDouble: 0.05)
            let dy = (sample(direct.outputShape, seed: 3) as Tensor<Scalar>) * Scalar(fromDouble: 0.05)
            func run(_ algorithm: ConvolutionAlgorithm) -> [Tensor<Scalar>] {
                let (y, pullback) = valueWithPullback(at: [x, weight]) { direct($0[0], $0[1], algorithm) }
                return [y] + pullback(dy) + [valueWithPullback(at: [dy, weight]) { _ in y }.0]
            }
            for (found, expected) in zip(run(algorithm), run(.gathered)) {
                let isFinite = expected.scalars.allSatisfy { $0.isFinite }
                #expect(isFinite)
                let largest = abs(expected).max().item
                let error = (abs(found / largest - expected / largest)).max().item
                #expect(error <= Scalar(fromDouble: tolerance), "\(algorithm) \(magnitude): \(error)")
            }
        }
        check(Float(3e37), tolerance: 1e-5)
        check(Double(1.5e307), tolerance: 1e-13)
    }

    /// Weights that are not finite reach their output channel alone, as by gathering.
    @Test(arguments: algorithms)
    func weightsThatAreNotFinite(algorithm: ConvolutionAlgorithm) {
        let direct = Self.direct
        for special in [Float.infinity, -.infinity, .nan] {
            var w: [Float] = randomValues(direct.weightShape.elementCount, seed: 2)
            w[7] = special
            let weight = Tensor(shape: direct.weightShape, scalars: w)
            let x: Tensor<Float> = sample(direct.inputShape, seed: 1)
            func run(_ algorithm: ConvolutionAlgorithm) -> [Tensor<Float>] {
                let (y, pullback) = valueWithPullback(at: [x, weight]) { direct($0[0], $0[1], algorithm) }
                return [y] + pullback(sample(direct.outputShape, seed: 3))
            }
            for (found, expected) in zip(run(algorithm), run(.gathered)) {
                #expect(expected.scalars.contains { $0.isFinite })
                expectEqual(
                    found, expected.scalars.map { Double($0) },
                    scale: .init(repeating: 10, count: expected.elementCount), tolerance: 1e-5,
                    "\(algorithm) \(special)")
            }
        }
    }

    /// Bias, residual and activation come after the repair; so does the addition to an earlier gradient; at any number
    /// of threads the same bits.
    @Test(arguments: algorithms)
    func whatFollowsSeesTheRepairedTiles(algorithm: ConvolutionAlgorithm) {
        // One cut for each core, and one that all share.
        for direct in [Self.direct, DirectConvolution(image: [1, 7, 7, 33], outputs: 40, padding: 1)] {
            var values: [Float] = randomValues(direct.inputShape.elementCount, seed: 1)
            (values[40], values[700], values[1100]) = (-.infinity, 1e9, .nan)
            var upstream: [Float] = randomValues(direct.outputShape.elementCount, seed: 5)
            (upstream[80], upstream[900]) = (.infinity, 1e9)
            let inputs: [Tensor<Float>] = [
                Tensor(shape: direct.inputShape, scalars: values), sample(direct.weightShape, seed: 2),
                sample([direct.outputs], seed: 3), sample(direct.outputShape, seed: 4),
            ]
            func run(_ algorithm: ConvolutionAlgorithm, threads: Int) -> [Tensor<Float>] {
                withThreads(threads) {
                    let (y, pullback) = valueWithPullback(at: inputs) {
                        let y = convolution2D(
                            $0[0], weight: $0[1], bias: $0[2], padding: 1, residual: $0[3], activation: .relu,
                            algorithm: algorithm)
                        return y + convolution2D($0[0], weight: $0[1], padding: 1, algorithm: algorithm) * 0.5
                    }
                    return [y] + pullback(Tensor(shape: direct.outputShape, scalars: upstream))
                }
            }
            let found = run(algorithm, threads: 1)
            #expect(found[0].scalars.contains { $0 == .infinity || $0.isNaN })
            #expect(found[1].scalars.contains { !$0.isFinite })
            for (one, gathered) in zip(found, run(.gathered, threads: 1)) {
                let expected = gathered.scalars.map { Double($0) }
                expectEqual(
                    one, expected, scale: expected.map { max($0.magnitude, 30) }, tolerance: 1e-4,
                    "\(algorithm)")
            }
            for threads in [2, 3] {
                for (other, one) in zip(run(algorithm, threads: threads), found) {
                    #expect(other.scalars.map(\.bitPattern) == one.scalars.map(\.bitPattern))
                }
            }
        }
    }

    /// A window of zeros gives zeros, whatever stands beside it.
    @Test(arguments: algorithms)
    func windowsOfZerosGiveZeros(algorithm: ConvolutionAlgorithm) {
        var x = Tensor<Float>.zeros([1, 16, 16, 24])
        x[0..<1, 0..<16, 6..<9, 0..<24] = sample([1, 16, 3, 24], seed: 1) * 100
        let weight: Tensor<Float> = sample([24, 24, 3, 3], seed: 2)
        let y = convolution2D(x, weight: weight, padding: 1, algorithm: algorithm)
        #expect(y[0..<1, 0..<16, 0..<5].scalars.allSatisfy { $0 == 0 })
        #expect(y[0..<1, 0..<16, 10..<16].scalars.allSatisfy { $0 == 0 })
        let inside = y[0..<1, 0..<16, 5..<10]
        #expect(inside.scalars.allSatisfy { $0 != 0 })
        let expected = convolution2D(x, weight: weight, padding: 1, algorithm: .gathered)
        #expect((abs(inside - expected[0..<1, 0..<16, 5..<10])).max().item < 2e-2)
    }

    /// The bound that `ConvolutionAlgorithm` states: |error| against the largest input of the tile times Σ |w|.
    @Test func errorsAreWithinTheStatedBound() {
        for (algorithm, bound) in [(ConvolutionAlgorithm.winograd2, 4.0), (.winograd4, 16.0)] {
            for channels in [1, 4, 64] {
                // One tile and its surroundings, all of the magnitudes that are computed by Winograd.
                for ratio in [1.0, 1.0 / 900] {
                    let direct = DirectConvolution(image: [1, 8, 8, channels], outputs: 32, padding: 1)
                    var x: [Float] = randomValues(direct.inputShape.elementCount, seed: 1)
                    for i in x.indices where i / channels % 3 != 0 { x[i] *= Float(ratio) }
                    let weight: [Float] = randomValues(direct.weightShape.elementCount, seed: 2)
                    let y = direct(
                        Tensor(shape: direct.inputShape, scalars: x),
                        Tensor(shape: direct.weightShape, scalars: weight), algorithm)
                    let exact = direct.output(x.map { Double($0) }, weight.map { Double($0) })
                    let largest = Double(x.map(\.magnitude).max() ?? 0)
                    var worst = 0.0
                    for (place, value) in y.scalars.enumerated() {
                        let output = place % 32
                        let sum = weight[output * 9 * channels..<(output + 1) * 9 * channels].reduce(0.0) {
                            $0 + Double($1.magnitude)
                        }
                        worst = max(worst, abs(Double(value) - exact[place]) / (largest * sum))
                    }
                    let ulps = worst * 0x1p24
                    #expect(ulps <= bound && ulps > 0.01, "\(algorithm) \(channels) \(ratio): \(ulps)")
                }
            }
        }
    }
}
