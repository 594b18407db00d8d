// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels
import Testing

@testable import RidgelineTensor

/// Lines of depthwise convolutions, every instruction set against the plain Swift ones.
@Suite struct DepthwiseKernelTests {
    /// Windows within the line and beyond its ends, wider than it, none that see it; steps and dilations.
    private static let lines: [ridgeline_depthwise_line] = [
        (9, -1, 1, 1, 3, 9, 1), (7, -2, 1, 1, 5, 7, 1), (13, -2, 2, 1, 5, 7, 1), (5, 0, 1, 2, 2, 3, 2),
        (4, -6, 1, 3, 5, 4, 1), (2, -3, 2, 1, 7, 3, 3), (3, 5, 1, 1, 2, 2, 1), (6, 0, 1, 1, 0, 6, 1),
        (6, -1, 1, 1, 3, 0, 1), (30, -1, 1, 1, 3, 30, 1),
    ].map {
        ridgeline_depthwise_line(
            width: $0.0, first: $0.1, stride: $0.2, dilation: $0.3, taps: $0.4, outputs: $0.5,
            output_step: $0.6)
    }

    @Test(arguments: InstructionSet.vectorized)
    func matchesTheReference(set: InstructionSet) {
        for channels in testCounts {
            for line in Self.lines {
                for rows in [0, 1, 3] {
                    check(Float.self, set, channels, line, rows)
                    check(Double.self, set, channels, line, rows)
                }
            }
        }
    }

    private func check<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ channels: Int, _ line: ridgeline_depthwise_line, _ rows: Int
    ) {
        let expected = run(channels, line, rows, Scalar.kernels(.swift).convolution)
        let found = run(channels, line, rows, Scalar.kernels(set).convolution)
        let comment: Comment = "\(Scalar.self) \(channels) channels, \(line), \(rows) rows"
        let tolerance = 4 * Double(rows * line.taps + line.outputs) * roundoff(Scalar.self)
        for (one, other) in zip(found.values, expected.values) {
            #expect(distance(one, other) <= tolerance, comment)
        }
        #expect(distance(found.sums, expected.sums) <= tolerance, comment)
        #expect(found.isIntact && expected.isIntact, comment)
    }

    private func run<Scalar: TestScalar>(
        _ channels: Int, _ line: ridgeline_depthwise_line, _ rowCount: Int,
        _ kernels: ConvolutionKernels<Scalar>
    ) -> (values: [[Scalar]], sums: [Double], isIntact: Bool) {
        let taps = max(1, line.taps)
        let size = max(1, line.outputs * line.output_step) * channels
        let image = GuardedBuffer<Scalar>(randomValues(3 * line.width * channels, seed: 1))
        let weights = GuardedBuffer<Scalar>(randomValues(3 * taps * channels, seed: 2), misalignment: 2)
        let dy = GuardedBuffer<Scalar>(randomValues(size, seed: 3))
        let written = GuardedBuffer<Scalar>(.init(repeating: 7, count: size))
        let added = GuardedBuffer<Scalar>(randomValues(size, seed: 4), misalignment: 3)
        let turned = GuardedBuffer<Scalar>(randomValues(size, seed: 4), misalignment: 1)
        let sums = GuardedBuffer<Double>(randomValues(3 * taps * channels, seed: 5))
        // Lines of the image in another order than the weights'.
        let rows = [2, 0, 1].prefix(rowCount).map { image.readOnly + $0 * line.width * channels }
        let first = (0..<rowCount).map { weights.readOnly + $0 * taps * channels }
        let last = first.map { $0 + (taps - 1) * channels }
        let totals = (0..<rowCount).map { sums.start + $0 * taps * channels }
        withUnsafePointer(to: line) { line in
            for (out, adds, weights, step) in [
                (written, false, first, channels), (added, true, first, channels),
                (turned, true, last, -channels),
            ] {
                kernels.depthwise(
                    line, rows: rows, weights: weights, count: rowCount, weightStep: step, out: out.start,
                    adds: adds, channels: channels)
            }
            kernels.depthwiseWeights(
                line, rows: rows, sums: totals, count: rowCount, dy: dy.readOnly, channels: channels)
        }
        let buffers = [image, weights, dy, written, added, turned]
        return (
            [written.values, added.values, turned.values], sums.values,
            buffers.allSatisfy(\.guardsIntact) && sums.guardsIntact
        )
    }

    /// The definition itself, once, in numbers.
    @Test(arguments: InstructionSet.available)
    func multipliesAndSums(set: InstructionSet) {
        let kernels = Float.kernels(set).convolution
        let image: [Float] = [1, 2, 3, 4, 5, 6]
        let weights: [Float] = [10, 20, 30, 40]
        var out: [Float] = [100, 100, 100, 100]
        var sums: [Double] = [1, 1, 1, 1]
        // Two outputs of two channels, each seen through two taps, the last beyond the line.
        let line = ridgeline_depthwise_line(
            width: 3, first: 1, stride: 1, dilation: 1, taps: 2, outputs: 2, output_step: 1)
        image.withUnsafeBufferPointer { image in
            weights.withUnsafeBufferPointer { weights in
                sums.withUnsafeMutableBufferPointer { sums in
                    guard let first = image.baseAddress, let weights = weights.baseAddress,
                        let sums = sums.baseAddress
                    else { return }
                    withUnsafePointer(to: line) {
                        kernels.depthwise(
                            $0, rows: [first], weights: [weights], count: 1, weightStep: 2, out: &out,
                            adds: true,
                            channels: 2)
                        kernels.depthwiseWeights(
                            $0, rows: [first], sums: [sums], count: 1, dy: [1, 2, 3, 4], channels: 2)
                    }
                }
            }
        }
        #expect(out == [280, 420, 150, 220])
        #expect(sums == [19, 33, 6, 13])
    }
}
