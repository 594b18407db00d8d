// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// A model of one parameter.
private struct Single<Scalar: FloatingScalar>: Module {
    let parameter: Parameter<Scalar>
}

/// The parameters after each of six steps, against `torch.optim`, from `optimizers.safetensors`.
struct OptimizerTests {
    private static let names = [
        "adam", "adam-custom", "adamw", "adamw-custom", "sgd", "sgd-dampening", "sgd-momentum",
        "sgd-nesterov",
    ]

    private func optimizer(_ name: String, for model: some Module) throws -> any Optimizer {
        switch name {
        case "adam": Adam(for: model)
        case "adam-custom":
            Adam(for: model, learningRate: 1e-2, betas: (0.8, 0.95), epsilon: 1e-6, weightDecay: 0.1)
        case "adamw": AdamW(for: model)
        case "adamw-custom":
            AdamW(for: model, learningRate: 1e-2, betas: (0.8, 0.95), epsilon: 1e-6, weightDecay: 0.1)
        case "sgd": SGD(for: model, learningRate: 0.1)
        case "sgd-dampening": SGD(for: model, learningRate: 0.1, momentum: 0.9, dampening: 0.1)
        case "sgd-momentum": SGD(for: model, learningRate: 0.1, momentum: 0.9)
        case "sgd-nesterov":
            SGD(for: model, learningRate: 0.1, momentum: 0.9, weightDecay: 1e-2, isNesterov: true)
        default: throw UnknownOptimizer(name: name)
        }
    }

    private struct UnknownOptimizer: Error {
        let name: String
    }

    /// The model after each step from the fixture's gradients.
    private func steps<Scalar: FloatingScalar>(
        _ name: String, prefix: String, in type: Scalar.Type
    ) throws -> [(actual: Tensor<Scalar>, expected: Tensor<Scalar>)] {
        let fixture = try Fixture("optimizers")
        let model = Single<Scalar>(parameter: Parameter(try fixture.tensor(prefix + "/initial")))
        var optimizer = try optimizer(name, for: model)
        return try (0..<6).map { step in
            // The gradient of Σ θ·g by θ is g.
            let gradient = try fixture.tensor("\(prefix)/gradient.\(step)", as: Scalar.self)
            let (_, gradients) = valueAndGradients(of: model) { ($0.parameter.value * gradient).sum() }
            expectIdentical(gradients[model.parameter], gradient, "\(prefix), the gradient of step \(step)")
            optimizer.update(model, with: gradients)
            return (model.parameter.value, try fixture.tensor("\(prefix)/parameter.\(step)"))
        }
    }

    @Test func everyStoredOptimizerIsCompared() throws {
        let groups = try Fixture("optimizers").groups(endingIn: "parameter.5")
        #expect(groups == Self.names.flatMap { [$0, $0 + ".f32"] }.sorted())
    }

    /// Compares element by element. Where a parameter passes near 0, the last places of the larger values it
    /// came from count: the scale is the largest it had so far.
    private func compare<Scalar: FloatingScalar>(
        _ name: String, prefix: String, in type: Scalar.Type, ulps: Double
    ) throws {
        var scale = abs(try Fixture("optimizers").tensor(prefix + "/initial", as: type))
        for (step, pair) in try steps(name, prefix: prefix, in: type).enumerated() {
            #expect(pair.actual.shape == pair.expected.shape)
            scale = maximum(scale, abs(pair.expected))
            let distance =
                (abs(pair.actual - pair.expected) / scale).max().item.asDouble / Scalar.ulpOfOne.asDouble
            #expect(distance <= ulps, "\(prefix), step \(step): \(distance) ulp")
        }
    }

    @Test(arguments: names) func double(_ name: String) throws {
        try compare(name, prefix: name, in: Double.self, ulps: 3)
    }

    @Test(arguments: names) func float(_ name: String) throws {
        try compare(name, prefix: name + ".f32", in: Float.self, ulps: 3)
    }

    @Test func theStepsMoveTheParameter() throws {
        for name in Self.names {
            let values = try steps(name, prefix: name, in: Double.self).map(\.actual)
            for (one, next) in zip(values, values.dropFirst()) { #expect(one != next) }
        }
    }

    /// The moments' storage is the optimizer's own and is written in place.
    @Test(.enabled(if: poolIsOn)) func anUpdateAllocatesNothing() async {
        await #expect(processExitsWith: .success) {
            let model = Linear<Float>(256, 256)
            var optimizers: [any Optimizer] = [
                AdamW(for: model), Adam(for: model, weightDecay: 0.1),
                SGD(for: model, learningRate: 0.1, momentum: 0.9),
            ]
            let x = Tensor<Float>.ones([4, 256])
            let (_, gradients) = valueAndGradients(of: model) { $0(x).sum() }
            for index in optimizers.indices {
                // The first makes the moments.
                optimizers[index].update(model, with: gradients)
                let before = BufferPool.shared.counters
                optimizers[index].update(model, with: gradients)
                let after = BufferPool.shared.counters
                let reused = after.reuses - before.reuses
                let allocated = after.systemAllocations - before.systemAllocations
                #expect(reused + allocated == 0, "optimizer \(index): \(reused) reused, \(allocated) new")
            }
        }
    }

    @Test func aForeignModelIsRefused() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let (mine, other) = (Linear<Float>(2, 3), Linear<Float>(2, 3))
            var optimizer = SGD(for: mine, learningRate: 0.1)
            let (_, gradients) = valueAndGradients(of: other) { $0(.ones([1, 2])).sum() }
            optimizer.update(other, with: gradients)
        }
        #expect(message(result).contains("parameter weight of shape [3, 2] belongs to another model"))
    }

    @Test func aPartOfTheModelCanBeUpdated() {
        let model = Sequential(Linear<Float>(2, 3), Linear<Float>(3, 1))
        let before = model.parameters(of: Float.self).map(\.parameter.value)
        var optimizer = SGD(for: model, learningRate: 0.1)
        let (_, gradients) = valueAndGradients(of: model) { $0(.ones([1, 2])).sum() }
        optimizer.update(model.layers[1], with: gradients)
        let after = model.parameters(of: Float.self).map(\.parameter.value)
        #expect(zip(before, after).map { $0 != $1 } == [false, false, true, true])
    }

    /// Adam and AdamW differ in the decay alone.
    @Test func withoutDecayAdamIsAdamW() {
        let start = withRandomSeed(1) { Tensor<Float>.normal([33]) }
        let models = [Single(parameter: Parameter(start)), Single(parameter: Parameter(start))]
        var optimizers: [any Optimizer] = [
            Adam(for: models[0], learningRate: 0.1), AdamW(for: models[1], learningRate: 0.1, weightDecay: 0),
        ]
        for step in 1...3 {
            for (index, model) in models.enumerated() {
                let (_, gradients) = valueAndGradients(of: model) {
                    ($0.parameter.value * Float(step)).squared().sum()
                }
                optimizers[index].update(model, with: gradients)
            }
            expectIdentical(models[0].parameter.value, models[1].parameter.value, "step \(step)")
        }
        #expect(models[0].parameter.value != start)
    }

    @Test func numbersOutOfRangeAreRefused() async {
        let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Adam(for: Linear<Float>(1, 1), weightDecay: -1)
        }
        #expect(
            message(rate).contains(
                "Adam: learning rate 0.001, epsilon 1e-08, weight decay -1.0; expected none"))
        let beta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = AdamW(for: Linear<Float>(1, 1), betas: (0.9, 1))
        }
        #expect(message(beta).contains("AdamW: betas 0.9, 1.0; expected each from 0"))
    }
}
