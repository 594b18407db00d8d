// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Every instruction set's pooling kernels against the plain Swift ones, around every number of channels.
@Suite struct PoolingKernelTests {
    @Test(arguments: InstructionSet.vectorized)
    func matchesTheReference(set: InstructionSet) {
        for channels in testCounts.filter({ $0 <= 100 }) {
            check(Float.self, UInt8.self, set, channels)
            check(Float.self, Int32.self, set, channels)
            check(Double.self, UInt8.self, set, channels)
            check(Double.self, Int32.self, set, channels)
        }
    }

    private func check<Scalar: TestScalar, Index: TensorScalar>(
        _: Scalar.Type, _ index: Index.Type, _ set: InstructionSet, _ channels: Int
    ) {
        let vertical = PoolingAxis(
            WindowAxis(input: 6, kernel: 3, stride: 2, dilation: 1, before: 1, after: 1, ceilMode: true),
            countsPadding: true)
        let horizontal = PoolingAxis(
            WindowAxis(input: 5, kernel: 2, stride: 1, dilation: 2, before: 1, after: 0))
        var x: [Scalar] = randomValues(30 * channels, seed: 3)
        for i in stride(from: 2, to: x.count, by: 3) { x[i] = x[i - 1] }
        for (i, special) in [.nan, -.infinity, .infinity, -0.0].enumerated() where i * 7 < x.count {
            x[i * 7] = Scalar(special)
        }
        let expected = run(x, index, vertical, horizontal, channels, .swift)
        let found = run(x, index, vertical, horizontal, channels, set)
        let comment: Comment = "\(set) \(Scalar.self) \(index) \(channels)"
        #expect(distance(found.maximum, expected.maximum) == 0, comment)
        #expect(found.winners == expected.winners, comment)
        #expect(distance(found.maximumGradient, expected.maximumGradient) == 0, comment)
        #expect(distance(found.average, expected.average) <= 4 * roundoff(Scalar.self), comment)
        #expect(
            distance(found.averageGradient, expected.averageGradient) <= 4 * roundoff(Scalar.self), comment)
        #expect(found.isIntact, comment)
    }

    private struct Results<Scalar: TestScalar> {
        var maximum: [Scalar], average: [Scalar], maximumGradient: [Scalar], averageGradient: [Scalar]
        var winners: [Int]
        var isIntact: Bool
    }

    private func run<Scalar: TestScalar, Index: TensorScalar>(
        _ x: [Scalar], _: Index.Type, _ vertical: PoolingAxis, _ horizontal: PoolingAxis, _ channels: Int,
        _ set: InstructionSet
    ) -> Results<Scalar> {
        let count = vertical.outputs * horizontal.outputs * channels
        func buffer(_ count: Int) -> GuardedBuffer<Scalar> {
            GuardedBuffer([Scalar](repeating: 7, count: count), misalignment: 2)
        }
        let input = GuardedBuffer(x)
        let upstream = GuardedBuffer<Scalar>(randomValues(count, seed: 5), misalignment: 3)
        let (maximum, average) = (buffer(count), buffer(count))
        let (maximumGradient, averageGradient) = (buffer(x.count), buffer(x.count))
        let winners = UnsafeMutablePointer<Index>.allocate(capacity: count + 1)
        defer { winners.deallocate() }
        vertical.withKernelAxis { v in
            horizontal.withKernelAxis { h in
                // In two parts, as threads do.
                for rows in [0..<1, 1..<vertical.outputs] {
                    PoolingKernel.maximum(
                        input.readOnly, maximum.start, winners: winners, v, h, channels: channels, rows: rows,
                        set: set)
                    PoolingKernel.average(
                        input.readOnly, average.start, v, h, channels: channels, rows: rows, set: set)
                }
                for rows in [0..<4, 4..<vertical.inputs] {
                    PoolingKernel.backward(
                        upstream.readOnly, winners: winners, maximumGradient.start, v, h, channels: channels,
                        rows: rows, set: set)
                    PoolingKernel.backward(
                        upstream.readOnly, winners: UnsafePointer<UInt8>?.none, averageGradient.start, v, h,
                        channels: channels, rows: rows, set: set)
                }
            }
        }
        let numbers = (0..<count).map { place in
            (winners[place] as? UInt8).map { Int($0) } ?? Int(winners[place] as? Int32 ?? -1)
        }
        let buffers = [input, upstream, maximum, average, maximumGradient, averageGradient]
        return Results(
            maximum: maximum.values, average: average.values, maximumGradient: maximumGradient.values,
            averageGradient: averageGradient.values, winners: numbers,
            isIntact: buffers.allSatisfy { $0.guardsIntact })
    }
}
