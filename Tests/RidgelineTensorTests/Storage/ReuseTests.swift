// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Which results take the place of their operand, and that they never do so where it is still wanted.
@Suite struct ReuseTests {
    private func fresh() -> Tensor<Float> { sample([40, 50], seed: 3) }

    /// Whether `function` of a tensor that nothing else holds fills the same memory.
    private func reuses(_ function: (consuming Tensor<Float>) -> Tensor<Float>) -> Bool {
        let x = fresh()
        let place = x.storage.base
        let y = function(consume x)
        return y.storage.base == place
    }

    /// The same of a tensor that is still held, which must keep its elements.
    private func spoils(_ function: (consuming Tensor<Float>) -> Tensor<Float>) -> Bool {
        let x = fresh()
        let y = function(copy x)
        return y.storage.base == x.storage.base || x.scalars != fresh().scalars
    }

    @Test func activationsTakeTheirOperandsPlace() {
        let bias: Tensor<Float> = sample([50], seed: 4)
        let functions: [(consuming Tensor<Float>) -> Tensor<Float>] = [
            { (x: consuming Tensor<Float>) in x.activated(.gelu) },
            { (x: consuming Tensor<Float>) in x.activated(.relu, bias: bias) },
            { (x: consuming Tensor<Float>) in x.activated(.tanh, dropout: 0.5) },
            { (x: consuming Tensor<Float>) in relu(x) },
            { (x: consuming Tensor<Float>) in dropout(x, probability: 0.5) },
        ]
        for (index, function) in functions.enumerated() {
            #expect(reuses(function), "\(index)")
            #expect(!spoils(function), "\(index)")
        }
        let expected = fresh().activated(.gelu)
        #expect(gelu(fresh()).scalars == expected.scalars)
    }

    /// A recorded function keeps what backward needs: its operand, or its result, which may take its place.
    @Test func recordedActivationsKeepWhatTheyNeed() {
        for (activation, expected) in [(Activation.gelu, false), (.tanh, true)] {
            var place: UnsafeMutableRawPointer?
            var taken = false
            let (_, pullback) = valueWithPullback(at: fresh()) { x in
                let z = x * 2
                place = z.storage.base
                let y = (consume z).activated(activation)
                taken = y.storage.base == place
                return y
            }
            #expect(taken == expected, "\(activation)")
            let exact = valueWithPullback(at: fresh()) { (2 * $0).activated(activation) }.pullback
            #expect(pullback(.ones([40, 50])).scalars == exact(.ones([40, 50])).scalars)
        }
    }

    /// A transposed operand does not lie as its result does: its elements are brought in order first.
    @Test func viewsAreCopied() {
        let y = fresh().transposed().activated(.relu)
        #expect(y.layout.isContiguous)
        #expect(y.scalars == fresh().transposed().scalars.map { Swift.max($0, 0) })
    }
}
