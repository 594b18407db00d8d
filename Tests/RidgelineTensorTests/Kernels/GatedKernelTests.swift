// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct GatedKernelTests {
    @Test(arguments: InstructionSet.available, GateKind.allCases)
    func matchesDefinition(set: InstructionSet, gate: GateKind) {
        compare(Float.self, set, gate, tolerance: 4e-7)
        compare(Double.self, set, gate, tolerance: 1e-15)
    }

    /// Both halves of one matrix, forward and backward, out of place and in place.
    private func compare<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ gate: GateKind, tolerance: Double
    ) {
        let table = Scalar.kernels(set)
        let rows = 3
        for columns in testCounts {
            let stride = 2 * columns
            let halves = GuardedBuffer<Scalar>(randomValues(rows * stride, seed: 6))
            let upstream = GuardedBuffer<Scalar>(randomValues(rows * columns, seed: 7))
            let values = halves.values
            var expected: (out: [Scalar], da: [Scalar], dg: [Scalar]) = ([], [], [])
            for row in 0..<rows {
                for column in 0..<columns {
                    let a = Double(values[row * stride + column])
                    let g = Double(values[row * stride + columns + column])
                    let dy = Double(upstream.values[row * columns + column])
                    let slope =
                        gate == .sigmoid
                        ? ActivationKind.sigmoid.value(a) * ActivationKind.sigmoid.value(-a)
                        : gate.activation.derivative(a)
                    expected.out.append(Scalar(gate.activation.value(a) * g))
                    expected.da.append(Scalar(dy * g * slope))
                    expected.dg.append(Scalar(dy * gate.activation.value(a)))
                }
            }
            let out = GuardedBuffer([Scalar](repeating: 0, count: rows * columns))
            table.gated(
                gate: gate, a: halves.readOnly, aStride: stride, g: halves.readOnly + columns,
                gStride: stride, out: out.start, outStride: columns, rows: rows, columns: columns)
            #expect(distance(out.values, expected.out) <= tolerance)
            #expect(out.guardsIntact)
            // The gradients in place of what they are taken at.
            let gradients = GuardedBuffer(values, misalignment: 2)
            table.gatedBackward(
                gate: gate, a: gradients.readOnly, aStride: stride, g: gradients.readOnly + columns,
                gStride: stride, dy: upstream.readOnly, dyStride: columns, da: gradients.start,
                daStride: stride, dg: gradients.start + columns, dgStride: stride, rows: rows,
                columns: columns)
            let result = gradients.values
            let da = (0..<rows).flatMap { row in (0..<columns).map { result[row * stride + $0] } }
            let dg = (0..<rows).flatMap { row in (0..<columns).map { result[row * stride + columns + $0] } }
            #expect(distance(da, expected.da) <= 4 * tolerance)
            #expect(distance(dg, expected.dg) <= 4 * tolerance)
            #expect(gradients.guardsIntact)
        }
    }
}
