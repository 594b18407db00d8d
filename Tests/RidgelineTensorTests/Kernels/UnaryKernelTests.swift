// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

/// Functions of one value: every instruction set within its stated bound of the exact values.
@Suite struct UnaryKernelTests {
    /// The bounds that unary_body.h states, in units in the last place.
    private func bound(_ kind: UnaryKind) -> Double {
        switch kind {
        case .negate, .absolute, .sign, .floor, .ceiling, .rounded: 0
        case .square, .squareRoot, .reciprocal: 0.5
        case .exp, .log, .logOnePlus: 1
        case .reciprocalSquareRoot: 1.5
        case .expMinusOne, .sin, .cos, .tan, .erf: 2
        }
    }

    private func exact<Exact: Real & BinaryFloatingPoint>(_ kind: UnaryKind, _ x: Exact) -> Exact {
        var (x, y) = (x, Exact(0))
        applyUnary(kind, &x, &y, 1)
        return y
    }

    private func values<Scalar: TestScalar>(_ kind: UnaryKind, _ x: [Scalar], _ set: InstructionSet)
        -> [Scalar]
    {
        let (from, out) = (GuardedBuffer(x), GuardedBuffer(x, misalignment: 3))
        Scalar.kernels(set).elementwise.unary(kind, x: from.readOnly, out: out.start, count: x.count)
        withExtendedLifetime(from) {}
        #expect(out.guardsIntact)
        return out.values
    }

    /// The largest error, infinity where a NaN, an infinity or the sign of a zero is another's.
    private func largestError<Scalar: TestScalar, Exact: BinaryFloatingPoint>(
        _ found: [Scalar], _ exact: [Exact]
    ) -> (ulps: Double, at: Int) {
        var worst = (ulps: 0.0, at: 0)
        for index in found.indices {
            let (y, e) = (found[index], exact[index])
            let sign = y == 0 && !e.isNaN && y.sign != e.sign ? Double.infinity : 0
            let error = ulps(y, e) + sign
            if error > worst.ulps { worst = (error, index) }
        }
        return worst
    }

    #if DEBUG
        private static let step: UInt32 = 4_000_037
    #else
        private static let step: UInt32 = 50_021
    #endif

    /// Bit patterns over all of Float: the functions in double precision are near enough to be exact.
    @Test(arguments: InstructionSet.available, UnaryKind.allCases)
    func floats(set: InstructionSet, kind: UnaryKind) {
        let patterns = stride(from: UInt32(0), to: .max - Self.step, by: Int(Self.step))
        let x = patterns.map { Float(bitPattern: $0) } + Self.specials.map { Float($0) }
        let (error, at) = largestError(values(kind, x, set), x.map { exact(kind, Double($0)) })
        #expect(error <= bound(kind), "\(kind) of \(x[at])")
    }

    #if arch(x86_64)
        @Test(arguments: InstructionSet.available, UnaryKind.allCases)
        func doubles(set: InstructionSet, kind: UnaryKind) {
            var random = TestRandom(seed: 5)
            #if DEBUG
                let count = 2_000
            #else
                let count = 60_000
            #endif
            let ranges = [1.0, 2, 12, 50, 760, 1e-3]
            let x =
                Self.specials
                + (0..<count).map { index in
                    let bits = random.next()
                    if index % 2 == 0 && ![.sin, .cos, .tan].contains(kind) {
                        return Double(bitPattern: bits)
                    }
                    return ranges[index / 2 % 6] * (Double(Int64(bitPattern: bits)) * 0x1p-63)
                }
            let (error, at) = largestError(values(kind, x, set), x.map { exact(kind, Float80($0)) })
            #expect(error <= bound(kind), "\(kind) of \(x[at])")
        }
    #endif

    private static let positive: [Double] = [
        0, 1, .infinity, .nan, 0x1p-149, 0x1p-126, 0x1.fffffep127, 88.72283, 103.98, 709.79, 745.2, 0.5, 1.5,
        2.5,
        8_388_608, 4_503_599_627_370_497, 0.9375, 3.9999, 1e-20, 0.99999994,
    ]
    private static let specials: [Double] = positive + positive.map { -$0 }

    /// Far angles are reduced exactly: sin 10²² by mpmath.
    @Test(arguments: InstructionSet.available)
    func farAngles(set: InstructionSet) {
        let x: [Double] = [1e22, -1e22, 1e300]
        #expect(values(.sin, x, set)[0] == -0.8522008497671888)
        #expect(values(.sin, x, set)[1] == 0.8522008497671888)
        #expect(values(.cos, x, set)[0] == 0.523214785395139)
        #expect(abs(values(.tan, x, set)[0] - -1.6287782256068988) <= 4e-16)
        let near = values(.sin, [Float](repeating: 0.7, count: 40), set)
        let beside = values(.sin, (0..<40).map { $0 % 2 == 0 ? Float(0.7) : 1e30 }, set)
        // What is near does not depend on its neighbours.
        #expect(stride(from: 0, to: 40, by: 2).allSatisfy { beside[$0] == near[$0] })
    }

    @Test(arguments: InstructionSet.available, UnaryKind.allCases)
    func everyLengthAndInPlace(set: InstructionSet, kind: UnaryKind) {
        for count in testCounts {
            let x: [Float] = randomValues(count, 0.1...3, seed: 4)
            let whole = values(kind, x + [1, 1, 1], set)
            #expect(values(kind, x, set) == Array(whole.prefix(count)), "\(count)")
            let place = GuardedBuffer(x)
            Float.kernels(set).elementwise.unary(kind, x: place.readOnly, out: place.start, count: count)
            #expect(place.values == Array(whole.prefix(count)) && place.guardsIntact)
        }
    }
}
