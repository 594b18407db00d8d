// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// What `withoutGradients` returns is a constant, whatever its body does: x·c has the gradient c.
@Suite struct WithoutGradientsTests {
    private static let x: Tensor<Double> = [1, 2, 3]

    /// Operations that change nothing, each of which may hand back the tensor itself.
    private static let identities: [(String, @Sendable (Tensor<Double>) -> Tensor<Double>)] = [
        ("itself", { $0 }),
        ("a whole slice", { $0[0..<3] }),
        ("the same shape", { $0.reshaped(to: [3]) }),
        ("the same extents", { $0.reshaped([-1]) }),
        ("a broadcast to itself", { $0.broadcast(to: [3]) }),
        ("a split into one", { $0.split(sizes: [3], axis: 0)[0] }),
        ("the identity", { $0.activated(.identity) }),
        ("a dropout of 0", { dropout($0, probability: 0) }),
        ("an alpha dropout of 0", { alphaDropout($0, probability: 0) }),
        ("contiguous", { $0.contiguous() }),
        ("flipped along no axis", { $0.flipped([]) }),
        ("a permutation", { $0.permuted([0]) }),
        ("a sum over no axis", { $0.sum(axes: []) }),
        ("a concatenation of one", { Tensor.concatenated([$0]) }),
        ("a padding by nothing", { $0.padded([(0, 0)]) }),
        ("a recomputation", { withRecomputation(at: $0) { $0 } }),
    ]

    @Test func resultsAreConstants() {
        for (name, identity) in Self.identities {
            let gradient = valueAndGradient(at: Self.x) { x in
                (x * withoutGradients { identity(x) }).sum()
            }.gradient
            expect(gradient, [3], [1, 2, 3])
            #expect(gradient == Self.x, "\(name)")
        }
    }

    @Test func whatOperationsMakeIsConstantHoweverItLeaves() {
        for (name, identity) in Self.identities.dropFirst() {
            let gradient = valueAndGradient(at: Self.x) { x in
                var kept = Tensor<Double>.zeros([])
                withoutGradients { kept = identity(x) }
                return (x * kept).sum()
            }.gradient
            #expect(gradient == Self.x, "\(name)")
        }
    }

    /// The same operations, recorded, keep their gradient: that of x·x.
    @Test func recordedTheyAreNotConstants() {
        for (name, identity) in Self.identities {
            let gradient = valueAndGradient(at: Self.x) { x in (x * identity(x)).sum() }.gradient
            #expect(gradient == Self.x * 2, "\(name)")
        }
    }

    /// A copy made contiguous inside is a constant as well.
    @Test func viewsAreConstants() {
        let x: Tensor<Float> = [[1, 2], [3, 4]]
        let gradient = valueAndGradient(at: x) { x in
            (x * withoutGradients { x.transposed().contiguous() }).sum()
        }.gradient
        #expect(gradient == [[1, 3], [2, 4]])
    }

    @Test func containersAreRebuilt() {
        let gradient = valueAndGradient(at: Self.x) { x in
            let (a, b) = withoutGradients { (x, x as Tensor<Double>?) }
            let list = withoutGradients { [x, x] }
            let named = withoutGradients { ["x": [x]] }
            let pairs = withoutGradients { ([x], 3) }
            guard let b, let c = named["x"]?.first else { return x.sum() }
            return (x * a + x * b + x * list[1] + x * c + x * pairs.0[0]).sum()
        }.gradient
        #expect(gradient == Self.x * 5)
        let (number, numbers, words) = withoutGradients { (7, [1.5, 2.5], ["a", "b"]) }
        #expect(number == 7 && numbers == [1.5, 2.5] && words == ["a", "b"])
        let alone: Int = withoutGradients { 7 }
        #expect(alone == 7)
    }

    @Test func structuresOfConstantsPass() {
        struct Pair {
            var first: Tensor<Double>
            var second: (Tensor<Double>, String)
        }
        let gradient = valueAndGradient(at: Self.x) { x in
            let pair = withoutGradients { Pair(first: x * 1, second: (stopGradient(x), "x")) }
            return (x * pair.first + x * pair.second.0).sum()
        }.gradient
        #expect(gradient == Self.x * 2)
    }
}

/// What a custom operation uses besides its inputs.
@Suite struct CustomOperationCaptureTests {
    private let x: Tensor<Double> = [1, 2, 3]

    @Test func constantsMayBeCaptured() {
        let gradient = valueAndGradient(at: x) { x in
            let total = stopGradient(x.sum())
            let other = x * 2
            return customOperation(x) { v in
                let scale = total + withoutGradients { other.sum() }
                return (v * scale, { $0 * scale })
            }.sum()
        }.gradient
        #expect(gradient == [18, 18, 18])
    }

    @Test func gradientsMayBeTakenInside() {
        let gradient = valueAndGradient(at: x) { x in
            customOperation(x) { v in
                let slope = valueAndGradient(at: v) { ($0 * $0 * $0).sum() }.gradient
                return (v * v * v, { $0 * slope })
            }.sum()
        }.gradient
        #expect(gradient == [3, 12, 27])
    }
}
