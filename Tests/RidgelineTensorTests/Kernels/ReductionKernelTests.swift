// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

@Suite struct ReductionKernelTests {
    @Test(arguments: InstructionSet.available)
    func smallSums(set: InstructionSet) {
        check(Float.self, set)
        check(Double.self, set)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet) {
        let table = Scalar.kernels(set)
        for count in testCounts {
            let x: [Scalar] = randomValues(count, 1...3)
            let buffer = GuardedBuffer(x)
            let sum = x.reduce(0.0) { $0 + Double($1) }
            #expect(abs(table.sum(x: buffer.readOnly, count: count) - sum) <= 1e-14 * sum)
            let squares = x.reduce(0.0) { $0 + (Double($1) - 2.5) * (Double($1) - 2.5) }
            #expect(
                abs(table.sumOfSquares(x: buffer.readOnly, shift: 2.5, count: count) - squares) <= 1e-14
                    * squares)
            #expect(table.maximum(x: buffer.readOnly, count: count) == x.max() ?? -.infinity)
            #expect(table.minimum(x: buffer.readOnly, count: count) == x.min() ?? .infinity)
            let negated = GuardedBuffer(x.map { -$0 })
            #expect(table.maximum(x: negated.readOnly, count: count) == x.min().map { -$0 } ?? -.infinity)
            for position in Set([0, count / 2, count - 1]) where count > 0 {
                let spoiled = GuardedBuffer(x)
                spoiled.start[position] = .nan
                #expect(table.maximum(x: spoiled.readOnly, count: count).isNaN)
                #expect(table.minimum(x: spoiled.readOnly, count: count).isNaN)
                #expect(table.sum(x: spoiled.readOnly, count: count).isNaN)
                #expect(table.logSumExp(x: spoiled.readOnly, count: count).isNaN)
            }
        }
    }

    /// Rows apart by more than their length, sums that were not zero before, and every tail.
    @Test(arguments: InstructionSet.available)
    func columnSums(set: InstructionSet) {
        checkColumns(Float.self, set, tolerance: 2e-6)
        checkColumns(Double.self, set, tolerance: 1e-14)
    }

    private func checkColumns<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, tolerance: Double
    ) {
        for rows in [0, 1, 2, 7, 8, 9, 23] {
            for columns in testCounts {
                let stride = columns + 3
                let x = GuardedBuffer<Scalar>(randomValues(rows * stride, 1...3))
                let total = GuardedBuffer([Double](repeating: 5, count: columns))
                Scalar.kernels(set).columnSums(
                    x: x.readOnly, stride: stride, total: total.start, rows: rows, columns: columns)
                #expect(total.guardsIntact)
                for column in 0..<columns {
                    let sum = (0..<rows).reduce(5.0) { $0 + Double(x.values[$1 * stride + column]) }
                    #expect(abs(total.values[column] - sum) <= tolerance * sum, "\(rows) x \(columns)")
                }
            }
        }
    }

    /// 0.1 rounded to Float, ten million times: a running Float sum would be off by a tenth.
    @Test(arguments: InstructionSet.available)
    func longSums(set: InstructionSet) {
        let count = 10_000_000
        let x = [Float](repeating: 0.1, count: count)
        let expected = Double(Float(0.1)) * Double(count)
        let sum = x.withUnsafeBufferPointer { Float.kernels(set).sum(x: $0.baseAddress!, count: count) }
        #expect(abs(sum / expected - 1) < 1e-9)
    }

    /// A hundred vector lengths of exponentials that are all alike: log(n e^x) = x + log n.
    @Test(arguments: InstructionSet.vectorized)
    func longLogSumExp(set: InstructionSet) {
        let count = 1_000_003
        let x = (0..<count).map { Float($0 % 7) / 7 }
        let expected = Double.log(x.reduce(0.0) { $0 + Double.exp(Double($1)) })
        let result = x.withUnsafeBufferPointer {
            Float.kernels(set).logSumExp(x: $0.baseAddress!, count: count)
        }
        #expect(ulps(result, expected) < 1.5)
    }

    @Test(arguments: InstructionSet.available)
    func logSumExp(set: InstructionSet) {
        func run<Scalar: TestScalar>(_ x: [Scalar]) -> Scalar {
            let buffer = GuardedBuffer(x)
            defer { withExtendedLifetime(buffer) {} }
            return Scalar.kernels(set).logSumExp(x: buffer.readOnly, count: x.count)
        }
        for count in testCounts.dropFirst() {
            let x: [Float] = randomValues(count, -80...80)
            let exact = Double.log(x.reduce(0.0) { $0 + Double.exp(Double($1)) })
            #expect(abs(Double(run(x)) - exact) < 1e-6 * (1 + abs(exact)))
            let y: [Double] = randomValues(count, -5...5)
            let exactDouble = Double.log(y.reduce(0.0) { $0 + Double.exp($1) })
            #expect(abs(run(y) - exactDouble) < 1e-14 * (1 + abs(exactDouble)))
        }
        #expect(run([Float]()) == -.infinity)
        #expect(run([-Float.infinity, -.infinity]) == -.infinity)
        #expect(run([-Float.infinity, 3]) == 3)
        #expect(run([1, Float.infinity]) == .infinity)
        #expect(run([1000, 1000] as [Float]) == 1000 + Float.log(2))
        #expect(run([-1e30, 5] as [Float]) == 5)
    }

    /// To few units of the last place, though the differences are rounded by many units of their exponentials'.
    @Test(arguments: InstructionSet.available)
    func shiftedExponentialsOfLargeNumbers(set: InstructionSet) {
        for count in testCounts {
            for shift: Float in [0, 0.7, -31.3, 1e5 + 0.3] {
                let x = (randomValues(count, -60...0, seed: 4) as [Float]).map { $0 / 3 + shift }
                let exact = x.map { Double.exp(Double($0) - Double(shift)) }
                let (input, out) = (GuardedBuffer(x), GuardedBuffer(x))
                let table = Float.kernels(set)
                let sum = table.sumOfExponentials(x: input.readOnly, shift: shift, count: count)
                table.exponentialShifted(
                    x: input.readOnly, shift: shift, scale: 1, out: out.start, count: count)
                #expect(abs(sum - exact.reduce(0, +)) <= 2.5e-7 * exact.reduce(0, +))
                #expect(zip(out.values, exact).allSatisfy { ulps($0, $1) <= 2 })
                #expect(input.guardsIntact && out.guardsIntact)
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func exponentialShifted(set: InstructionSet) {
        for count in testCounts {
            let x: [Float] = randomValues(count, -20...3)
            let expected = x.map { Float(0.25 * Double.exp(Double($0) - 1.5)) }
            for inPlace in [false, true] {
                let input = GuardedBuffer(x)
                let out = inPlace ? input : GuardedBuffer(x, misalignment: 2)
                Float.kernels(set).exponentialShifted(
                    x: input.readOnly, shift: 1.5, scale: 0.25, out: out.start, count: count)
                #expect(zip(out.values, expected).allSatisfy { abs($0 - $1) <= 2.5e-7 * $1 })
                #expect(out.guardsIntact)
            }
        }
        let special = GuardedBuffer<Float>([
            -.infinity, .infinity, .nan, 0, 88.7, 89, -1e30, -103.9, -104.5, 1e30,
        ])
        Float.kernels(set).exponentialShifted(
            x: special.readOnly, shift: 0, scale: 1, out: special.start, count: 10)
        let large = Float(Double.exp(Double(Float(88.7))))
        let least = Float.leastNonzeroMagnitude
        let expected = [0, .infinity, .nan, 1, large, .infinity, 0, least, 0, .infinity]
        #expect(distance(special.values, expected) < 1e-7, "\(special.values)")
        #expect(special.values[7] == least)
    }
}
