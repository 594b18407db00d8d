// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// The kernels of normalisations by channels against their twins in Swift, with gaps between the rows.
@Suite struct ChannelKernelTests {
    @Test(arguments: InstructionSet.vectorized)
    func agreeWithTheirTwins(set: InstructionSet) {
        check(Float.self, set, tolerance: 2e-6)
        check(Double.self, set, tolerance: 4e-15)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet, tolerance: Double) {
        for columns in testCounts + [513] {
            for rows in [0, 1, 3, 8, 21] {
                let one = Run<Scalar>(set, rows: rows, columns: columns)
                let other = Run<Scalar>(.swift, rows: rows, columns: columns)
                let name = "\(rows) × \(columns)"
                #expect(distance(one.mean, other.mean) < 4e-15, "\(name)")
                #expect(distance(one.moments[2].values, other.moments[2].values) < 8e-15, "\(name)")
                for (found, expected) in zip(one.affine, other.affine) {
                    #expect(distance(found.values, expected.values) < tolerance, "\(name)")
                    #expect(found.guardsIntact)
                }
                // Float's are rounded once, from double.
                for (found, expected) in zip(one.normalized, other.normalized) {
                    #expect(distance(found.values, expected.values) < min(tolerance, 1.2e-7), "\(name)")
                    #expect(found.guardsIntact)
                }
                for (found, expected) in zip(one.sums, other.sums) {
                    #expect(distance(found.values, expected.values) < 2e-14, "\(name)")
                    #expect(found.guardsIntact)
                }
                for (found, expected) in zip(one.gradients, other.gradients) {
                    #expect(distance(found.values, expected.values) < min(2 * tolerance, 1.2e-7), "\(name)")
                    #expect(found.guardsIntact)
                }
                for buffer in one.moments { #expect(buffer.guardsIntact) }
            }
        }
    }

    /// A mean a million times the deviation costs nothing, wherever the first rows lie.
    @Test(arguments: InstructionSet.available)
    func aLargeMeanDoesNotCancel(set: InstructionSet) {
        for (first, tolerance) in [(0.0, 1e-13), (40, 1e-12)] {
            var values: [Float] = randomValues(1_000, 999_999...1_000_001, seed: 3)
            for row in 0..<8 { values[row] += Float(first) }
            check(values, set, tolerance)
            check(values.map(Double.init), set, 1e-15)
        }
        // Nor do magnitudes whose squares leave Float's range.
        for scale in [Float(1e-30), 1e30] {
            check((randomValues(999, -1...1, seed: 4) as [Float]).map { $0 * scale }, set, 1e-14)
        }
    }

    private func check<Scalar: TestScalar>(_ values: [Scalar], _ set: InstructionSet, _ tolerance: Double) {
        let x = GuardedBuffer(values)
        let found = (0..<3).map { _ in GuardedBuffer<Double>([0]) }
        Scalar.kernels(set).channels.moments(
            x: x.readOnly, stride: 1, center: found[0].start, delta: found[1].start, squares: found[2].start,
            rows: values.count, columns: 1)
        // Differences of such values are exact, and their sums in double nearly so.
        let center = found[0].values[0]
        let differences = values.map { Double($0) - center }
        let mean = differences.reduce(0, +) / Double(values.count)
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(values.count)).squareRoot()
        #expect(abs(found[1].values[0] - mean) < tolerance * deviation)
        #expect(abs(found[2].values[0] / squares - 1) < 1e-14 + tolerance)
    }

    /// Where a ReLU was zero forward, its gradient is zero backward, on every instruction set.
    @Test(arguments: InstructionSet.available)
    func theMaskIsFoundAgain(set: InstructionSet) {
        // Values at which factor·(x − center) + constant all but vanishes, or rounds to zero in Float.
        theMaskIsFoundAgain(set, factor: 3.1415927, constant: -3.1415927)
        theMaskIsFoundAgain(set, factor: 1e-38, constant: -1e-38)
    }

    private func theMaskIsFoundAgain(_ set: InstructionSet, factor: Double, constant: Double) {
        let x: [Float] = randomValues(4_000, 0.9999999...1.0000001, seed: 5)
        let (input, y) = (GuardedBuffer(x), GuardedBuffer(x))
        let values = [0, factor, constant, 1].map { GuardedBuffer<Double>([$0]) }
        let kernels = Float.kernels(set).channels
        let coefficients = ChannelNormalizationCoefficients(
            center: values[0].readOnly, factor: values[1].readOnly, constant: values[2].readOnly)
        kernels.normalization(
            x: input.readOnly, y: y.start, stride: 1, coefficients, rectifies: true, rows: 4_000, columns: 1)
        let dx = GuardedBuffer([Float](repeating: 1, count: 4_000))
        let sums = [0, 0].map { GuardedBuffer<Double>([$0]) }
        kernels.gradientSums(
            dy: dx.readOnly, x: input.readOnly, stride: 1, coefficients, masked: true, sums: sums[0].start,
            products: sums[1].start, rows: 4_000, columns: 1)
        kernels.gradient(
            dy: dx.readOnly, x: input.readOnly, stride: 1, coefficients, masked: true,
            .init(factor: values[3].readOnly), dx: dx.start, rows: 4_000, columns: 1)
        withExtendedLifetime(values) {}
        #expect(zip(y.values, dx.values).allSatisfy { ($0 > 0) == ($1 == 1) })
        #expect(Set(dx.values) == [0, 1])
        #expect(sums[0].values[0] == dx.values.reduce(0) { $0 + Double($1) })
    }

    /// What each kernel makes of one input.
    private struct Run<Scalar: TestScalar> {
        /// Center, delta and squares.
        let moments: [GuardedBuffer<Double>]
        var mean: [Double] { zip(moments[0].values, moments[1].values).map(+) }
        var affine: [GuardedBuffer<Scalar>] = []
        var normalized: [GuardedBuffer<Scalar>] = []
        var sums: [GuardedBuffer<Double>] = []
        var gradients: [GuardedBuffer<Scalar>] = []

        init(_ set: InstructionSet, rows: Int, columns: Int) {
            let kernels = Scalar.kernels(set).channels
            let (stride, count) = (columns + 3, rows * (columns + 3))
            let before: [Double] = randomValues(columns, seed: 1)
            moments = (0..<3).map { _ in GuardedBuffer(before) }
            let x = GuardedBuffer<Scalar>(randomValues(count, seed: 2))
            let dy = GuardedBuffer<Scalar>(randomValues(count, seed: 3))
            let coefficients = (4..<9).map { GuardedBuffer<Scalar>(randomValues(columns, seed: $0)) }
            let all = coefficients.map(\.readOnly)
            let wide = (4..<10).map { GuardedBuffer<Double>(randomValues(columns, seed: $0)) }
            let values = wide.map(\.readOnly)
            defer { withExtendedLifetime((x, dy, coefficients, wide)) {} }
            kernels.moments(
                x: x.readOnly, stride: stride, center: moments[0].start, delta: moments[1].start,
                squares: moments[2].start, rows: rows, columns: columns)
            for (scale, shift, residual, rectifies) in [
                (true, true, false, true), (true, true, true, true), (true, false, true, false),
                (false, true, false, false), (false, false, true, true),
            ] {
                let y = GuardedBuffer<Scalar>(randomValues(count, seed: 9))
                kernels.affine(
                    z: x.readOnly, zStride: stride,
                    .init(scale: scale ? all[0] : nil, shift: shift ? all[1] : nil),
                    residual: residual ? dy.readOnly : nil, residualStride: stride, rectifies: rectifies,
                    y: y.start, yStride: stride, rows: rows, columns: columns)
                affine.append(y)
            }
            let normalization = ChannelNormalizationCoefficients(
                center: values[0], factor: values[1], constant: values[2])
            for (residual, rectifies) in [(false, false), (true, true), (false, true)] {
                let y = GuardedBuffer<Scalar>(x.values)
                kernels.normalization(
                    x: y.readOnly, residual: residual ? dy.readOnly : nil, y: y.start, stride: stride,
                    normalization, rectifies: rectifies, rows: rows, columns: columns)
                normalized.append(y)
            }
            for (masked, hasSlope) in [(false, true), (true, true), (false, false), (true, false)] {
                let totals = (GuardedBuffer(before), GuardedBuffer(before))
                kernels.gradientSums(
                    dy: dy.readOnly, x: x.readOnly, stride: stride, normalization, masked: masked,
                    sums: totals.0.start, products: totals.1.start, rows: rows, columns: columns)
                sums += [totals.0, totals.1]
                let dx = GuardedBuffer<Scalar>(dy.values)
                kernels.gradient(
                    dy: dx.readOnly, x: x.readOnly, stride: stride, normalization, masked: masked,
                    .init(
                        factor: values[3], slope: hasSlope ? values[4] : nil,
                        constant: hasSlope ? values[5] : nil), dx: dx.start, rows: rows, columns: columns)
                gradients.append(dx)
            }
        }
    }
}
