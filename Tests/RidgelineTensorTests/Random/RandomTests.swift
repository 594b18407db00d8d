// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

@Suite(.serialized) struct RandomTests {
    /// The known answers for philox4x32-10 published with Random123 (kat_vectors).
    @Test func philoxKnownAnswers() {
        #expect(
            Philox(key: 0).words(at: SIMD4<UInt32>(repeating: 0))
                == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            Philox(key: .max).words(at: SIMD4<UInt32>(repeating: .max))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            Philox(key: 0x299f_31d0_a409_3822)
                .words(at: SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
                == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    #if DEBUG
        private let count = 100_000
    #else
        private let count = 1_000_000
    #endif

    /// Mean, variance, skewness and kurtosis.
    private func moments<Scalar: FloatingScalar>(_ tensor: Tensor<Scalar>) -> [Double] {
        let values = tensor.scalars.map(\.asDouble)
        let mean = values.reduce(0, +) / Double(values.count)
        let central = (2...4).map { power in
            values.reduce(0) { $0 + .pow($1 - mean, power) } / Double(values.count)
        }
        return [mean, central[0], central[1] / .pow(central[0], 1.5), central[2] / (central[0] * central[0])]
    }

    /// Five standard errors of each moment of `count` values of unit variance.
    private var slack: [Double] { [5, 7.1, 12.3, 24.5].map { $0 / Double(count).squareRoot() } }

    private func expectMoments<Scalar: FloatingScalar>(
        _ tensor: Tensor<Scalar>, mean: Double, variance: Double, skewness: Double = 0, kurtosis: Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = moments(tensor)
        let scales = [variance.squareRoot(), variance, 1, 1]
        for (index, wanted) in [mean, variance, skewness, kurtosis].enumerated() {
            #expect(
                abs(found[index] - wanted) < slack[index] * scales[index], "moment \(index + 1)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func uniformMoments() {
        func check<Scalar: FloatingScalar>(_: Scalar.Type) {
            let x = Tensor<Scalar>.uniform([count], in: -1..<3, using: RandomGenerator(seed: 1))
            expectMoments(x, mean: 1, variance: 16.0 / 12, kurtosis: 1.8)
            #expect(x.scalars.allSatisfy { $0 >= -1 && $0 < 3 })
            #expect(x.scalars.contains { $0 < -0.999 } && x.scalars.contains { $0 > 2.999 })
        }
        check(Float.self)
        check(Double.self)
    }

    @Test func normalMoments() {
        func check<Scalar: FloatingScalar>(_: Scalar.Type) {
            let x = Tensor<Scalar>.normal(
                [count], mean: 2, standardDeviation: 3, using: RandomGenerator(seed: 2))
            expectMoments(x, mean: 2, variance: 9, kurtosis: 3)
            let beyond = x.scalars.filter { ($0 - 2).magnitude > 6 }.count
            #expect(abs(Double(beyond) / Double(count) - 0.0455) < 0.004)
            // Neighbours, which come from one block, are uncorrelated.
            let z = x.scalars.map { ($0.asDouble - 2) / 3 }
            let product = zip(z, z.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
            #expect(abs(product) < 5 / Double(count).squareRoot())
        }
        check(Float.self)
        check(Double.self)
    }

    @Test func truncatedNormalMoments() {
        // Variance and kurtosis of N(0, 1) within ±2 (scipy.stats.truncnorm(-2, 2)).
        let x = Tensor<Double>.truncatedNormal(
            [count], mean: 1, standardDeviation: 0.5, using: RandomGenerator(seed: 3))
        expectMoments(x, mean: 1, variance: 0.25 * 0.7737413035499232, kurtosis: 2.365536717129649)
        #expect(x.scalars.allSatisfy { abs($0 - 1) <= 1 })
        let lopsided = Tensor<Float>.truncatedNormal(
            [1_000], bounds: 0.5...0.75, using: RandomGenerator(seed: 4))
        #expect(lopsided.scalars.allSatisfy { $0 >= 0.5 && $0 <= 0.75 })
        #expect(abs(lopsided.mean().item - 0.62175) < 0.005)
    }

    @Test func initialisations() {
        let side = count / 100
        // Fan-in 100·4, fan-out side·4.
        let shape: Shape = [side, 100, 2, 2]
        func spread(_ x: Tensor<Float>) -> Double { x.scalars.reduce(0) { $0 + $1.asDouble * $1.asDouble } }
        func check(_ x: Tensor<Float>, variance: Double, bound: Double?) {
            #expect(x.shape == shape)
            let found = spread(x) / Double(x.elementCount)
            #expect(abs(found / variance - 1) < 0.02)
            if let bound {
                #expect(x.scalars.allSatisfy { abs($0.asDouble) <= bound * 1.000001 })
                #expect(x.scalars.contains { abs($0.asDouble) > 0.99 * bound })
            } else {
                #expect(x.scalars.contains { abs($0.asDouble) > 3 * variance.squareRoot() })
            }
        }
        let (fanIn, fanOut) = (400.0, Double(side) * 4)
        let glorot = 2 / (fanIn + fanOut)
        let generator = RandomGenerator(seed: 5)
        check(.glorotUniform(shape, using: generator), variance: glorot, bound: (3 * glorot).squareRoot())
        check(.glorotNormal(shape, gain: 2, using: generator), variance: 4 * glorot, bound: nil)
        check(.heUniform(shape, using: generator), variance: 2 / fanIn, bound: (6 / fanIn).squareRoot())
        check(.heNormal(shape, using: generator), variance: 2 / fanIn, bound: nil)
    }

    @Test func stateContinuesTheStream() {
        let first = RandomGenerator(seed: 7)
        _ = Tensor<Float>.uniform([5], using: first)
        let saved = first.state
        #expect(saved == RandomGenerator.State(seed: 7, position: 3))
        let next = Tensor<Float>.normal([101], using: first)
        expect(Tensor<Float>.normal([101], using: RandomGenerator(state: saved)), [101], next.scalars)
        first.state = saved
        expect(Tensor<Float>.normal([101], using: first), [101], next.scalars)
        let after = Tensor<Float>.normal([101], using: first)
        #expect(after != next)
    }

    @Test func seedsAndDrawsDiffer() {
        let one = withRandomSeed(1) { Tensor<Double>.uniform([64]) }
        #expect(withRandomSeed(1) { Tensor<Double>.uniform([64]) } == one)
        #expect(withRandomSeed(2) { Tensor<Double>.uniform([64]) } != one)
        let shared = Set(one.scalars).intersection(withRandomSeed(2) { Tensor<Double>.uniform([64]) }.scalars)
        #expect(shared.isEmpty)
    }

    @Test(arguments: [2, 3, 5])
    func independentOfThreads(threads: Int) {
        func draw() -> [[Float]] {
            withRandomSeed(9) {
                [
                    Tensor<Float>.uniform([300_001]), .normal([300_001]), .truncatedNormal([100_001]),
                    dropout(.ones([300_001]), probability: 0.3),
                ].map(\.scalars)
            }
        }
        let alone = withThreads(1, draw)
        #expect(withThreads(threads, draw) == alone)
    }

    @Test func dropoutKeepsTheExpectation() {
        let x = dropout(Tensor<Float>.ones([count]), probability: 0.3, using: RandomGenerator(seed: 11))
        #expect(Set(x.scalars) == [0, Float(1 / 0.7)])
        let dropped = Double(x.scalars.filter { $0 == 0 }.count) / Double(count)
        #expect(abs(dropped - 0.3) < 5 * (0.21 / Double(count)).squareRoot())
        expect(dropout(Tensor<Float>.ones([9]), probability: 1), [9], Array(repeating: 0, count: 9))
        expect(dropout(Tensor<Float>.ones([9]), probability: 0), [9], Array(repeating: 1, count: 9))
    }
}
