// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Random integers, truth values, orders and categories: distributions, seeds and threads.
@Suite(.serialized) struct RandomChoiceTests {
    private let count = 60_000

    /// Each share within five standard errors.
    private func expectShares(
        _ found: [Int], _ probabilities: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let total = Double(found.reduce(0, +))
        for (number, p) in zip(found, probabilities) {
            let error = (total * p * (1 - p)).squareRoot()
            #expect(abs(Double(number) - total * p) <= 5 * error, "\(found)", sourceLocation: sourceLocation)
        }
    }

    private func tally<Scalar: IntegerScalar>(_ x: Tensor<Scalar>, _ buckets: Int) -> [Int] {
        x.scalars.reduce(into: [Int](repeating: 0, count: buckets)) { $0[Int($1)] += 1 }
    }

    @Test func integersAreUniform() {
        let x = Tensor<Int32>.randomIntegers([count], in: -3..<4, using: RandomGenerator(seed: 5))
        expectShares(tally(x + 3, 7), Array(repeating: 1.0 / 7, count: 7))
        let wide = Tensor<Int64>.randomIntegers([1_000], in: .min ..< .max, using: RandomGenerator(seed: 5))
        #expect(wide.scalars.contains { $0 < 0 } && wide.scalars.contains { $0 > 1 << 62 })
        let bytes = Tensor<UInt8>.randomIntegers([count], in: 250..<255, using: RandomGenerator(seed: 6))
        expectShares(tally(bytes - 250, 5), Array(repeating: 0.2, count: 5))
        #expect(Tensor<Int32>.randomIntegers([0, 3], in: 0..<1).shape == [0, 3])
    }

    @Test func truthsHaveTheirProbability() {
        let some = Tensor<Bool>.bernoulli([count], probability: 0.3, using: RandomGenerator(seed: 5))
        expectShares([some.trueCount(), count - some.trueCount()], [0.3, 0.7])
        let p: Tensor<Float> = [[0, 1, 0.8]]
        let each = Tensor<Bool>.bernoulli(
            probabilities: p.broadcast(to: [count, 3]), using: RandomGenerator(seed: 7))
        let trues = each.trueCount(axis: 0).scalars
        #expect(trues[0] == 0 && trues[1] == Int64(count))
        #expect(abs(Double(trues[2]) - 0.8 * Double(count)) < 5 * (0.16 * Double(count)).squareRoot())
    }

    @Test func ordersAreEquallyLikely() {
        var found = [Int](repeating: 0, count: 6)
        let generator = RandomGenerator(seed: 9)
        for _ in 0..<12_000 {
            let order = Tensor<Int32>.permutation(3, using: generator).scalars
            #expect(order.sorted() == [0, 1, 2])
            found[Int(order[0]) * 2 + (order[1] > order[2] ? 1 : 0)] += 1
        }
        expectShares(found, Array(repeating: 1.0 / 6, count: 6))
        #expect(Tensor<Int64>.permutation(1_000).scalars.sorted() == Array(0..<1_000))
        #expect(Tensor<UInt8>.permutation(256).scalars.sorted() == Array(0...255))
        #expect(Tensor<Int32>.permutation(0).shape == [0])
    }

    @Test func categoriesFollowTheLogits() {
        let p = [0.1, 0, 0.6, 0.3]
        let logits = log(Tensor<Double>(p)) + 1_000
        let x = Tensor<Int32>.categorical(logits: logits, count: count, using: RandomGenerator(seed: 3))
        #expect(x.shape == [count])
        expectShares(tally(x, 4), p)
        let two = Tensor<Float>(shape: [3, 2], scalars: [0, -.infinity, -.infinity, 3, .infinity, 5])
        expect(Tensor<Int64>.categorical(logits: two, count: 2), [3, 2], [0, 0, 1, 1, 0, 0])
        expect(Tensor<Int64>.categorical(logits: two.transposed(), axis: 0), [3], [0, 1, 0])
        #expect(Tensor<Int32>.categorical(logits: Tensor<Float>.zeros([0, 3])).shape == [0])
    }

    @Test func sameSeedSameDrawsOnEveryNumberOfThreads() {
        func draws() -> [[Int64]] {
            withRandomSeed(4) {
                [
                    Tensor<Int64>.randomIntegers([100_001], in: 0..<1_000).scalars,
                    Tensor<Int64>.permutation(1_001).scalars,
                    Tensor<Int64>.categorical(logits: sample([50, 7]) as Tensor<Float>, count: 2_001).scalars,
                    Tensor<Int64>(Tensor<Bool>.bernoulli([100_001])).scalars,
                ]
            }
        }
        let one = withThreads(1) { draws() }
        #expect(withThreads(4) { draws() } == one)
        #expect(
            one[0] != withRandomSeed(5) { Tensor<Int64>.randomIntegers([100_001], in: 0..<1_000).scalars })
    }

    @Test func shufflesArrays() {
        var generator = RandomGenerator(seed: 2)
        var again = RandomGenerator(seed: 2)
        let cards = Array(0..<52)
        let shuffled = cards.shuffled(using: &generator)
        #expect(shuffled != cards && shuffled.sorted() == cards && shuffled == cards.shuffled(using: &again))
        #expect(Set((0..<100).map { _ in Int.random(in: 0..<6, using: &generator) }).count == 6)
    }
}
