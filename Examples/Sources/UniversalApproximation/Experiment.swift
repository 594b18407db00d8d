// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// A function on [−π, π] to be learnt, and the error that counts as learnt.
struct Target: Sendable {
    let name: String
    let function: @Sendable (Tensor<Float>) -> Tensor<Float>
    /// For the root mean square error over points between those trained on.
    let bound: Float

    static let all = [
        Target(name: "sin", function: { sin($0) }, bound: 0.01),
        // A continuous network cannot jump: its error sits at the step.
        Target(name: "step", function: { $0.sign() }, bound: 0.15),
    ]
}

/// What became of one network.
struct Outcome {
    let target: Target
    let activation: Activation
    let firstError: Float
    let lastError: Float
    let seconds: Double

    var isLearnt: Bool { lastError <= target.bound }
}

/// Trains y = W₂·act(W₁·x + b₁) + b₂ with x and y of one element each.
struct Experiment {
    let target: Target
    let activation: Activation
    let hiddenWidth = 128
    let steps = 6_000

    func run() -> Outcome {
        let network = Sequential<Float>(
            Linear(1, hiddenWidth, activation: activation), Linear(hiddenWidth, 1))
        let x = Tensor<Float>.linearlySpaced(from: -.pi, to: .pi, count: 512).reshaped([-1, 1])
        let y = target.function(x)
        // 511 other points, halfway between.
        let between = (x[..<511] + x[1...]) / 2
        let expected = target.function(between)
        func error() -> Float { meanSquaredError(network(between), expected).item.squareRoot() }

        print("\(target.name) with \(activation), \(network.parameterCount) parameters")
        let start = ContinuousClock.now
        let firstError = error()
        var optimizer = AdamW(for: network, learningRate: 0.05, weightDecay: 0)
        for step in 0..<steps {
            if step % 1_000 == 0 { print("  step \(padded(step, 5))  error \(decimals(error()))") }
            // From 0.05 down to 0 along half a cosine wave.
            optimizer.learningRate = 0.025 * (1 + cos(.pi * Double(step) / Double(steps)))
            let (_, gradients) = valueAndGradients(of: network) { meanSquaredError($0(x), y) }
            optimizer.update(network, with: gradients)
        }
        let lastError = error()
        print("  step \(padded(steps, 5))  error \(decimals(lastError))")
        let duration = (ContinuousClock.now - start) / .seconds(1)
        return Outcome(
            target: target, activation: activation, firstError: firstError, lastError: lastError,
            seconds: duration)
    }
}

/// A number right-aligned in a column.
func padded(_ value: some CustomStringConvertible, _ width: Int) -> String {
    let text = value.description
    return String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Four digits after the point.
func decimals(_ value: Float) -> String { String(format: "%.4f", Double(value)) }
