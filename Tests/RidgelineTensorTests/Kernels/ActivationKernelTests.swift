// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct ActivationKernelTests {
    @Test(arguments: InstructionSet.vectorized, ActivationKind.allCases)
    func matchesReference(set: InstructionSet, kind: ActivationKind) {
        compare(Float.self, set, kind, tolerance: 4e-7)
        compare(Double.self, set, kind, tolerance: 1e-15)
    }

    /// Forward and backward against the reference: odd sizes, padded rows, with and without bias, in place.
    private func compare<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ kind: ActivationKind, tolerance: Double
    ) {
        let table = Scalar.kernels(set)
        let reference = Scalar.kernels(.swift)
        let parameters: ActivationParameters<Scalar> = kind.standardParameters.converted()
        for columns in testCounts {
            for (rows, padding, biased) in [
                (1, 0, false), (3, 0, false), (3, 0, true), (2, 5, true), (0, 0, true),
            ] {
                let stride = columns + padding
                let z: [Scalar] = randomValues(rows * stride, seed: 2)
                let dy: [Scalar] = randomValues(rows * stride, seed: 3)
                let bias = biased ? GuardedBuffer<Scalar>(randomValues(columns, seed: 4)) : nil
                let input = GuardedBuffer(z)
                func forward(_ table: KernelTable<Scalar>, inPlace: Bool) -> GuardedBuffer<Scalar> {
                    let output = GuardedBuffer(z, misalignment: 3)
                    table.biasActivation(
                        kind: kind, parameters: parameters, z: inPlace ? output.readOnly : input.readOnly,
                        zStride: stride,
                        bias: bias?.readOnly, y: output.start, yStride: stride, rows: rows, columns: columns)
                    return output
                }
                let expected = forward(reference, inPlace: false)
                for inPlace in [false, true] {
                    let y = forward(table, inPlace: inPlace)
                    #expect(
                        distance(y.values, expected.values) <= tolerance,
                        "\(Scalar.self) \(rows) x \(columns)")
                    #expect(y.guardsIntact)
                }

                let saved = kind.savesOutput ? expected : input
                func backward(_ table: KernelTable<Scalar>, inPlace: Bool) -> GuardedBuffer<Scalar> {
                    let upstream = GuardedBuffer(dy)
                    let dz = GuardedBuffer(dy, misalignment: 2)
                    table.biasActivationBackward(
                        kind: kind, parameters: parameters, saved: saved.readOnly, savedStride: stride,
                        bias: bias?.readOnly,
                        dy: inPlace ? dz.readOnly : upstream.readOnly, dyStride: stride, dz: dz.start,
                        dzStride: stride, rows: rows, columns: columns)
                    return dz
                }
                let gradient = backward(reference, inPlace: false)
                for inPlace in [false, true] {
                    let dz = backward(table, inPlace: inPlace)
                    #expect(
                        distance(dz.values, gradient.values) <= 4 * tolerance,
                        "\(Scalar.self) \(rows) x \(columns)")
                    #expect(dz.guardsIntact)
                }
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func specialValues(set: InstructionSet) {
        check(Float.self, set)
        check(Double.self, set)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet) {
        let infinity = Scalar.infinity
        let x: [Scalar] = [-infinity, infinity, .nan, 0, -0.0, 1e30, -1e30, -50, 50]
        func run(_ kind: ActivationKind) -> (y: [Scalar], slope: [Scalar]) {
            let z = GuardedBuffer(x)
            let y = GuardedBuffer(x)
            let slope = GuardedBuffer([Scalar](repeating: 1, count: x.count))
            let table = Scalar.kernels(set)
            table.biasActivation(
                kind: kind, z: z.readOnly, zStride: x.count, bias: nil, y: y.start, yStride: x.count, rows: 1,
                columns: x.count)
            table.biasActivationBackward(
                kind: kind, saved: kind.savesOutput ? y.readOnly : z.readOnly, savedStride: x.count,
                bias: nil,
                dy: slope.readOnly, dyStride: x.count, dz: slope.start, dzStride: x.count, rows: 1,
                columns: x.count)
            return (y.values, slope.values)
        }
        for kind in [ActivationKind.gelu, .geluTanh] {
            let (y, slope) = run(kind)
            #expect(distance(y, [0, infinity, .nan, 0, 0, 1e30, 0, 0, 50]) == 0, "\(kind) \(y)")
            let halves = distance(slope, [0, 1, .nan, 0.5, 0.5, 1, 0, 0, 1])
            #expect(halves <= roundoff(Scalar.self) / 2, "\(kind) \(slope)")
        }
        let (y, slope) = run(.relu)
        #expect(distance(y, [0, infinity, .nan, 0, 0, 1e30, 0, 0, 50]) == 0)
        // As in PyTorch: no derivative at zero, and NaN lets the upstream gradient pass.
        #expect(distance(slope, [0, 1, 1, 0, 0, 1, 0, 0, 1]) == 0)
    }

    /// A zero derivative of ReLU wins over an upstream gradient that is infinite or NaN.
    @Test(arguments: InstructionSet.available)
    func reluBlocksInfiniteGradients(set: InstructionSet) {
        let y = GuardedBuffer<Float>([0, 0, 1, 1])
        let dz = GuardedBuffer<Float>([.infinity, .nan, .infinity, 2])
        Float.kernels(set).biasActivationBackward(
            kind: .relu, saved: y.readOnly, savedStride: 4, bias: nil, dy: dz.readOnly, dyStride: 4,
            dz: dz.start,
            dzStride: 4, rows: 1, columns: 4)
        #expect(dz.values == [0, 0, .infinity, 2])
    }
}
