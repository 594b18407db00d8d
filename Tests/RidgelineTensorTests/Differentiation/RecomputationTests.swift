// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct RecomputationTests {
    private let x: Tensor<Double> = sample([4, 6])
    private let weight: Tensor<Double> = sample([6, 6], seed: 2)

    private func block(_ inputs: [Tensor<Double>]) -> Tensor<Double> {
        let hidden = linear(inputs[0], weight: inputs[1], activation: .gelu)
        return dropout(hidden, probability: 0.5) + inputs[0]
    }

    @Test func sameValuesAndGradients() {
        func run(_ recomputes: Bool) -> (value: Tensor<Double>, gradients: [Tensor<Double>], after: UInt64) {
            withRandomSeed(5) {
                let (value, gradients) = valueAndGradients(at: [x, weight]) { inputs in
                    var y = inputs[0]
                    for _ in 0..<3 {
                        y =
                            recomputes
                            ? withRecomputation(at: [y, inputs[1]], block) : block([y, inputs[1]])
                    }
                    return y.squared().sum()
                }
                return (value, gradients, RandomGenerator.current.state.position)
            }
        }
        let (plain, again) = (run(false), run(true))
        expect(again.value, [], plain.value.scalars)
        for (one, other) in zip(again.gradients, plain.gradients) { expect(one, other.shape, other.scalars) }
        // The second pass draws the first one's numbers and leaves the generator where it was.
        #expect(again.after == plain.after)
        #expect(plain.gradients[0] != .zeros([4, 6]))
    }

    @Test func dropoutMasksRepeat() {
        final class Seen { var masks: [[Bool]] = [] }
        let seen = Seen()
        let gradient = withRandomSeed(6) {
            valueAndGradient(at: Tensor<Double>.ones([64])) { x in
                withRecomputation(at: x) { x in
                    let y = dropout(x, probability: 0.5)
                    seen.masks.append((y .== 0).scalars)
                    return y
                }.sum()
            }.gradient
        }
        #expect(seen.masks.count == 2)
        #expect(seen.masks[0] == seen.masks[1])
        #expect(Set(seen.masks[0]).count == 2)
        expect(gradient, [64], seen.masks[0].map { $0 ? 0 : 2 })
    }

    @Test func modeAndMarkReachTheSecondPass() {
        final class Seen { var passes: [(Mode, Bool)] = [] }
        let seen = Seen()
        _ = withMode(.training) {
            valueWithPullback(at: x) { x in
                withRecomputation(at: x) { x in
                    seen.passes.append((Mode.current, Recomputation.isActive))
                    return x * x
                }
            }
        }.pullback(.ones([4, 6]))
        #expect(seen.passes.map(\.0) == [.training, .training])
        #expect(seen.passes.map(\.1) == [false, true])
        #expect(Mode.current == .inference)
    }

    @Test func savesNothingInside() {
        var entries = 0
        let (_, pullback) = valueWithPullback(at: x) { x -> Tensor<Double> in
            let y = withRecomputation(at: x) { exp(exp($0 * 0.1)) * 2 }
            entries = Recording.current?.entries.count ?? 0
            return y
        }
        #expect(entries == 2)
        // The pullback can be applied again.
        let first = pullback(.ones([4, 6]))
        expect(pullback(.ones([4, 6])), [4, 6], first.scalars)
    }

    @Test func nests() {
        let plain = valueAndGradient(at: x) { tanh(tanh($0) * $0).sum() }
        let nested = valueAndGradient(at: x) { x in
            withRecomputation(at: x) { x in
                tanh(withRecomputation(at: x) { tanh($0) * $0 })
            }.sum()
        }
        expect(nested.value, [], plain.value.scalars)
        expect(nested.gradient, [4, 6], plain.gradient.scalars)
    }

    @Test func plainOutsideARecording() {
        let y = withRecomputation(at: x) { $0 * 2 }
        #expect(y.trace.isNone)
        expect(y, [4, 6], x.scalars.map { $0 * 2 })
        let constant = valueAndGradient(at: x) { x in (withRecomputation(at: self.x) { $0 * 2 } * x).sum() }
        expect(constant.gradient, [4, 6], x.scalars.map { $0 * 2 })
    }
}
