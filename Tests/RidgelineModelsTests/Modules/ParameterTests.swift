// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

struct ParameterTests {
    @Test func copiesShareParameters() {
        let model = Linear<Float>(2, 1)
        let copy = model
        model.weight.value = [[3, 4]]
        #expect(copy.weight.value == [[3, 4]] && copy.weight === model.weight)
        #expect(copy(.ones([1, 2])) == model(.ones([1, 2])))
    }

    @Test func everyChangeCountsAsAVersion() {
        let parameter = Parameter<Float>([1, 2])
        #expect(parameter.version == 0)
        _ = parameter.value
        #expect(parameter.version == 0)
        parameter.value = [3, 4]
        #expect(parameter.version == 1)
        parameter.update { $0 += [1, 1] }
        #expect(parameter.version == 2 && parameter.value == [4, 5])
    }

    @Test func aStepCountsForTheParametersWithAGradient() {
        let model = Sequential(Linear<Float>(2, 2), Linear<Float>(2, 1))
        var optimizer = AdamW(for: model)
        let first = model.layers[0]
        let (_, gradients) = valueAndGradients(of: model) { _ in first(.ones([1, 2])).sum() }
        optimizer.update(model, with: gradients)
        #expect(model.parameters(of: Float.self).map(\.parameter.version) == [1, 1, 0, 0])
    }

    @Test func aValueReadBeforeAStepStays() {
        let parameter = Parameter<Float>([1, 2])
        let before = parameter.value
        parameter.update { $0.withUnsafeMutableBufferPointer { $0[0] = 9 } }
        #expect(before == [1, 2] && parameter.value == [9, 2])
    }

    @Test func anotherShapeTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Parameter<Float>([1, 2]).value = [1, 2, 3]
        }
        #expect(message(result).contains("Parameter: a value of shape [3]; expected [2]"))
    }

    @Test func anUpdateThatThrowsIsPassedOn() {
        struct Stop: Error {}
        let parameter = Parameter<Float>([1])
        #expect(throws: Stop.self) { try parameter.update { _ in throw Stop() } }
        #expect(parameter.value == [1])
    }
}
