// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Every variant of the observing kernel counts as the plain loop does.
@Suite struct ObservationKernelTests {
    @Test(arguments: InstructionSet.available, [1, 3, 15, 16, 17, 33, 4_100])
    func everyVariantCountsAlike(set: InstructionSet, columns: Int) {
        compare(Float.self, set, columns, tolerance: 1e-5)
        compare(Double.self, set, columns, tolerance: 1e-13)
    }

    private func compare<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ columns: Int, tolerance: Double
    ) {
        let rows = 5
        var y: [Scalar] = randomValues(rows * columns, -2...2, seed: 7)
        for index in y.indices where index % 3 == 0 { y[index] = 0 }
        if columns > 2 { y[1] = .nan }
        let bounds = ObservationKernel.Bounds(-1.5 ... -1, 1...2, -.infinity...0)
        func run(_ set: InstructionSet) -> (ObservationKernel.Sums, [Scalar]) {
            // One more element, which must stay.
            var active = [Scalar](repeating: 0, count: columns) + [7]
            let sums = active.withUnsafeMutableBufferPointer { active in
                ObservationKernel.count(
                    y, rows: rows, columns: columns, bounds, shift: 0.25, active: active.baseAddress!,
                    set: set)
            }
            return (sums, active)
        }
        let (found, active) = run(set)
        let (expected, expectedActive) = run(.swift)
        #expect(active == expectedActive && active[columns] == 7)
        #expect(found.zeros == expected.zeros && found.saturated == expected.saturated)
        if columns > 2 {
            #expect(found.squares.isNaN && expected.squares.isNaN)
        } else {
            #expect(abs(found.differences - expected.differences) <= tolerance * 10)
            #expect(abs(found.squares - expected.squares) <= tolerance * 10)
        }
    }
}
