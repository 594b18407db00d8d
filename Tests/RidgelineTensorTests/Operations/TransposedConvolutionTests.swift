// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Transposed convolutions and convolutions of sequences by their formulas, over sizes that no fixture has.
@Suite(.serialized) struct TransposedConvolutionTests {
    private struct Options {
        var stride: Size2D = 1
        var before: Size2D = 0
        var after: Size2D = 0
        var extra: Size2D = 0
        var dilation: Size2D = 1
        var groups = 1
    }

    /// Each pixel adds its channels times the kernel to the places that it reaches.
    private func formula(_ x: Naive<Double>, _ weight: Naive<Double>, _ o: Options) -> Naive<Double> {
        func extent(_ axis: Int, _ side: KeyPath<Size2D, Int>) -> Int {
            let grown = (x.shape[axis] - 1) * o.stride[keyPath: side] + o.extra[keyPath: side] + 1
            return grown + o.dilation[keyPath: side] * (weight.shape[axis + 1] - 1)
                - o.before[keyPath: side] - o.after[keyPath: side]
        }
        let (height, width) = (extent(1, \.height), extent(2, \.width))
        let (inputs, outputs) = (weight.shape[0] / o.groups, weight.shape[1])
        return Naive([x.shape[0], height, width, outputs * o.groups]) { index in
            let (group, output) = index[3].quotientAndRemainder(dividingBy: outputs)
            var sum = 0.0
            for place in multiIndices([x.shape[1], x.shape[2], weight.shape[2], weight.shape[3]]) {
                let row = place[0] * o.stride.height + place[2] * o.dilation.height - o.before.height
                let column = place[1] * o.stride.width + place[3] * o.dilation.width - o.before.width
                guard row == index[1] && column == index[2] else { continue }
                for input in group * inputs..<(group + 1) * inputs {
                    sum +=
                        x[[index[0], place[0], place[1], input]]
                        * weight[[input, output, place[2], place[3]]]
                }
            }
            return sum
        }
    }

    @Test func isItsFormula() {
        var random = RandomNumbers(seed: 3)
        for trial in 0..<150 {
            func size(_ range: ClosedRange<Int>) -> Size2D {
                Size2D(random.next(range), random.next(range))
            }
            let (image, kernel) = (size(1...5), size(1...4))
            var o = Options(stride: size(1...3), dilation: size(1...3), groups: random.next(1...3))
            let reach = Size2D(
                o.dilation.height * (kernel.height - 1), o.dilation.width * (kernel.width - 1))
            // Cut anything but the last pixel.
            let room = Size2D(
                (image.height - 1) * o.stride.height + reach.height,
                (image.width - 1) * o.stride.width + reach.width)
            o.before = Size2D(random.next(0...room.height), random.next(0...room.width))
            o.after = Size2D(
                random.next(0...room.height - o.before.height), random.next(0...room.width - o.before.width))
            o.extra = Size2D(
                random.next(0...max(o.stride.height, o.dilation.height) - 1),
                random.next(0...max(o.stride.width, o.dilation.width) - 1))
            let (inputs, outputs) = (random.next(1...3) * o.groups, random.next(1...3))
            let x: Tensor<Double> = sample(
                [random.next(0...2), image.height, image.width, inputs], seed: UInt64(trial))
            let weight: Tensor<Double> = sample(
                [inputs, outputs, kernel.height, kernel.width], seed: UInt64(trial) + 1_000)
            let expected = formula(Naive(x), Naive(weight), o)
            let found = transposedConvolution2D(
                x, weight: weight, stride: o.stride,
                padding: .each(
                    top: o.before.height, bottom: o.after.height, left: o.before.width, right: o.after.width),
                outputPadding: o.extra, dilation: o.dilation, groups: o.groups)
            expectClose(
                found, expected.shape, expected.elements, tolerance: 1e-13,
                "\(x.shape) \(weight.shape) \(o)")
        }
    }

    /// Every algorithm that can gives the same, forward and backward.
    @Test(arguments: [(7, 1), (30, 40), (17, 17)])
    func algorithmsAgree(inputs: Int, outputs: Int) {
        for (height, width, padding) in [(1, 1, 1), (9, 13, 1), (5, 4, 0), (6, 7, 2)] {
            let x: Tensor<Double> = sample([2, height, width, inputs])
            let weight: Tensor<Double> = sample([inputs, outputs, 3, 3], seed: 2)
            func run(_ algorithm: ConvolutionAlgorithm) -> [Tensor<Double>] {
                let (y, pullback) = valueWithPullback(at: x, weight) {
                    transposedConvolution2D(
                        $0, weight: $1, padding: .symmetric(Size2D(padding)), algorithm: algorithm)
                }
                let (dx, dW) = pullback(sample(y.shape, seed: 3))
                return [y, dx, dW]
            }
            if height + 2 <= 2 * padding || width + 2 <= 2 * padding { continue }
            let gathered = run(.gathered)
            for algorithm in [ConvolutionAlgorithm.winograd2, .winograd4] {
                for (found, expected) in zip(run(algorithm), gathered) {
                    expectClose(
                        found, expected.shape, expected.scalars, tolerance: 1e-10, "\(algorithm) \(x.shape)")
                }
            }
        }
    }

    /// ⟨conv(x), y⟩ = ⟨x, transposed(y)⟩ for the output padding that gives x's size back.
    @Test func isTheAdjointOfTheConvolution() {
        for (length, stride, width, padding) in [(9, 2, 3, 1), (10, 2, 3, 1), (11, 3, 4, 2), (12, 4, 2, 0)] {
            let x: Tensor<Double> = sample([2, length, 3])
            let weight: Tensor<Double> = sample([5, 3, width], seed: 2)
            let z = convolution1D(x, weight: weight, stride: stride, padding: .symmetric(padding))
            let y: Tensor<Double> = sample(z.shape, seed: 3)
            let extra = (length + 2 * padding - width) % stride
            let back = transposedConvolution1D(
                y, weight: weight, stride: stride, padding: .symmetric(padding), outputPadding: extra)
            #expect(back.shape == x.shape)
            let (left, right) = ((z * y).sum().item, (x * back).sum().item)
            #expect(abs(left - right) <= 1e-12 * abs(left))
        }
    }

    @Test func sameGivesMultiplesOfTheExtents() {
        for stride in 1...4 {
            for kernel in 1...5 {
                let x: Tensor<Double> = sample([1, 3, 2, 2])
                let weight: Tensor<Double> = sample([2, 3, kernel, kernel], seed: 2)
                let y = transposedConvolution2D(x, weight: weight, stride: Size2D(stride), padding: .same)
                #expect(y.shape == [1, 3 * stride, 2 * stride, 3])
                // It is the middle of what is not cut, or has zeros around.
                let whole = transposedConvolution2D(x, weight: weight, stride: Size2D(stride))
                let cut = max(0, kernel - stride)
                let rows = min(3 * stride, whole.shape[1] - cut / 2)
                let columns = min(2 * stride, whole.shape[2] - cut / 2)
                let part = y[0..<1, 0..<rows, 0..<columns]
                let expected = whole[0..<1, cut / 2..<cut / 2 + rows, cut / 2..<cut / 2 + columns]
                expectClose(part, expected.shape, expected.scalars, tolerance: 1e-13, "\(stride) \(kernel)")
                #expect(abs(y.absolute().sum().item - expected.absolute().sum().item) < 1e-9)
            }
        }
    }

    /// A sequence is an image of height 1, to the bit, whichever algorithm; weights in any order of the elements.
    @Test func sequencesAreImagesOfHeightOne() {
        let x: Tensor<Float> = sample([3, 19, 6])
        let weight: Tensor<Float> = sample([8, 3, 5], seed: 2)
        let bias: Tensor<Float> = sample([8], seed: 3)
        let y = convolution1D(
            x, weight: weight, bias: bias, stride: 2, padding: .causal(width: 5), groups: 2, activation: .silu
        )
        let image = convolution2D(
            x.reshaped(to: [3, 1, 19, 6]), weight: weight.reshaped(to: [8, 3, 1, 5]), bias: bias,
            stride: Size2D(1, 2), padding: .each(top: 0, bottom: 0, left: 4, right: 0), groups: 2,
            activation: .silu)
        expect(y, [3, 10, 8], image.scalars)
        // No output of a causal convolution sees what comes later.
        var later = x
        later[0..<3, 11..<19] = Tensor<Float>.zeros([3, 8, 6])
        let cut = convolution1D(
            later, weight: weight.transposed().copied().transposed(), bias: bias, stride: 2,
            padding: .causal(width: 5), groups: 2, activation: .silu)
        expect(cut[0..<3, 0..<6], [3, 6, 8], y[0..<3, 0..<6].scalars)
        #expect(cut != y)
        let depthwise: Tensor<Float> = sample([6, 1, 4], seed: 4)
        let (one, other) = (
            convolution1D(x, weight: depthwise, groups: 6),
            convolution1D(x, weight: depthwise, groups: 6, algorithm: .gathered)
        )
        expectClose(one, other.shape, other.scalars.map(Double.init), tolerance: 1e-6)
    }

    /// What stands around is as if it had been put there before.
    @Test(arguments: PaddingMode.allCases)
    func edgesAreThoseOfPadding(mode: PaddingMode) {
        let x: Tensor<Double> = sample([2, 4, 5, 3])
        let weight: Tensor<Double> = sample([4, 3, 3, 2], seed: 2)
        let sides = Padding2D.each(top: 3, bottom: 0, left: 1, right: 2)
        let found = convolution2D(
            x, weight: weight, stride: 2, padding: sides, paddingMode: mode, activation: .relu)
        let expected = convolution2D(
            padded(x, sides, mode: mode), weight: weight, stride: 2, activation: .relu)
        expectClose(found, expected.shape, expected.scalars, tolerance: 1e-14)
    }

    @Test(arguments: [2, 3])
    func threadsDoNotMatter(threads: Int) {
        func run() -> [[Float]] {
            var found: [[Float]] = []
            for (groups, stride, algorithm) in [
                (1, 2, ConvolutionAlgorithm.gathered), (1, 1, .winograd2), (1, 1, .winograd4),
                (4, 2, .gathered),
                (12, 2, .depthwise),
            ] {
                let inputs: [Tensor<Float>] = [
                    sample([3, 17, 23, 12]), sample([12, 12 / groups, 3, 3], seed: 2), sample([12], seed: 3),
                ]
                let (y, pullback) = valueWithPullback(at: inputs) {
                    transposedConvolution2D(
                        $0[0], weight: $0[1], bias: $0[2], stride: Size2D(stride), padding: 1, groups: groups,
                        activation: .gelu, algorithm: algorithm)
                }
                found.append(y.scalars)
                found += pullback(sample(y.shape, seed: 4)).map(\.scalars)
            }
            return found
        }
        let alone = withThreads(1, run)
        #expect(alone.allSatisfy { $0.allSatisfy(\.isFinite) })
        #expect(withThreads(threads, run) == alone)
    }
}

/// Whole numbers by a fixed sequence.
private struct RandomNumbers {
    private let values: [Double]
    private var place = 0

    init(seed: UInt64) { values = sampled(10_000, in: 0...1, seed: seed) }

    mutating func next(_ range: ClosedRange<Int>) -> Int {
        place += 1
        return range.lowerBound + min(Int(values[place - 1] * Double(range.count)), range.count - 1)
    }
}
