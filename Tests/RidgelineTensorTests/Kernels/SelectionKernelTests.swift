// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Comparisons, selection and positions: every instruction set gives what the plain loops give.
@Suite struct SelectionKernelTests {
    private func samples<Scalar: TestScalar>(_ count: Int, seed: UInt64) -> [Scalar] {
        // Many equal values, and what is not a number or not finite.
        let values: [Scalar] = [0, -0.0, 1, -1, 2, .nan, .infinity, -.infinity, 1, 3]
        var random = TestRandom(seed: seed)
        return (0..<count).map { _ in values[Int(random.next() % 10)] }
    }

    @Test(arguments: InstructionSet.available, ComparisonKind.allCases)
    func comparisons(set: InstructionSet, kind: ComparisonKind) {
        check(Float.self, set, kind)
        check(Double.self, set, kind)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet, _ kind: ComparisonKind) {
        for columns in testCounts where columns > 0 {
            let rows = 3
            let a = GuardedBuffer<Scalar>(samples(rows * (columns + 2), seed: 1))
            let b = GuardedBuffer<Scalar>(samples(rows * (columns + 2), seed: 2))
            for (aStride, aRow, bStride, bRow) in [
                (1, columns + 2, 1, columns), (1, columns, 0, 1), (0, 2, 1, 0), (0, 1, 0, 1),
            ] {
                var out = [Bool](repeating: true, count: rows * columns + 1)
                out.withUnsafeMutableBufferPointer {
                    Scalar.kernels(set).elementwise.compare(
                        kind, a: OperandRows(start: a.readOnly, stride: aStride, rowStride: aRow),
                        b: OperandRows(start: b.readOnly, stride: bStride, rowStride: bRow),
                        out: $0.baseAddress!,
                        rows: rows, columns: columns)
                }
                let expected = (0..<rows * columns).map { index -> Bool in
                    let (row, column) = (index / columns, index % columns)
                    let x = a.start[row * aRow + column * aStride]
                    let y = b.start[row * bRow + column * bStride]
                    return switch kind {
                    case .equal: x == y
                    case .unequal: x != y
                    case .less: x < y
                    case .lessOrEqual: x <= y
                    case .greater: x > y
                    case .greaterOrEqual: x >= y
                    }
                }
                #expect(out == expected + [true], "\(Scalar.self) \(columns) \(aStride) \(bStride)")
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func selections(set: InstructionSet) {
        select(Float.self, set) { $0.bitPattern }
        select(Double.self, set) { $0.bitPattern }
    }

    private func select<Scalar: TestScalar, Bits: Equatable>(
        _: Scalar.Type, _ set: InstructionSet, _ bits: (Scalar) -> Bits
    ) {
        for count in testCounts {
            let a = GuardedBuffer<Scalar>(samples(max(count, 1), seed: 3))
            let b = GuardedBuffer<Scalar>(samples(max(count, 1), seed: 4), misalignment: 2)
            let condition = (0..<max(count, 1)).map { ($0 * 7) % 3 == 0 }
            for strides in 0..<8 {
                let (cStride, aStride, bStride) = (strides & 1, strides >> 1 & 1, strides >> 2)
                let out = GuardedBuffer([Scalar](repeating: 9, count: count), misalignment: 3)
                condition.withUnsafeBufferPointer {
                    Scalar.kernels(set).elementwise.select(
                        condition: $0.baseAddress!, conditionStride: cStride, a: a.readOnly, aStride: aStride,
                        b: b.readOnly, bStride: bStride, out: out.start, count: count)
                }
                let expected = (0..<count).map {
                    condition[$0 * cStride] ? a.start[$0 * aStride] : b.start[$0 * bStride]
                }
                // The bits of a NaN too.
                #expect(out.values.map(bits) == expected.map(bits), "\(count) \(strides)")
                #expect(out.guardsIntact)
            }
        }
    }

    @Test(arguments: InstructionSet.available, [true, false])
    func positions(set: InstructionSet, largest: Bool) {
        check(Float.self, set, largest)
        check(Double.self, set, largest)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet, _ largest: Bool) {
        for size in testCounts where size > 0 {
            for (outer, step, columns) in [(3, 1, 1), (2, 3, 3), (1, 40, 35)] {
                for nan in [false, true] {
                    var x: [Scalar] = samples(outer * size * step, seed: UInt64(size))
                    if !nan { x = x.map { $0.isNaN ? 1 : $0 } }
                    let from = GuardedBuffer(x)
                    var out = [Int32](repeating: -1, count: outer * step + 1)
                    out.withUnsafeMutableBufferPointer {
                        Scalar.kernels(set).elementwise.positions(
                            largest: largest, x: from.readOnly, out: $0.baseAddress!, outer: outer,
                            size: size,
                            step: step, columns: columns)
                    }
                    var expected = [Int32](repeating: -1, count: outer * step + 1)
                    for row in 0..<outer {
                        for column in 0..<columns {
                            let group = (0..<size).map { x[(row * size + $0) * step + column] }
                            let best = largest ? group.max()! : group.min()!
                            let place = group.firstIndex(where: \.isNaN) ?? group.firstIndex(of: best)!
                            expected[row * step + column] = Int32(place)
                        }
                    }
                    #expect(out == expected, "\(Scalar.self) \(size) of \(step)")
                }
            }
        }
    }

    /// Blocks that lie along, across and otherwise, against the plain loop.
    @Test(arguments: InstructionSet.available)
    func copies(set: InstructionSet) {
        for (rows, columns) in [
            (1, 1), (3, 5), (2, 70), (70, 2), (3, 33), (33, 3), (4, 17), (17, 4), (19, 23), (67, 66),
            (5, 1_100),
        ] {
            for (row, step) in [
                (columns, 1), (columns + 3, 1), (1, rows), (1, rows + 2), (2, 2 * rows), (1, 0), (0, 1),
                (-1, -rows),
            ] {
                let last = (rows - 1) * abs(row) + (columns - 1) * abs(step)
                let from = GuardedBuffer<Float>((0...last).map { Float($0) })
                let start = UnsafePointer(from.start + (row < 0 ? last : 0))
                for toRow in [columns, columns + 1] {
                    let out = GuardedBuffer<Float>(
                        [Float](repeating: -1, count: rows * toRow), misalignment: 3)
                    Float.kernels(set).elementwise.copyBlock(
                        start, row: row, step: step, to: out.start, row: toRow, rows: rows, columns: columns)
                    let expected = (0..<rows * toRow).map { index -> Float in
                        let (r, c) = (index / toRow, index % toRow)
                        return c < columns ? start[r * row + c * step] : -1
                    }
                    #expect(out.values == expected, "\(rows) \(columns): \(row) \(step) \(toRow)")
                    #expect(out.guardsIntact)
                }
                withExtendedLifetime(from) {}
            }
        }
    }
}
