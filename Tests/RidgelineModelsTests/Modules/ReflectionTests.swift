// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// How parameters are found and named.
struct ReflectionTests {
    private struct Everything: Module {
        let hidden = FeedForward<Float>(width: 2, hiddenWidth: 3, residual: .preNormalized)
        let blocks = [Linear<Float>(2, 2), Linear<Float>(2, 2, bias: false)]
        let present: Linear<Float>? = Linear(2, 1)
        let absent: Linear<Float>? = nil
        let named = ["b": Linear<Float>(1, 1, bias: false), "a": Linear<Float>(1, 1, bias: false)]
        let pair = (Linear<Float>(1, 1, bias: false), 3)
        let scale = Parameter<Double>(.ones([2]))
        let setting = 4
    }

    @Test func pathsAreThoseOfTheProperties() {
        #expect(
            Everything().parameterNames == [
                "hidden.expand.weight", "hidden.expand.bias", "hidden.contract.weight",
                "hidden.contract.bias",
                "hidden.norm.weight", "hidden.norm.bias", "blocks.0.weight", "blocks.0.bias",
                "blocks.1.weight",
                "present.weight", "present.bias", "named.a.weight", "named.b.weight", "pair.0.weight",
                "scale",
            ])
    }

    /// A parameter is found wherever it is kept, also in types that are no modules themselves.
    @Test func plainTypesAreLookedInto() {
        struct Pair { let a = Linear<Float>(1, 1, bias: false) }
        class Base { let scale = Parameter<Float>(.ones([1])) }
        final class Derived: Base { let shift = Parameter<Float>(.zeros([1])) }
        enum Choice { case one(Linear<Float>) }
        struct Holder: Module, @unchecked Sendable {
            let pair = Pair()
            let derived = Derived()
            let choice = Choice.one(Linear(1, 1, bias: false))
        }
        #expect(
            Holder().parameterNames == [
                "pair.a.weight", "derived.scale", "derived.shift", "choice.one.weight",
            ])
    }

    private class Grandparent: Module, @unchecked Sendable { let first = Linear<Float>(1, 1, bias: false) }
    private class Parent: Grandparent, @unchecked Sendable { let second = Linear<Float>(1, 1, bias: false) }
    private class Child: Parent, @unchecked Sendable {}
    private final class Grandchild: Child, @unchecked Sendable {
        let third = Linear<Float>(1, 1, bias: false)
    }

    /// All classes of a hierarchy, from its root on.
    @Test func everySuperclassIsLookedInto() throws {
        let model = Grandchild()
        #expect(model.parameterNames == ["first.weight", "second.weight", "third.weight"])
        var optimizer = SGD(for: model, learningRate: 1)
        let (_, gradients) = valueAndGradients(of: model) { $0.third($0.second($0.first([[1]]))).sum() }
        #expect(gradients.count == 3)
        optimizer.update(model, with: gradients)
        #expect(model.parameters(of: Float.self).map(\.parameter.version) == [1, 1, 1])
    }

    @Test func everyContainerIsLookedInto() {
        struct Containers: Module {
            let inline: InlineArray<2, Linear<Float>> = [Linear(1, 1), Linear(1, 1, bias: false)]
            let slice = [Linear<Float>(1, 1, bias: false)][...]
            let contiguous = ContiguousArray([Linear<Float>(1, 1, bias: false)])
            let result = Result<Linear<Float>, CancellationError>.success(Linear(1, 1, bias: false))
            let nested = [["a": [Linear<Float>(1, 1, bias: false)]]]
            let any: [any Sendable] = [3, Linear<Float>(1, 1, bias: false)]
        }
        #expect(
            Containers().parameterNames == [
                "inline.0.weight", "inline.0.bias", "inline.1.weight", "slice.0.weight",
                "contiguous.0.weight",
                "result.success.weight", "nested.0.a.0.weight", "any.1.weight",
            ])
    }

    /// Without looking into it again, however many ways lead there.
    @Test func aSharedObjectIsFoundOnce() {
        final class Node: Module {
            let layer = Linear<Float>(1, 1, bias: false)
            let parts: [Node]
            init(_ parts: [Node]) { self.parts = parts }
        }
        // 2⁴⁰ ways.
        let model = (0..<40).reduce(Node([])) { node, _ in Node([node, node]) }
        #expect(model.parameterNames.count == 41)
        #expect(model.parameterNames.prefix(2) == ["layer.weight", "parts.0.layer.weight"])
    }

    @Test func containersAddNoNameOfTheirOwn() {
        let model = Sequential(
            Linear<Float>(2, 3), ActivationLayer(.relu), Sequential(LayerNormalization(3), Linear(3, 1)))
        #expect(
            model.parameterNames == [
                "0.weight", "0.bias", "2.0.weight", "2.0.bias", "2.1.weight", "2.1.bias",
            ])
        #expect(
            DenseResidualBlock<Float>(2, outputs: 3).parameterNames == [
                "body.0.weight", "body.0.bias", "body.1.weight", "body.1.bias", "shortcut.weight",
                "shortcut.bias",
            ])
        #expect(DenseResidualBlock<Float>(2).parameterNames.count == 4)
    }

    @Test func aSharedParameterIsListedOnce() {
        struct Tied: Module {
            let encoder = Linear<Float>(3, 2)
            let decoder: Linear<Float>
            init() { decoder = encoder }
        }
        #expect(Tied().parameterNames == ["encoder.weight", "encoder.bias"])
        #expect(Tied().parameterCount == 8)
    }

    @Test func parametersAreFoundByPathAndScalar() throws {
        let model = Everything()
        #expect(model.parameterCount == 6 + 3 + 6 + 2 + 4 + 6 + 4 + 3 + 2 + 1 + 2)
        let weight = try #require(model.parameter(named: "hidden.expand.weight", as: Float.self))
        #expect(weight === model.hidden.expand.weight && weight.shape == [3, 2])
        #expect(model.parameter(named: "scale", as: Double.self) === model.scale)
        #expect(model.parameter(named: "scale", as: Float.self) == nil)
        #expect(model.parameter(named: "hidden.expand", as: Float.self) == nil)
        #expect(model.parameters(of: Double.self).map(\.name) == ["scale"])
        #expect(model.parameters(of: Float.self).count == model.parameterNames.count - 1)
    }

    @Test func layersAreToldApart() {
        let layer = Linear<Float>(1, 1)
        let copy = layer
        let other = Linear<Float>(1, 1)
        #expect(copy.identity == layer.identity && other.identity != layer.identity)
        #expect(Set([copy.identity, layer.identity, other.identity]).count == 2)
    }
}
