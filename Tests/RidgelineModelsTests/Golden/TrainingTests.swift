// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

private struct Classifier<Scalar: FloatingScalar>: Module {
    let first = Linear<Scalar>(8, 32, activation: .gelu)
    let second = Linear<Scalar>(32, 32, activation: .gelu)
    let head = Linear<Scalar>(32, 4)

    func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { head(second(first(x))) }
}

/// Ten steps of a classifier with AdamW, against PyTorch's, from `training.safetensors`.
struct TrainingTests {
    private func compare<Scalar: FloatingScalar>(
        _ type: Scalar.Type, _ prefix: String, losses lossTolerance: Double, parameters tolerance: Double
    ) throws {
        let fixture = try Fixture("training")
        let model = Classifier<Scalar>()
        try model.adopt(fixture, prefix, as: type)
        let inputs = try fixture.tensor("\(prefix)/inputs", as: type)
        let labels = Tensor<Int32>(try fixture.tensor("\(prefix)/labels", as: type))
        var optimizer = AdamW(for: model, learningRate: 1e-2)
        var losses: [Scalar] = []
        for _ in 0..<10 {
            let (loss, gradients) = valueAndGradients(of: model) {
                softmaxCrossEntropy(logits: $0(inputs), labels: labels)
            }
            losses.append(loss.item)
            optimizer.update(model, with: gradients)
        }
        expectClose(
            Tensor(losses), try fixture.tensor("\(prefix)/losses"), within: lossTolerance, "\(prefix) losses")
        for (name, parameter) in model.parameters(of: type) {
            expectClose(
                parameter.value, try fixture.tensor("\(prefix)/final/\(name)"), within: tolerance,
                "\(prefix), \(name) after ten steps")
        }
    }

    @Test func double() throws {
        try compare(Double.self, "f64", losses: 1e-14, parameters: 1e-13)
    }

    @Test func float() throws {
        try compare(Float.self, "f32", losses: 5e-7, parameters: 1e-5)
    }
}
