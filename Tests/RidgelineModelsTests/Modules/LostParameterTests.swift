// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// A parameter that reflection cannot find is noticed when it is read in a recording of its model.
struct LostParameterTests {
    private struct Computed: Module {
        static let shared = Linear<Float>(1, 1)
        let first = Linear<Float>(1, 1)
        var fresh: Linear<Float> { Linear(1, 1) }
        func callAsFunction(_ x: Tensor<Float>, _ last: Linear<Float>) -> Tensor<Float> { last(first(x)) }
    }

    /// How a parameter gets lost; Codable, as an exit test wants what it captures.
    enum Loss: String, Codable, CaseIterable {
        case computed, isStatic, made, recomputed, pullback

        func run() {
            switch self {
            case .computed: _ = valueAndGradients(of: Computed()) { $0([[1]], $0.fresh).sum() }
            case .isStatic: _ = valueAndGradients(of: Computed()) { $0([[1]], Computed.shared).sum() }
            case .made: _ = valueAndGradients(of: Computed()) { $0([[1]], Linear(1, 1)).sum() }
            case .recomputed:
                _ = valueAndGradients(of: Computed()) { model in
                    withRecomputation(at: model.first([[1]])) { Computed.shared($0) }.sum()
                }
            case .pullback: _ = valueWithPullback(of: Computed(), at: [[1]]) { $0($1, Computed.shared) }
            }
        }
    }

    @Test(arguments: Loss.allCases)
    func readingItTraps(_ loss: Loss) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [loss] in
            loss.run()
        }
        let text = message(result)
        #expect(
            text.contains("a parameter of shape [1, 1] is read while a model is differentiated"), "\(text)")
        #expect(text.contains("Computed and static properties and globals are not found"), "\(text)")
    }

    @Test func outsideARecordingItMayBeRead() {
        let model = Computed()
        #expect(model([[1]], model.fresh).shape == [1, 1])
        // A recording of plain tensors has no parameters to lose.
        let lost = Linear<Float>(weight: [[3]], bias: nil)
        #expect(valueAndGradient(at: [[1]]) { lost($0).sum() }.gradient == [[3]])
    }

    @Test func othersParametersAreConstants() {
        let model = Linear<Float>(weight: [[2]], bias: nil)
        func gradient(_ other: Linear<Float>) -> Tensor<Float>? {
            valueAndGradients(of: model) { other($0([[5]])).sum() }.gradients[model.weight]
        }
        // Gradients flow through a model that was used (a discriminator, a perceptual loss).
        let used = Linear<Float>(weight: [[3]], bias: nil)
        #expect(used.parameterCount == 1)
        #expect(gradient(used) == [[15]])
        #expect(gradient(Linear(weight: [[3]], bias: nil).asConstants()) == [[15]])
        // A teacher that nothing flows through.
        let teacher = Linear<Float>(weight: [[3]], bias: nil)
        let (_, gradients) = valueAndGradients(of: model) { model in
            (model([[5]]) - withoutGradients { teacher([[5]]) }).squared().sum()
        }
        #expect(gradients[model.weight] == [[-50]])
    }
}
