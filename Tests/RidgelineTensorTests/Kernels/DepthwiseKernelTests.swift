// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// The products of depthwise convolutions, every instruction set against the plain Swift ones.
@Suite struct DepthwiseKernelTests {
    @Test(arguments: InstructionSet.vectorized)
    func matchesTheReference(set: InstructionSet) {
        for channels in testCounts {
            for (pixels, count) in [(0, 9), (1, 1), (5, 9), (3, 4), (7, 25)] {
                check(Float.self, set, channels, pixels, count)
                check(Double.self, set, channels, pixels, count)
            }
        }
    }

    private func check<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ channels: Int, _ pixels: Int, _ count: Int
    ) {
        let expected = run(channels, pixels, count, Scalar.kernels(.swift).convolution)
        let found = run(channels, pixels, count, Scalar.kernels(set).convolution)
        let comment: Comment = "\(Scalar.self) \(channels) channels, \(pixels) pixels, \(count) taps"
        let tolerance = 4 * Double(count + pixels) * roundoff(Scalar.self)
        for (one, other) in zip(found.values, expected.values) {
            #expect(distance(one, other) <= tolerance, comment)
        }
        #expect(found.isIntact && expected.isIntact, comment)
    }

    private func run<Scalar: TestScalar>(
        _ channels: Int, _ pixels: Int, _ count: Int, _ kernels: ConvolutionKernels<Scalar>
    ) -> (values: [[Scalar]], isIntact: Bool) {
        let image = GuardedBuffer<Scalar>(randomValues(40 * channels, seed: 1))
        let zeros = GuardedBuffer<Scalar>(.init(repeating: 0, count: channels), misalignment: 3)
        let weights = GuardedBuffer<Scalar>(randomValues(count * channels, seed: 2), misalignment: 2)
        let dy = GuardedBuffer<Scalar>(randomValues(pixels * channels, seed: 3))
        let written = GuardedBuffer<Scalar>(.init(repeating: 7, count: pixels * channels))
        let added = GuardedBuffer<Scalar>(randomValues(pixels * channels, seed: 4), misalignment: 3)
        let sums = GuardedBuffer<Scalar>(randomValues(count * channels, seed: 5))
        let taps = (0..<pixels * count).map { index in
            index % 7 == 3 ? zeros.readOnly : image.readOnly + index * 13 % 40 * channels
        }
        for (out, adds) in [(written, false), (added, true)] {
            kernels.depthwise(
                taps: taps, pixels: pixels, weights: weights.readOnly, count: count, out: out.start,
                adds: adds,
                channels: channels)
        }
        kernels.depthwiseWeights(
            taps: taps, pixels: pixels, dy: dy.readOnly, count: count, sums: sums.start, channels: channels)
        let buffers = [image, zeros, weights, dy, written, added, sums]
        return ([written.values, added.values, sums.values], buffers.allSatisfy(\.guardsIntact))
    }

    /// The definition itself, once, in numbers.
    @Test(arguments: InstructionSet.available)
    func multipliesAndSums(set: InstructionSet) {
        let kernels = Float.kernels(set).convolution
        let image: [Float] = [1, 2, 3, 4, 5, 6]
        var (out, sums): ([Float], [Float]) = ([100, 100, 100, 100], [1, 1, 1, 1])
        image.withUnsafeBufferPointer { image in
            guard let first = image.baseAddress else { return }
            // Two pixels of two channels, each seen through two taps.
            let taps = [0, 2, 2, 4].map { first + $0 }
            kernels.depthwise(
                taps: taps, pixels: 2, weights: [10, 20, 30, 40], count: 2, out: &out, adds: true, channels: 2
            )
            kernels.depthwiseWeights(
                taps: taps, pixels: 2, dy: [1, 2, 3, 4], count: 2, sums: &sums, channels: 2)
        }
        #expect(out == [200, 300, 280, 420])
        #expect(sums == [11, 21, 19, 33])
    }
}
