// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct ParametricKernelTests {
    enum Slopes: CaseIterable { case one, columns, elements }

    @Test(arguments: InstructionSet.available, Slopes.allCases)
    func matchesDefinition(set: InstructionSet, slopes: Slopes) {
        compare(Float.self, set, slopes, tolerance: 1e-6)
        compare(Double.self, set, slopes, tolerance: 1e-14)
    }

    private func compare<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ slopes: Slopes, tolerance: Double
    ) {
        let table = Scalar.kernels(set)
        let rows = 3
        for columns in testCounts where columns > 0 {
            let count = rows * columns
            let z = GuardedBuffer<Scalar>(randomValues(count, seed: 1))
            let dy = GuardedBuffer<Scalar>(randomValues(count, seed: 2))
            let bias = GuardedBuffer<Scalar>(randomValues(columns, seed: 3))
            let slope = GuardedBuffer<Scalar>(randomValues(count, -0.5...0.5, seed: 4))
            let array: SlopeArray<Scalar> =
                switch slopes {
                case .one: .one(slope.readOnly)
                case .columns: .columns(slope.readOnly)
                case .elements: .elements(slope.readOnly, rowStride: columns)
                }
            var expected = (
                y: [Scalar](), dz: [Scalar](),
                dSlope: [Double](repeating: 2, count: slopes == .one ? 1 : columns)
            )
            for index in 0..<count {
                let column = index % columns
                let x = z.values[index] + bias.values[column]
                let a = array.start[(index / columns) * array.rowStride + column * array.stride]
                let upstream = dy.values[index]
                expected.y.append(x > 0 ? x : a * x)
                expected.dz.append(x > 0 ? upstream : a * upstream)
                if x <= 0 { expected.dSlope[slopes == .one ? 0 : column] += Double(upstream) * Double(x) }
            }
            let y = GuardedBuffer(z.values, misalignment: 3)
            table.parametricReLU(
                z: y.readOnly, zStride: columns, bias: bias.readOnly, slope: array, y: y.start,
                yStride: columns, rows: rows, columns: columns)
            #expect(distance(y.values, expected.y) <= tolerance)
            #expect(y.guardsIntact)
            let dz = GuardedBuffer(dy.values, misalignment: 2)
            let dSlope = GuardedBuffer([Double](repeating: 2, count: expected.dSlope.count))
            table.parametricReLUBackward(
                z: z.readOnly, zStride: columns, bias: bias.readOnly, slope: array, dy: dz.readOnly,
                dyStride: columns, dz: dz.start, dzStride: columns,
                dSlope: slopes == .elements ? nil : dSlope.start, rows: rows, columns: columns)
            #expect(distance(dz.values, expected.dz) <= tolerance)
            if slopes != .elements {
                #expect(distance(dSlope.values, expected.dSlope) <= 20 * tolerance)
            }
            #expect(dz.guardsIntact && dSlope.guardsIntact)
        }
    }

    /// As in PyTorch: NaN and zero take the slope.
    @Test(arguments: InstructionSet.available)
    func kinks(set: InstructionSet) {
        let z = GuardedBuffer<Float>([.nan, 0, -0.0, .infinity, -.infinity])
        let slope = GuardedBuffer<Float>([0.25])
        let (y, dz) = (GuardedBuffer(z.values), GuardedBuffer<Float>([1, 1, 1, 1, 1]))
        let table = KernelTable<Float>.table(for: set)
        table.parametricReLU(
            z: z.readOnly, zStride: 5, bias: nil, slope: .one(slope.readOnly), y: y.start, yStride: 5,
            rows: 1, columns: 5)
        table.parametricReLUBackward(
            z: z.readOnly, zStride: 5, bias: nil, slope: .one(slope.readOnly), dy: dz.readOnly, dyStride: 5,
            dz: dz.start, dzStride: 5, dSlope: nil, rows: 1, columns: 5)
        #expect(distance(y.values, [.nan, 0, -0.0, .infinity, -.infinity]) == 0)
        #expect(dz.values == [0.25, 0.25, 0.25, 1, 0.25])
    }
}
