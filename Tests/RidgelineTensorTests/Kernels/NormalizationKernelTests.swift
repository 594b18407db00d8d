// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct NormalizationKernelTests {
    @Test(arguments: InstructionSet.available)
    func matchesDefinition(set: InstructionSet) {
        // Rounded once, from double.
        check(Float.self, set, tolerance: 1.2e-7)
        check(Double.self, set, tolerance: 1e-14)
    }

    /// Against the definition in Double, also with an offset a thousand times the deviation.
    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet, tolerance: Double) {
        let table = Scalar.kernels(set)
        for columns in testCounts {
            for (rows, affine, center) in [(1, true, 0.0), (3, false, 0), (9, true, 4096), (0, true, 0)] {
                // On a grid, so that the definition's differences are exact.
                let grid: [Double] = randomValues(rows * columns, -512...512, seed: 1)
                let x = grid.map { Scalar(center + $0.rounded() / 128) }
                let dy: [Scalar] = randomValues(rows * columns, seed: 2)
                let scale = affine ? GuardedBuffer<Double>(randomValues(columns, seed: 3)) : nil
                let offset = affine ? GuardedBuffer<Double>(randomValues(columns, seed: 4)) : nil
                let input = GuardedBuffer(x)
                let y = GuardedBuffer(x, misalignment: 3)
                let epsilon = GuardedBuffer([Double](repeating: 1e-5, count: rows))
                let statistics = (0..<3).map { _ in GuardedBuffer([Double](repeating: 7, count: rows)) }
                let (mean, delta, deviation) = (statistics[0], statistics[1], statistics[2])
                table.layerNormalization(
                    x: input.readOnly, scale: scale?.readOnly, offset: offset?.readOnly,
                    epsilon: epsilon.readOnly, y: y.start, center: mean.start, delta: delta.start,
                    reciprocalDeviation: deviation.start, rows: rows, columns: columns)

                let dx = GuardedBuffer(dy)
                let before: [Double] = randomValues(columns, seed: 5)
                let dScale = GuardedBuffer(before)
                let dOffset = GuardedBuffer(before)
                table.layerNormalizationBackward(
                    x: input.readOnly, scale: scale?.readOnly, center: mean.readOnly, delta: delta.readOnly,
                    reciprocalDeviation: deviation.readOnly, dy: dx.readOnly, dx: dx.start,
                    dScale: affine ? dScale.start : nil, dOffset: affine ? dOffset.start : nil, rows: rows,
                    columns: columns)
                withExtendedLifetime(epsilon) {}

                var expected = Definition(rows: rows, columns: columns)
                if columns > 0 {
                    expected.compute(
                        x: x.map { Double($0) - center }, scale: scale?.values, offset: offset?.values,
                        dy: dy.map(Double.init))
                    let name = "\(rows) x \(columns)"
                    let means = zip(mean.values, delta.values).map { ($0 - center) + $1 }
                    #expect(distance(means, expected.mean) < 1e-14, "\(name)")
                    #expect(distance(deviation.values, expected.deviation) < 1e-13, "\(name)")
                    #expect(distance(y.values.map(Double.init), expected.y) < tolerance, "\(name)")
                    #expect(distance(dx.values.map(Double.init), expected.dx) < 40 * tolerance, "\(name)")
                    if affine {
                        let sums = zip(expected.dScale, before).map { $0 + $1 }
                        #expect(distance(dScale.values, sums) < 1e-11, "\(name)")
                        let offsets = zip(expected.dOffset, before).map { $0 + $1 }
                        #expect(distance(dOffset.values, offsets) < 1e-14, "\(name)")
                    }
                }
                #expect(y.guardsIntact && dx.guardsIntact)
                for buffer in statistics + [dScale, dOffset] { #expect(buffer.guardsIntact) }
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
