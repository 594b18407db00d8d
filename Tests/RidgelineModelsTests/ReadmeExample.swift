// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The README's example; returns how many of the 512 points the restored model classifies rightly.
/// `ReadmeTests` compares what lies between the markers with the README's text and runs it.
func readmeExample() throws -> Int {
    // README-BEGIN
    // Points inside a circle and outside it: two classes that no straight line separates.
    let points = Tensor<Float>.uniform([512, 2], in: -1..<1)
    let labels = Tensor<Int32>(points.squared().sum(axes: 1) .< 0.6)

    struct Classifier: Module {
        let hidden = Linear<Float>(2, 32, activation: .gelu)
        let head = Linear<Float>(32, 2)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(hidden(x)) }
    }

    let model = Classifier()
    var optimizer = AdamW(for: model, learningRate: 0.02)
    for step in 1...200 {
        let (loss, gradients) = valueAndGradients(of: model) {
            softmaxCrossEntropy(logits: $0(points), labels: labels)
        }
        optimizer.update(model, with: gradients)
        if step % 50 == 0 { print("step \(step): loss \(loss)") }
    }
    try model.save(to: "classifier.safetensors")

    let restored = Classifier()
    try restored.load(from: "classifier.safetensors")
    let correct = (restored(points).argmax(axis: 1) .== labels).trueCount()
    print("\(correct) of 512 points are classified correctly")
    // README-END
    return correct
}
