// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct ArithmeticKernelTests {
    @Test(arguments: InstructionSet.available, BinaryKind.allCases)
    func binary(set: InstructionSet, kind: BinaryKind) {
        check(Float.self, set, kind)
        check(Double.self, set, kind)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet, _ kind: BinaryKind) {
        let table = Scalar.kernels(set)
        for count in testCounts {
            var a: [Scalar] = randomValues(max(count, 1), seed: 1)
            var b: [Scalar] = randomValues(max(count, 1), seed: 2)
            let specials: [Scalar] = [.nan, .infinity, -.infinity, 1, .nan]
            for i in 0..<min(specials.count, count) { a[i] = specials[i] }
            for i in 0..<min(specials.count, count) { b[count - 1 - i] = specials[i] }
            for (aStride, bStride) in [(1, 1), (1, 0), (0, 1), (0, 0)] {
                let expected = (0..<count).map { i -> Scalar in
                    let (x, y) = (a[i * aStride], b[i * bStride])
                    return switch kind {
                    case .add: x + y
                    case .subtract: x - y
                    case .multiply: x * y
                    case .divide: x / y
                    case .maximum: x.isNaN || y.isNaN ? .nan : max(x, y)
                    case .minimum: x.isNaN || y.isNaN ? .nan : min(x, y)
                    }
                }
                for target in 0..<3 {
                    let (left, right) = (GuardedBuffer(a), GuardedBuffer(b, misalignment: 2))
                    let apart = GuardedBuffer([Scalar](repeating: 9, count: count), misalignment: 3)
                    // In place only where the operand varies, or is the scalar that the result starts at.
                    let out = [apart, left, right][target]
                    table.binary(
                        op: kind, a: left.readOnly, aStride: aStride, b: right.readOnly, bStride: bStride,
                        out: out.start, count: count)
                    #expect(
                        distance(Array(out.values.prefix(count)), expected) == 0, "\(Scalar.self) \(count)")
                    #expect(out.guardsIntact)
                }
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func scaledAdd(set: InstructionSet) {
        for count in testCounts {
            let x: [Float] = randomValues(count, seed: 1)
            let y: [Float] = randomValues(count, seed: 2)
            let out = GuardedBuffer(y)
            let from = GuardedBuffer(x)
            Float.kernels(set).scaledAdd(alpha: 0.3, x: from.readOnly, y: out.start, count: count)
            withExtendedLifetime(from) {}
            #expect(distance(out.values, zip(x, y).map { $1 + 0.3 * $0 }) < 2e-7)
            #expect(out.guardsIntact)
        }
    }
}
