// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Deep copies of models.
struct ModelCopyTests {
    private struct Everything: Module {
        let hidden = FeedForward<Float>(width: 2, hiddenWidth: 3, dropout: 0.5, residual: .preNormalized)
        let blocks = [Linear<Float>(2, 2), Linear<Float>(2, 2, bias: false)]
        var present: Linear<Float>? = Linear(2, 1)
        let absent: Linear<Float>? = nil
        let named = ["b": Linear<Float>(1, 1, bias: false), "a": Linear<Float>(1, 1, bias: false)]
        let pair = (Linear<Float>(1, 1, bias: false), 3)
        let inline: InlineArray<2, Linear<Float>> = [Linear(1, 1), Linear(1, 1, bias: false)]
        let any: any Layer<Float> = Linear<Float>(1, 2)
        let optional: (any Layer<Float>)? = Linear<Float>(1, 2, bias: false)
        let sendable: [any Sendable] = [Linear<Float>(1, 2, bias: false), 3]
        let sequence = Sequential<Float>(
            Linear(2, 3), ActivationLayer(.parametricReLU()), BatchNormalization(3))
        let scale = Parameter<Double>(.ones([2]))
        let count = Buffer<Int32>([1, 2])
        let setting = 4
        let text = "a text that is too long to be stored in the string itself"
        @NoParameters var f: @Sendable (Int) -> Int = { $0 + 1 }
    }

    @Test func everyTensorIsItsOwn() throws {
        let model = Everything()
        model.present?.weight.value = [[7, 8]]
        let copy = model.copied()
        #expect(copy.tensorNames == model.tensorNames && model.tensorNames.count == 31)
        for ((name, mine), (_, theirs)) in zip(model.namedTensors, copy.namedTensors) {
            #expect(
                mine !== theirs && mine.shape == theirs.shape && mine.dataType == theirs.dataType, "\(name)")
        }
        let values = model.parameters(of: Float.self).map(\.parameter.value)
        for ((name, parameter), value) in zip(copy.parameters(of: Float.self), values) {
            expectIdentical(parameter.value, value, name)
            parameter.value = value + 1
        }
        copy.count.value = [3, 4]
        for ((name, parameter), value) in zip(model.parameters(of: Float.self), values) {
            expectIdentical(parameter.value, value, name)
        }
        #expect(model.count.value == [1, 2])
        // Settings came along, and the original still is what it was.
        #expect(copy.setting == 4 && copy.text == model.text && copy.f(1) == 2 && copy.pair.1 == 3)
        #expect(copy.hidden.dropout?.probability == 0.5 && copy.absent == nil)
        #expect(model.copied().tensorNames == model.tensorNames)
    }

    /// A step of one leaves the other alone, running statistics too.
    @Test func trainingOneLeavesTheOther() {
        let x = withRandomSeed(1) { Tensor<Float>.normal([4, 8, 8, 3]) }
        let model = ResNet<Float>(
            ResNetConfiguration(blocks: [1, 1, 1], isBottleneck: true, width: 4, stem: .small), classes: 3)
        let before = model(x)
        let copy = model.copied()
        expectIdentical(copy(x), before, "the copy's output")
        var optimizer = SGD(for: copy, learningRate: 0.1)
        let (_, gradients) = valueAndGradients(of: copy) { $0(x).squared().sum() }
        #expect(gradients.count == copy.parameterNames.count)
        optimizer.update(copy, with: gradients)
        expectIdentical(model(x), before, "the original's output")
        #expect(copy(x) != before)
        for (name, buffer) in model.buffers(of: Int64.self) { #expect(buffer.value.item == 0, "\(name)") }
        for (name, buffer) in copy.buffers(of: Int64.self) { #expect(buffer.value.item == 1, "\(name)") }
        // The elements lie as before.
        let weights = (model.stem.convolution.weight, copy.stem.convolution.weight)
        #expect(weights.0.order == weights.1.order && weights.0.order != [0, 1, 2, 3])
    }

    /// What was derived from one model's parameters and cached is not used for another's.
    @Test func cachesAreNotShared() {
        let x = withRandomSeed(1) { Tensor<Float>.normal([1, 6, 6, 4]) }
        let model = ConvolutionBlock<Float>(4, 4, kernel: 3, padding: 1)
        _ = model(x)
        let copy = model.copied()
        // As many versions later, but other values.
        model.convolution.weight.value = model.convolution.weight.value * 2
        copy.convolution.weight.value = copy.convolution.weight.value * 3
        let (two, three) = (model(x), copy(x))
        expectClose(three, two * 1.5, within: 1e-5, "the copy's own folded weights")
    }

    @Test func whatIsSharedStaysShared() {
        struct Tied: Module {
            let encoder = Linear<Float>(3, 3)
            let decoder: Linear<Float>
            init() { decoder = encoder }
        }
        let copy = Tied().copied()
        #expect(copy.encoder.weight === copy.decoder.weight && copy.parameterNames.count == 2)
        #expect(copy.encoder.identity == copy.decoder.identity)
    }

    @Test func layersOfTheCopyAreOthers() throws {
        let model = Linear<Float>(1, 1)
        let copy = model.copied()
        #expect(copy.identity != model.identity)
        let statistics = ActivationStatistics()
        _ = statistics.observe { copy([[1]]) }
        #expect(statistics.report(for: model).isEmpty && statistics.report(for: copy).count == 1)
    }

    private final class Encoder: Module, DeepCopyable {
        let layer: Linear<Float>
        init() { layer = Linear(1, 1) }
        init(copying other: Encoder, _ copies: inout ModelCopies) { layer = copies.copy(of: other.layer) }
    }

    private enum Choice: Sendable, DeepCopyable {
        case one(Linear<Float>), none
        init(copying other: Choice, _ copies: inout ModelCopies) {
            switch other {
            case .one(let layer): self = .one(copies.copy(of: layer))
            case .none: self = .none
            }
        }
    }

    @Test func classesAndEnumsMaySayHow() {
        struct Model: Module {
            let encoder = Encoder()
            let again: Encoder
            let choice: Choice
            init() {
                again = encoder
                choice = .one(encoder.layer)
            }
        }
        let model = Model()
        let copy = model.copied()
        #expect(copy.encoder !== model.encoder && copy.encoder === copy.again)
        #expect(copy.parameterNames == ["encoder.layer.weight", "encoder.layer.bias"])
        #expect(copy.encoder.layer.weight !== model.encoder.layer.weight)
    }

    @Test func othersAreRefused() async {
        let object = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            final class Plain: Sendable { let layer = Linear<Float>(1, 1) }
            struct Model: Module { let parts = [Plain()] }
            _ = Model().copied()
        }
        #expect(
            message(object).contains("copied(): `Model.parts` is of type Plain, which reflection cannot copy")
        )
        let choice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            enum Plain { case one(Linear<Float>) }
            struct Model: Module { let choice = Plain.one(Linear(1, 1)) }
            _ = Model().copied()
        }
        #expect(
            message(choice).contains(
                "copied(): `Model.choice` is of type Plain, which reflection cannot copy"))
    }

    @Test func objectsWithoutParametersAreShared() {
        final class Log: Sendable { let name = "log" }
        struct Model: Module {
            let log = Log()
            let layer = Linear<Float>(1, 1)
        }
        let model = Model()
        #expect(model.copied().log === model.log)
    }

    @Test func valuesAreTakenOn() {
        let (model, other) = (Everything(), Everything())
        other.count.value = [5, 6]
        model.copyValues(from: other)
        for ((name, mine), (_, theirs)) in zip(
            model.parameters(of: Float.self), other.parameters(of: Float.self))
        {
            #expect(mine !== theirs)
            expectIdentical(mine.value, theirs.value, name)
        }
        #expect(model.count.value == [5, 6] && model.scale.version == 1)
    }

    @Test func otherModelsValuesAreRefused() async {
        let names = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Linear<Float>(1, 1).copyValues(from: Linear<Float>(1, 1, bias: false))
        }
        #expect(
            message(names).contains(
                "copyValues: the models' tensors have other names: `bias`, the other's `nothing`"))
        let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Linear<Float>(1, 2).copyValues(from: Linear<Float>(2, 2))
        }
        #expect(
            message(shapes).contains(
                "copyValues: `weight` is [2, 1] of float32, the other's [2, 2] of float32"))
        let types = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Linear<Float>(1, 2).copyValues(from: Linear<Double>(1, 2))
        }
        #expect(
            message(types).contains(
                "copyValues: `weight` is [2, 1] of float32, the other's [2, 1] of float64"))
    }
}
