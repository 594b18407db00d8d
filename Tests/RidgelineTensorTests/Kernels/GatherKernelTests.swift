// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Short runs copied and added, every instruction set against the plain Swift ones, to the bit.
@Suite struct GatherKernelTests {
    /// Three runs of a window, the last one ending where the image does.
    private let rows = 3

    @Test(arguments: InstructionSet.vectorized)
    func matchesTheReference(set: InstructionSet) {
        for length in [1, 2, 3, 7, 9, 15, 16, 17, 21, 33] {
            for positions in [0, 1, 2, 5] {
                check(Float.self, set, length, positions)
                check(Double.self, set, length, positions)
            }
        }
    }

    private func check<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ length: Int, _ positions: Int
    ) {
        let expected = run(length, positions, Scalar.kernels(.swift).convolution)
        let found = run(length, positions, Scalar.kernels(set).convolution)
        let comment: Comment = "\(Scalar.self) runs of \(length), \(positions) positions"
        #expect(found.gathered == expected.gathered, comment)
        #expect(found.image == expected.image, comment)
        #expect(found.isIntact && expected.isIntact, comment)
    }

    private func run<Scalar: TestScalar>(
        _ length: Int, _ positions: Int, _ kernels: ConvolutionKernels<Scalar>
    ) -> (gathered: [Scalar], image: [Scalar], isIntact: Bool) {
        // Windows overlap, as a convolution's do.
        let step = Swift.max(1, length / 3)
        let width = length + step * Swift.max(0, positions - 1)
        let image = GuardedBuffer<Scalar>(randomValues(rows * width, seed: 1), misalignment: 1)
        let target = GuardedBuffer<Scalar>(randomValues(rows * width, seed: 2), misalignment: 2)
        let gathered = GuardedBuffer<Scalar>(.init(repeating: 7, count: positions * rows * length))
        let offsets = (0..<rows).map { $0 * width }
        kernels.gatherRuns(
            from: image.readOnly, step: step, offsets: offsets, runs: rows, length: length,
            to: gathered.start,
            positions: positions, end: image.readOnly + rows * width)
        kernels.scatterRuns(
            from: gathered.readOnly, to: target.start, step: step, offsets: offsets, runs: rows,
            length: length,
            positions: positions, end: target.readOnly + rows * width)
        return (gathered.values, target.values, [image, target, gathered].allSatisfy(\.guardsIntact))
    }

    /// The definition itself, once, in numbers.
    @Test(arguments: InstructionSet.available)
    func copiesAndAdds(set: InstructionSet) {
        let kernels = Float.kernels(set).convolution
        let image: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
        var gathered = [Float](repeating: 0, count: 8)
        var sums = [Float](repeating: 10, count: 8)
        image.withUnsafeBufferPointer { image in
            guard let first = image.baseAddress else { return }
            kernels.gatherRuns(
                from: first, step: 1, offsets: [0, 4], runs: 2, length: 2, to: &gathered, positions: 2,
                end: first + 8)
        }
        sums.withUnsafeMutableBufferPointer { sums in
            guard let first = sums.baseAddress else { return }
            kernels.scatterRuns(
                from: gathered, to: first, step: 1, offsets: [0, 4], runs: 2, length: 2, positions: 2,
                end: first + 8)
        }
        #expect(gathered == [1, 2, 5, 6, 2, 3, 6, 7])
        #expect(sums == [11, 14, 13, 10, 15, 22, 17, 10])
    }
}
