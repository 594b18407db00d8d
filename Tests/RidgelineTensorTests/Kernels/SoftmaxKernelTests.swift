// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

/// Softmax and its logarithm by rows, every instruction set against the definition in double precision.
@Suite struct SoftmaxKernelTests {
    @Test(arguments: InstructionSet.available)
    func matchesDefinition(set: InstructionSet) {
        check(Float.self, set)
        check(Double.self, set)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet) {
        let table = Scalar.kernels(set)
        let tolerance = 16 * roundoff(Scalar.self)
        for columns in testCounts {
            for (rows, shift, sign) in [(1, 0.0, 1.0), (3, 300, -1), (2, -300, 1), (0, 0, 1)] {
                let x: [Scalar] = randomValues(rows * columns, (shift - 4)...(shift + 4), seed: 1)
                let dy: [Scalar] = randomValues(rows * columns, seed: 2)
                let input = GuardedBuffer(x)
                let upstream = GuardedBuffer(dy, misalignment: 3)
                let y = GuardedBuffer([Scalar](repeating: 7, count: x.count), misalignment: 3)
                let (dx, logs, dLogs) = (GuardedBuffer(dy), GuardedBuffer(x), GuardedBuffer(dy))
                table.softmax(
                    x: input.readOnly, sign: Scalar(sign), y: y.start, rows: rows, columns: columns)
                table.softmaxBackward(
                    y: y.readOnly, sign: Scalar(sign), dy: upstream.readOnly, dx: dx.start, rows: rows,
                    columns: columns)
                // In place, as both may be.
                table.logSoftmax(x: logs.readOnly, y: logs.start, rows: rows, columns: columns)
                table.logSoftmaxBackward(
                    y: logs.readOnly, dy: dLogs.readOnly, dx: dLogs.start, rows: rows, columns: columns)
                for buffer in [input, upstream, y, dx, logs, dLogs] { #expect(buffer.guardsIntact) }

                let exact = definition(x.map(Double.init), dy.map(Double.init), sign, rows, columns)
                #expect(distance(y.values.map(Double.init), exact.y) < tolerance)
                #expect(distance(dx.values.map(Double.init), exact.dx) < tolerance)
                let plain = definition(x.map(Double.init), dy.map(Double.init), 1, rows, columns)
                #expect(distance(logs.values.map(Double.init), plain.logs) < tolerance)
                // The sum of dy is as large as the row is long.
                let long = tolerance * Double(max(columns, 1)).squareRoot()
                #expect(distance(dLogs.values.map(Double.init), plain.dLogs) < long)
            }
        }
    }

    private func definition(
        _ x: [Double], _ dy: [Double], _ sign: Double, _ rows: Int, _ columns: Int
    ) -> (y: [Double], dx: [Double], logs: [Double], dLogs: [Double]) {
        var result: (y: [Double], dx: [Double], logs: [Double], dLogs: [Double]) = ([], [], [], [])
        for row in 0..<rows where columns > 0 {
            let range = row * columns..<(row + 1) * columns
            let turned = x[range].map { $0 * sign }
            let largest = turned.max() ?? 0
            let sum = turned.reduce(0) { $0 + Double.exp($1 - largest) }
            let y = turned.map { Double.exp($0 - largest) / sum }
            let dot = zip(y, dy[range]).reduce(0) { $0 + $1.0 * $1.1 }
            let total = dy[range].reduce(0, +)
            result.y += y
            result.dx += zip(y, dy[range]).map { sign * $0 * ($1 - dot) }
            result.logs += turned.map { $0 - largest - Double.log(sum) }
            result.dLogs += zip(y, dy[range]).map { $1 - $0 * total }
        }
        return result
    }

    /// Every value of a softmax to a few units of its last place, far below the largest too.
    @Test(arguments: InstructionSet.available)
    func smallValuesAreAccurate(set: InstructionSet) {
        let x = (0..<1_000).map { Float($0) / -8 }
        let (input, y) = (GuardedBuffer(x), GuardedBuffer(x))
        Float.kernels(set).softmax(x: input.readOnly, sign: 1, y: y.start, rows: 1, columns: x.count)
        let sum = x.reduce(0.0) { $0 + Double.exp(Double($1)) }
        let worst = zip(x, y.values).map { ulps($1, Double.exp(Double($0)) / sum) }.max() ?? .infinity
        #expect(worst < 3, "\(worst)")
        #expect(y.values.contains { $0 > 0 && !$0.isNormal })
    }

    /// As in PyTorch: a NaN, or an infinite largest value, makes the row NaN; −∞ alone is a value of 0.
    @Test(arguments: InstructionSet.available)
    func specialValues(set: InstructionSet) {
        func run<Scalar: TestScalar>(_ row: [Scalar], _ sign: Scalar = 1) -> [[Scalar]] {
            let (input, y, logs) = (GuardedBuffer(row), GuardedBuffer(row), GuardedBuffer(row))
            let table = Scalar.kernels(set)
            table.softmax(x: input.readOnly, sign: sign, y: y.start, rows: 1, columns: row.count)
            table.logSoftmax(x: input.readOnly, y: logs.start, rows: 1, columns: row.count)
            withExtendedLifetime(input) {}
            return [y.values, logs.values]
        }
        func check<Scalar: TestScalar>(_: Scalar.Type) {
            for count in [1, 3, 16, 17, 40, 100] {
                for position in Set([0, count / 2, count - 1]) {
                    for special in [Scalar.nan, .infinity] {
                        var row: [Scalar] = randomValues(count)
                        row[position] = special
                        for values in run(row) { #expect(isAllNaN(values), "\(count) \(special)") }
                    }
                    var row = [Scalar](repeating: 0, count: count)
                    row[position] = -.infinity
                    if count == 1 {
                        for values in run(row) { #expect(isAllNaN(values)) }
                        continue
                    }
                    let found = run(row)
                    #expect(found[0][position] == 0 && found[1][position] == -.infinity)
                    #expect(found[0].filter { abs($0 * Scalar(count - 1) - 1) < 1e-5 }.count == count - 1)
                    #expect(isAllNaN(run(row, -1)[0]))
                }
            }
        }
        check(Float.self)
        check(Double.self)
    }
}

private func isAllNaN<Scalar: FloatingScalar>(_ values: [Scalar]) -> Bool { values.allSatisfy { $0 != $0 } }
