// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct NormalizationKernelTests {
    @Test(arguments: InstructionSet.available)
    func matchesDefinition(set: InstructionSet) {
        check(Float.self, set, tolerance: 1.5e-6)
        check(Double.self, set, tolerance: 2e-14)
    }

    /// Against the definition in Double, with an offset a thousand times the deviation.
    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet, tolerance: Double) {
        let table = Scalar.kernels(set)
        for columns in testCounts {
            for (rows, affine, center) in [(1, true, 0.0), (3, false, 0), (4, true, 4000), (0, true, 0)] {
                let x: [Scalar] = randomValues(rows * columns, (center - 4)...(center + 4), seed: 1)
                let dy: [Scalar] = randomValues(rows * columns, seed: 2)
                let scale = affine ? GuardedBuffer<Scalar>(randomValues(columns, seed: 3)) : nil
                let offset = affine ? GuardedBuffer<Scalar>(randomValues(columns, seed: 4)) : nil
                let input = GuardedBuffer(x)
                let y = GuardedBuffer(x, misalignment: 3)
                let mean = GuardedBuffer([Scalar](repeating: 7, count: rows))
                let deviation = GuardedBuffer([Scalar](repeating: 7, count: rows))
                table.layerNormalization(
                    x: input.readOnly, scale: scale?.readOnly, offset: offset?.readOnly, epsilon: 1e-5,
                    y: y.start,
                    mean: mean.start, reciprocalDeviation: deviation.start, rows: rows, columns: columns)

                let dx = GuardedBuffer(dy)
                let upstream = GuardedBuffer(dy)
                defer { withExtendedLifetime(upstream) {} }
                let before: [Scalar] = randomValues(columns, seed: 5)
                let dScale = GuardedBuffer(before)
                let dOffset = GuardedBuffer(before)
                table.layerNormalizationBackward(
                    x: input.readOnly, scale: scale?.readOnly, mean: mean.readOnly,
                    reciprocalDeviation: deviation.readOnly, dy: upstream.readOnly, dx: dx.start,
                    dScale: affine ? dScale.start : nil, dOffset: affine ? dOffset.start : nil, rows: rows,
                    columns: columns)

                var expected = Definition(rows: rows, columns: columns)
                if columns > 0 {
                    expected.compute(
                        x: x.map(Double.init), scale: scale?.values.map(Double.init),
                        offset: offset?.values.map(Double.init), dy: dy.map(Double.init))
                    // The saved mean is rounded to Scalar, and backward can know no better.
                    let slack = 1 + center * 0.3
                    // In Double both sides round at the size of x; in Float the kernels work in Double here.
                    let shifted = Scalar.self == Double.self ? slack : 1
                    #expect(
                        distance(y.values.map(Double.init), expected.y) < tolerance * shifted,
                        "\(rows) x \(columns)")
                    #expect(distance(mean.values.map(Double.init), expected.mean) < tolerance)
                    #expect(distance(deviation.values.map(Double.init), expected.deviation) < tolerance * 100)
                    #expect(distance(dx.values.map(Double.init), expected.dx) < tolerance * slack * 100)
                    if affine {
                        let sums = zip(expected.dScale, before).map { $0 + Double($1) }
                        #expect(distance(dScale.values.map(Double.init), sums) < tolerance * slack)
                        let offsets = zip(expected.dOffset, before).map { $0 + Double($1) }
                        #expect(distance(dOffset.values.map(Double.init), offsets) < tolerance)
                    }
                }
                for buffer in [y, mean, deviation, dx, dScale, dOffset] { #expect(buffer.guardsIntact) }
            }
        }
    }
}

/// Layer normalization as it is written down, in Double.
private struct Definition {
    let rows: Int
    let columns: Int
    var y: [Double] = []
    var mean: [Double] = []
    var deviation: [Double] = []
    var dx: [Double] = []
    var dScale: [Double]
    var dOffset: [Double]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        dScale = [Double](repeating: 0, count: columns)
        dOffset = dScale
    }

    mutating func compute(x: [Double], scale: [Double]?, offset: [Double]?, dy: [Double]) {
        let n = Double(columns)
        for row in 0..<rows {
            let range = row * columns..<(row + 1) * columns
            let center = x[range].reduce(0, +) / n
            let r =
                1
                / (x[range].map { ($0 - center) * ($0 - center) }.reduce(0, +) / n + Double(1e-5))
                .squareRoot()
            let normalized = x[range].map { ($0 - center) * r }
            let g = (0..<columns).map { dy[range.lowerBound + $0] * (scale?[$0] ?? 1) }
            let meanG = g.reduce(0, +) / n
            let meanDot = zip(g, normalized).map(*).reduce(0, +) / n
            mean.append(center)
            deviation.append(r)
            for i in 0..<columns {
                y.append(normalized[i] * (scale?[i] ?? 1) + (offset?[i] ?? 0))
                dx.append(r * (g[i] - meanG - normalized[i] * meanDot))
                dScale[i] += dy[range.lowerBound + i] * normalized[i]
                dOffset[i] += dy[range.lowerBound + i]
            }
        }
    }
}
