// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Tasks run convolutions while another changes their weights. Meaningful under `--sanitize=thread`, too.
struct ConvolutionConcurrencyTests {
    /// Every result is that of one whole value of the weight, and after the last change only of that.
    private func check(
        _ model: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>, _ weight: Parameter<Float>
    ) async {
        let x = withRandomSeed(1) { Tensor<Float>.normal([1, 9, 8, 8]) }
        let first = weight.value
        let weights = (1...4).map { first * Float($0) }
        let expected = weights.map { value in
            weight.value = value
            return model(x)
        }
        for (one, next) in zip(expected, expected.dropFirst()) { #expect(one != next) }
        let results = await withTaskGroup(of: [Tensor<Float>].self) { group in
            group.addTask {
                for step in 0..<120 {
                    weight.value = weights[step % 4]
                    if step % 8 == 0 { await Task.yield() }
                }
                return []
            }
            for _ in 0..<4 { group.addTask { (0..<30).map { _ in model(x) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(results.count == 120)
        #expect(results.allSatisfy { expected.contains($0) })
        // What was kept by a slow reader is of an older version.
        for value in [3, 0, 2] {
            weight.value = weights[value]
            expectIdentical(model(x), expected[value], "after the changes")
        }
    }

    @Test func blocksInferWhileWeightsChange() async {
        let block = withRandomSeed(2) {
            ConvolutionBlock<Float>(8, 40, kernel: 3, padding: 1, activation: .relu)
        }
        await check({ block($0) }, block.convolution.weight)
    }

    @Test func convolutionsInferWhileWeightsChange() async {
        let layer = withRandomSeed(3) { Convolution2D<Float>(8, 40, kernel: 3, padding: 1) }
        await check({ layer($0) }, layer.weight)
    }

    /// One block folds and infers in many tasks at once, from a model that nobody has run yet.
    @Test func manyTasksFoldTheSame() async {
        let x = withRandomSeed(1) { Tensor<Float>.normal([1, 9, 8, 8]) }
        let blocks = [3, 1].map { kernel in
            withRandomSeed(4) {
                ConvolutionBlock<Float>(8, 24, kernel: Size2D(kernel), padding: .same, activation: .gelu)
            }
        }
        for block in blocks {
            let results = await withTaskGroup(of: [Tensor<Float>].self) { group in
                for _ in 0..<8 { group.addTask { (0..<4).map { _ in block(x) } } }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(results.count == 32)
            for result in results { expectIdentical(result, block(x), "one of many tasks") }
        }
    }
}
