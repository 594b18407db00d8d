// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Folds of groups that lie in every way, every instruction set against the plain Swift kernels.
@Suite struct FoldKernelTests {
    @Test(arguments: InstructionSet.available, FoldKind.allCases)
    func matchesTheReference(set: InstructionSet, fold: FoldKind) {
        check(Float.self, set, fold)
        check(Double.self, set, fold)
    }

    private func check<Scalar: TestScalar>(_: Scalar.Type, _ set: InstructionSet, _ fold: FoldKind) {
        // Sums of many numbers of both signs are compared by what they are made of.
        let tolerance = (fold == .total ? 64 : 8) * roundoff(Scalar.self)
        #if DEBUG
            let sizes = [1, 2, 3, 8, 9, 65]
        #else
            let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 64, 65, 200]
        #endif
        for size in sizes {
            for (outer, step, columns) in [
                (0, 1, 1), (1, 1, 1), (5, 1, 1), (101, 1, 1), (2, 3, 3), (2, 40, 40), (1, 70, 33),
            ] {
                var x: [Scalar] = randomValues(outer * size * step, seed: UInt64(size))
                // Ties, zeros of both signs and what is not finite, in groups of their own where there are many.
                for (index, special) in [.infinity, -0.0, 0, .nan, -.infinity].enumerated() {
                    let place = index * 2 * size
                    if place < x.count { x[place] = Scalar(special) }
                }
                for index in stride(from: 1, to: x.count, by: 3) { x[index] = x[index - 1] }
                if outer > 100 { for index in 0..<size { x[50 * size + index] = -.infinity } }
                let dy: [Scalar] = randomValues(outer * step, seed: 2)
                let expected = run(x, dy, fold, (outer, size, step, columns), Scalar.kernels(.swift))
                let found = run(x, dy, fold, (outer, size, step, columns), Scalar.kernels(set))
                let comment: Comment = "\(size) (\(outer), \(step), \(columns))"
                #expect(distance(found.y, expected.y) <= tolerance, comment)
                #expect(distance(found.dx, expected.dx) <= tolerance, comment)
                #expect(
                    found.inPlace.map { $0.isNaN ? 7 : $0 } == found.dx.map { $0.isNaN ? 7 : $0 }, comment)
                #expect(found.intact, comment)
            }
        }
    }

    private typealias Extents = (outer: Int, size: Int, step: Int, columns: Int)

    private func run<Scalar: TestScalar>(
        _ x: [Scalar], _ dy: [Scalar], _ fold: FoldKind, _ extents: Extents, _ table: KernelTable<Scalar>
    ) -> (y: [Scalar], dx: [Scalar], inPlace: [Scalar], intact: Bool) {
        let (outer, size, step, columns) = extents
        let (input, upstream) = (GuardedBuffer(x), GuardedBuffer(dy, misalignment: 3))
        let y = GuardedBuffer([Scalar](repeating: 7, count: outer * step), misalignment: 2)
        let dx = GuardedBuffer([Scalar](repeating: 7, count: x.count), misalignment: 3)
        // What lies beyond the columns must stay.
        let inPlace = GuardedBuffer((0..<x.count).map { $0 % Swift.max(step, 1) < columns ? x[$0] : 7 })
        table.fold(
            fold, x: input.readOnly, y: y.start, outer: outer, size: size, step: step, columns: columns)
        table.foldBackward(
            fold, x: input.readOnly, y: y.readOnly, dy: upstream.readOnly, dx: dx.start, outer: outer,
            size: size, step: step, columns: columns)
        table.foldBackward(
            fold, x: inPlace.readOnly, y: y.readOnly, dy: upstream.readOnly, dx: inPlace.start, outer: outer,
            size: size, step: step, columns: columns)
        let intact =
            input.guardsIntact && upstream.guardsIntact && y.guardsIntact && dx.guardsIntact
            && inPlace.guardsIntact
        return (y.values, dx.values, inPlace.values, intact)
    }

    /// The definition itself, once, in numbers.
    @Test(arguments: InstructionSet.available)
    func foldsPairs(set: InstructionSet) {
        let x: [Float] = [1, 3, 2, 2, .nan, 0]
        let dy: [Float] = [6, 8, 1]
        func values(_ fold: FoldKind) -> (y: [Float], dx: [Float]) {
            let found = run(x, dy, fold, (3, 2, 1, 1), Float.kernels(set))
            return (found.y, found.dx)
        }
        #expect(distance(values(.mean).y, [2, 2, .nan]) == 0)
        #expect(distance(values(.mean).dx, [3, 3, 4, 4, 0.5, 0.5]) == 0)
        #expect(distance(values(.maximum).y, [3, 2, .nan]) == 0)
        #expect(distance(values(.maximum).dx, [0, 6, 4, 4, .nan, .nan]) == 0)
        #expect(distance(values(.minimum).y, [1, 2, .nan]) == 0)
        #expect(distance(values(.minimum).dx, [6, 0, 4, 4, .nan, .nan]) == 0)
        #expect(distance(values(.logSumExp).y, [3.126928, 2.6931472, .nan]) < 1e-6)
        #expect(distance(values(.logSumExp).dx, [0.71521753, 5.2847824, 4, 4, .nan, .nan]) < 1e-6)
    }
}
