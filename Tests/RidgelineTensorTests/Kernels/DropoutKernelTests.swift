// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Every instruction set draws the same words and gives the same bits as the plain Swift kernels.
@Suite struct DropoutKernelTests {
    @Test(arguments: InstructionSet.available)
    func matchesTheReference(set: InstructionSet) {
        check(Float.self, set)
        check(Double.self, set)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet) {
        let positions: [UInt64] = [0, 5, 0xFFFF_FFFE, .max - 1]
        let thresholds: [UInt64] = [0, 1, 0x4000_0000, 0xFFFF_FFFF, 1 << 32]
        for count in testCounts {
            var x: [Scalar] = randomValues(count)
            for (index, special) in [-0.0, 0, .infinity, .nan].enumerated() where index < count {
                x[index] = Scalar(special)
            }
            let dy: [Scalar] = randomValues(count, seed: 2)
            for (index, threshold) in thresholds.enumerated() {
                var draw = DropoutDraw<Scalar>(
                    key: 0x299f_31d0_a409_3822, position: positions[index % positions.count],
                    threshold: threshold, scale: 1.25)
                draw.skip = (index + count) % 4
                for shifted in [false, true] {
                    if shifted { (draw.kept, draw.dropped) = (0.5, -0.75) }
                    let expected = run(draw, x, dy, Scalar.kernels(.swift))
                    let found = run(draw, x, dy, Scalar.kernels(set))
                    #expect(found.y == expected.y, "\(count) \(threshold)")
                    #expect(found.dx == expected.dx, "\(count) \(threshold)")
                    #expect(found.intact)
                    let one = run(draw.backward, x.map { _ in 1 }, dy, Scalar.kernels(set)).y
                    if threshold == 0 { #expect(one == one.map { _ in "1.25" }) }
                    if threshold == 1 << 32 { #expect(one == one.map { _ in "0.0" }) }
                }
            }
        }
    }

    /// Bits, so that signed zeros count; a NaN is a NaN. In two pieces, the second from the middle of a block.
    private func run<Scalar: TestScalar>(
        _ draw: DropoutDraw<Scalar>, _ x: [Scalar], _ dy: [Scalar], _ table: KernelTable<Scalar>
    ) -> (y: [String], dx: [String], intact: Bool) {
        let (input, dx) = (GuardedBuffer(x), GuardedBuffer(dy, misalignment: 3))
        let y = GuardedBuffer(x, misalignment: 3)
        let first = table.instructionSet == .swift ? x.count : x.count / 3
        table.dropout(draw, x: input.readOnly, y: y.start, count: first)
        table.dropout(
            draw.advanced(by: first), x: input.readOnly + first, y: y.start + first, count: x.count - first)
        // In place, as both may be.
        table.dropout(draw.backward, x: dx.readOnly, y: dx.start, count: x.count)
        func text(_ values: [Scalar]) -> [String] { values.map { $0.isNaN ? "nan" : "\($0)" } }
        return (text(y.values), text(dx.values), y.guardsIntact && dx.guardsIntact && input.guardsIntact)
    }

    /// What the dropout of separate factors gave: x·(word < threshold ? 0 : scale), to the bit.
    @Test func isTheProductWithItsFactors() {
        let x: Tensor<Float> = sample([301], seed: 4)
        let probability = 0.3
        let scale = Float(1 / (1 - probability))
        let found = dropout(x, probability: probability, using: RandomGenerator(seed: 7)).scalars
        let philox = Philox(key: 7)
        let expected = x.scalars.enumerated().map { index, x in
            let word = philox.words(at: UInt64(index / 4))[index % 4]
            return x * (UInt64(word) < UInt64((probability * 0x1p32).rounded()) ? 0 : scale)
        }
        #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
    }
}
