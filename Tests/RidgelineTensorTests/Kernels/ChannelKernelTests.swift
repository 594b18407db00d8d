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
                #expect(distance(one.mean.values, other.mean.values) < tolerance, "\(name)")
                #expect(distance(one.squares.values, other.squares.values) < 4 * tolerance, "\(name)")
                for (found, expected) in zip(one.affine, other.affine) {
                    #expect(distance(found.values, expected.values) < tolerance, "\(name)")
                    #expect(found.guardsIntact)
                }
                for (found, expected) in zip(one.sums, other.sums) {
                    #expect(distance(found.values, expected.values) < 8 * tolerance, "\(name)")
                    #expect(found.guardsIntact)
                }
                for (found, expected) in zip(one.gradients, other.gradients) {
                    #expect(distance(found.values, expected.values) < 2 * tolerance, "\(name)")
                    #expect(found.guardsIntact)
                }
                #expect(one.mean.guardsIntact && one.squares.guardsIntact)
            }
        }
    }

    /// A mean a million times the deviation costs no more than the values' own rounding.
    @Test(arguments: InstructionSet.available)
    func aLargeMeanDoesNotCancel(set: InstructionSet) {
        let values: [Float] = randomValues(1_000, 999_999...1_000_001, seed: 3)
        let x = GuardedBuffer(values)
        let (mean, squares) = (GuardedBuffer<Double>([0]), GuardedBuffer<Double>([0]))
        Float.kernels(set).channels.moments(
            x: x.readOnly, stride: 1, mean: mean.start, squares: squares.start, rows: 1_000, columns: 1)
        let exact = values.map(Double.init)
        let center = exact.reduce(0, +) / 1_000
        #expect(abs(mean.values[0] - center) < 1e-7)
        let expected = exact.reduce(0) { $0 + ($1 - center) * ($1 - center) }
        #expect(abs(squares.values[0] / expected - 1) < 1e-6)
    }

    /// Where a ReLU was zero forward, its gradient is zero backward, on every instruction set.
    @Test(arguments: InstructionSet.available)
    func theMaskIsFoundAgain(set: InstructionSet) {
        // Values at which scale·x + shift all but vanishes.
        let x: [Float] = randomValues(4_000, 0.9999999...1.0000001, seed: 5)
        let (input, y) = (GuardedBuffer(x), GuardedBuffer(x))
        let (scale, shift) = (GuardedBuffer<Float>([3.1415927]), GuardedBuffer<Float>([-3.1415927]))
        let kernels = Float.kernels(set).channels
        let mask = ChannelAffineCoefficients(scale: scale.readOnly, shift: shift.readOnly)
        kernels.affine(
            z: input.readOnly, zStride: 1, mask, rectifies: true, y: y.start, yStride: 1, rows: 4_000,
            columns: 1)
        let (dx, zero, one) = (
            GuardedBuffer([Float](repeating: 1, count: 4_000)), GuardedBuffer<Float>([0]),
            GuardedBuffer<Float>([1])
        )
        kernels.gradient(
            dy: dx.readOnly, x: input.readOnly, stride: 1, center: zero.readOnly, mask: mask,
            .init(factor: one.readOnly, slope: zero.readOnly, constant: zero.readOnly), dx: dx.start,
            rows: 4_000, columns: 1)
        withExtendedLifetime((scale, shift, zero, one)) {}
        #expect(zip(y.values, dx.values).allSatisfy { ($0 > 0) == ($1 == 1) })
        #expect(Set(dx.values) == [0, 1])
    }

    /// What each kernel makes of one input.
    private struct Run<Scalar: TestScalar> {
        let mean: GuardedBuffer<Double>
        let squares: GuardedBuffer<Double>
        var affine: [GuardedBuffer<Scalar>] = []
        var sums: [GuardedBuffer<Double>] = []
        var gradients: [GuardedBuffer<Scalar>] = []

        init(_ set: InstructionSet, rows: Int, columns: Int) {
            let kernels = Scalar.kernels(set).channels
            let (stride, count) = (columns + 3, rows * (columns + 3))
            let before: [Double] = randomValues(columns, seed: 1)
            (mean, squares) = (GuardedBuffer(before), GuardedBuffer(before))
            let x = GuardedBuffer<Scalar>(randomValues(count, seed: 2))
            let dy = GuardedBuffer<Scalar>(randomValues(count, seed: 3))
            let coefficients = (4..<9).map { GuardedBuffer<Scalar>(randomValues(columns, seed: $0)) }
            let all = coefficients.map(\.readOnly)
            defer { withExtendedLifetime((x, dy, coefficients)) {} }
            kernels.moments(
                x: x.readOnly, stride: stride, mean: mean.start, squares: squares.start, rows: rows,
                columns: columns)
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
            for mask in [.none, ChannelAffineCoefficients(scale: all[0], shift: all[1])] {
                let totals = (GuardedBuffer(before), GuardedBuffer(before))
                kernels.gradientSums(
                    dy: dy.readOnly, x: x.readOnly, stride: stride, center: all[2], mask: mask,
                    sums: totals.0.start, products: totals.1.start, rows: rows, columns: columns)
                sums += [totals.0, totals.1]
                let dx = GuardedBuffer<Scalar>(dy.values)
                kernels.gradient(
                    dy: dx.readOnly, x: x.readOnly, stride: stride, center: all[2], mask: mask,
                    .init(factor: all[0], slope: all[3], constant: all[4]), dx: dx.start, rows: rows,
                    columns: columns)
                gradients.append(dx)
            }
        }
    }
}
