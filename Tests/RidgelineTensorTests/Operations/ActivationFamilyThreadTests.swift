// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Gated, folding and radial functions and the dropouts are bitwise the same at any number of threads.
@Suite(.serialized) struct ActivationFamilyThreadTests {
    @Test(arguments: [2, 3])
    func threadsDoNotMatter(threads: Int) {
        check(Float.self, threads)
        check(Double.self, threads)
    }

    private func check<Scalar: FloatingScalar>(_: Scalar.Type, _ threads: Int) {
        func run() -> [[Scalar]] {
            let functions: [(Tensor<Scalar>) -> Tensor<Scalar>] = [
                { softmax($0) }, { softmin($0, axis: 0) }, { logSoftmax($0) }, { gatedLinearUnit($0) },
                { gatedLinearUnit($0, gate: .gelu, axis: 0) }, { gated($0, $0 * 2, gate: .silu) },
                { gatedLinearUnit($0.flattened(), gate: .relu) }, { maxout($0, groupsOf: 2) },
                { dropout($0, probability: 0.3, using: RandomGenerator(seed: 5)) },
                { alphaDropout($0, probability: 0.3, using: RandomGenerator(seed: 5)) },
            ]
            let x: Tensor<Scalar> = sample([600, 302])
            var found: [[Scalar]] = []
            for function in functions {
                let (y, pullback) = valueWithPullback(at: x, function)
                found.append(y.scalars)
                found.append(pullback(sample(y.shape, seed: 2)).scalars)
            }
            let inputs: [Tensor<Scalar>] = [
                sample([1_500, 7]), sample([90, 7], seed: 3), sample([90], in: 0.2...2, seed: 4),
            ]
            let (y, pullback) = valueWithPullback(at: inputs) {
                radialBasis($0[0], centres: $0[1], widths: $0[2])
            }
            return found + [y.scalars] + pullback(sample(y.shape, seed: 2)).map(\.scalars)
        }
        let alone = withThreads(1, run)
        #expect(alone.allSatisfy { !$0.contains { !$0.isFinite } })
        let shared = withThreads(threads, run)
        #expect(shared == alone)
    }
}
