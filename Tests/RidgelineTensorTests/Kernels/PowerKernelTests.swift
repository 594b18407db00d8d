// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Powers: C's special cases on every instruction set, and errors of at most 2 ulp.
@Suite struct PowerKernelTests {
    private static let positive: [Double] = [
        0, 1, 2, 3, 0.5, 2.5, .infinity, 1e30, 1e-30, 0x1p-149, 0x1p-1074, 9_007_199_254_740_994,
        9_007_199_254_740_991, 4_503_599_627_370_496.5,
    ]
    private static let single: [Double] = [.nan, 1e308, 16_777_217, 0.9999999, 1.0000001, -1.5e154, 1e-160]
    private static let specials: [Double] = positive + positive.map { -$0 } + single

    private func powers<Scalar: TestScalar>(
        _ x: [Scalar], _ y: [Scalar], yStride: Int, _ set: InstructionSet
    ) -> [Scalar] {
        let (a, b, out) = (GuardedBuffer(x), GuardedBuffer(y), GuardedBuffer(x, misalignment: 3))
        Scalar.kernels(set).elementwise.power(
            x: a.readOnly, xStride: 1, y: b.readOnly, yStride: yStride, out: out.start, count: x.count)
        withExtendedLifetime((a, b)) {}
        #expect(out.guardsIntact)
        return out.values
    }

    private func check<Scalar: TestScalar, Exact: BinaryFloatingPoint>(
        _ x: [Scalar], _ y: [Scalar], _ found: [Scalar], _ exact: (Scalar, Scalar) -> Exact
    ) {
        var (worst, at) = (0.0, 0)
        for index in x.indices {
            let wanted = exact(x[index], y[index % y.count])
            let sign = found[index] == 0 && found[index].sign != wanted.sign ? Double.infinity : 0
            let error = ulps(found[index], wanted) + sign
            if error > worst { (worst, at) = (error, index) }
        }
        #expect(worst <= 2, "\(x[at]) to the \(y[at % y.count]): \(found[at])")
    }

    #if arch(x86_64)
        private func exact(_ x: Double, _ y: Double) -> Float80 { powl(Float80(x), Float80(y)) }
    #else
        private func exact(_ x: Double, _ y: Double) -> Double { pow(x, y) }
    #endif

    @Test(arguments: InstructionSet.available)
    func specialCases(set: InstructionSet) {
        let x = Self.specials.flatMap { x in Self.specials.map { _ in x } }
        let y = Self.specials.flatMap { _ in Self.specials }
        check(x, y, powers(x, y, yStride: 1, set), exact)
        let (u, v) = (x.map { Float($0) }, y.map { Float($0) })
        check(u, v, powers(u, v, yStride: 1, set)) { pow(Double($0), Double($1)) }
    }

    /// One exponent: those that are multiplied out, and others.
    @Test(arguments: InstructionSet.available, [2, 3, 1, 0, -1, -2, 0.5, -0.5, 4, 2.5, .nan, -.infinity])
    func oneExponent(set: InstructionSet, exponent: Double) {
        for count in testCounts {
            let x = Self.specials + randomValues(count, seed: 3)
            check(x, [exponent], powers(x, [exponent], yStride: 0, set), exact)
            let (u, v) = (x.map { Float($0) }, Float(exponent))
            check(u, [v], powers(u, [v], yStride: 0, set)) { pow(Double($0), Double($1)) }
        }
    }

    @Test(arguments: InstructionSet.available)
    func accuracy(set: InstructionSet) {
        #if DEBUG
            let count = 2_000
        #else
            let count = 50_000
        #endif
        let (s, t): ([Double], [Double]) = (
            randomValues(count, -1...1, seed: 6), randomValues(count, -1...1, seed: 7)
        )
        // Bases of every size, near 1 and subnormal; exponents up to where the result is neither 0 nor infinite.
        let x = s.enumerated().map { (index: Int, s: Double) -> Double in
            switch index % 4 {
            case 0: exp(700 * s)
            case 1: 1 + 1e-3 * s
            case 2: abs(s) * 0x1p-1030
            default: 1.5 + s
            }
        }
        let y = zip(x, t).map { (x: Double, t: Double) -> Double in 740 * t / (abs(log(x)) + 1e-9) }
        check(x, y, powers(x, y, yStride: 1, set), exact)
        let u = s.map { Float(exp(80 * $0)) }
        let v = zip(u, t).map { (u: Float, t: Double) -> Float in Float(100 * t) / (abs(log(u)) + 1e-6) }
        check(u, v, powers(u, v, yStride: 1, set)) { pow(Double($0), Double($1)) }
    }
}
