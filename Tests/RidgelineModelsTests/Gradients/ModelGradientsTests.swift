// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Gradients as a value keyed by parameter.
struct ModelGradientsTests {
    @Test func eachParameterHasItsOwn() throws {
        let model = Linear<Double>(weight: [[2, 3], [4, 5]], bias: [1, 1])
        let x: Tensor<Double> = [[10, 20]]
        let (value, gradients) = valueAndGradients(of: model) { $0(x).sum() }
        #expect(value.shape == [] && value.item == 10 * 6 + 20 * 8 + 2)
        #expect(gradients.count == 2)
        #expect(gradients[model.weight] == [[10, 20], [10, 20]])
        #expect(gradients[try #require(model.bias)] == [1, 1])
    }

    @Test func aParameterThatWasNotUsedHasNone() {
        let model = Sequential(Linear<Double>(2, 2), Linear<Double>(2, 1))
        let (_, gradients) = valueAndGradients(of: model) { _ in model.layers[0](.ones([1, 2])).sum() }
        let found = model.parameters(of: Double.self).map { gradients[$0.parameter] != nil }
        #expect(found == [true, true, false, false] && gradients.count == 2)
        #expect(gradients[Parameter<Double>([1])] == nil)
    }

    @Test func aSharedParameterCollectsFromEveryUse() {
        let shared = Linear<Double>(weight: [[3]], bias: nil)
        let model = Sequential(shared, shared)
        // y = w²·x, so ∂y/∂w = 2·w·x.
        let (value, gradients) = valueAndGradients(of: model) { $0([[5]]).sum() }
        #expect(value.item == 45 && gradients[shared.weight] == [[30]])
    }

    @Test func aGradientCanBeChanged() {
        let model = Linear<Float>(weight: [[2]], bias: nil)
        var (_, gradients) = valueAndGradients(of: model) { $0([[1]]).sum() }
        gradients[model.weight] = [[7]]
        var optimizer = SGD(for: model, learningRate: 1)
        optimizer.update(model, with: gradients)
        #expect(model.weight.value == [[-5]])
        gradients[model.weight] = nil
        optimizer.update(model, with: gradients)
        #expect(model.weight.value == [[-5]] && model.weight.version == 1)
    }

    @Test func inputsAndParametersTogether() {
        let model = Linear<Double>(weight: [[2, 3]], bias: [1])
        let (y, pullback) = valueWithPullback(of: model, at: [[10, 20]]) { $0($1).squared() }
        #expect(y == [[6561]])
        let (dx, gradients) = pullback([[1]])
        #expect(dx == [[324, 486]])
        #expect(gradients[model.weight] == [[1_620, 3_240]] && gradients.count == 2)
    }

    @Test func anInputThatDoesNotMatterHasZeros() {
        let model = Linear<Double>(2, 2)
        let x = Tensor<Double>.ones([3, 2])
        let (_, pullback) = valueWithPullback(of: model, at: x) { model, _ in model.weight.value }
        let (dx, gradients) = pullback(.ones([2, 2]))
        #expect(dx == .zeros([3, 2]) && gradients[model.weight] == .ones([2, 2]) && gradients.count == 1)
    }

    @Test func nothingIsRecordedOutside() {
        let model = Linear<Float>(1, 1)
        var escaped = Tensor<Float>([0])
        let (value, _) = valueAndGradients(of: model) {
            escaped = $0([[1]])
            return escaped.sum()
        }
        // Both are constants now: a later recording gives them no gradient and does not trap.
        let (_, gradients) = valueAndGradients(of: model) { ($0.weight.value * escaped * value).sum() }
        #expect(gradients.count == 1 && gradients[model.weight] == escaped * value)
    }

    @Test func aThrowingLossLeavesTheModelUsable() {
        struct Stop: Error {}
        let model = Linear<Float>(1, 1)
        #expect(throws: Stop.self) {
            _ = try valueAndGradients(of: model) { model -> Tensor<Float> in
                _ = model([[1]])
                throw Stop()
            }
        }
        #expect(model([[1]]).shape == [1, 1])
        #expect(valueAndGradients(of: model) { $0([[1]]).sum() }.gradients.count == 2)
    }

    @Test func misuseTraps() async {
        let several = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = valueAndGradients(of: Linear<Float>(2, 2)) { $0(.ones([1, 2])) }
        }
        #expect(message(several).contains("the result has shape [1, 2]; expected a single element"))
        let constant = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = valueAndGradients(of: Linear<Float>(2, 2)) { _ in Tensor<Float>(1) }
        }
        #expect(message(constant).contains("the result depends on no parameter of the model"))
        let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let (_, pullback) = valueWithPullback(of: Linear<Float>(2, 2), at: .ones([1, 2])) { $0($1) }
            _ = pullback(.ones([1, 2]))
            _ = pullback(.ones([1, 2]))
        }
        #expect(message(twice).contains("runs once"))
        let upstream = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let (_, pullback) = valueWithPullback(of: Linear<Float>(2, 2), at: .ones([1, 2])) { $0($1) }
            _ = pullback(.ones([2, 1]))
        }
        #expect(
            message(upstream).contains(
                "the upstream gradient has shape [2, 1]; expected the result's, [1, 2]"))
        let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Linear<Float>(2, 2)
            var (_, gradients) = valueAndGradients(of: model) { $0(.ones([1, 2])).sum() }
            gradients[model.weight] = [1]
        }
        #expect(message(shape).contains("a gradient of shape [1] for a parameter of shape [2, 2]"))
    }
}
