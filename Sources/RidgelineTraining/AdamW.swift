// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineModels
import RidgelineTensor

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as `torch.optim.AdamW`:
/// θ ← θ·(1 − η·λ); m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²;
/// θ ← θ − η·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε).
public struct AdamW: Optimizer {
    /// η.
    public var learningRate: Double
    /// β₁ and β₂.
    public var betas: (first: Double, second: Double)
    /// ε.
    public var epsilon: Double
    /// λ.
    public var weightDecay: Double

    private let parameters: ParameterSet
    private var first = ParameterMemory()
    private var second = ParameterMemory()
    private var steps: [ObjectIdentifier: Int] = [:]

    /// For the parameters of `model`, with PyTorch's defaults. Traps on a negative rate, ε or decay, and on a β outside 0..<1.
    public init(
        for model: some Module, learningRate: Double = 1e-3,
        betas: (first: Double, second: Double) = (0.9, 0.999), epsilon: Double = 1e-8,
        weightDecay: Double = 1e-2
    ) {
        parameters = ParameterSet(of: model)
        require(
            learningRate >= 0 && epsilon >= 0 && weightDecay >= 0,
            "AdamW: learning rate \(learningRate), epsilon \(epsilon), weight decay \(weightDecay); expected "
                + "none below 0")
        require(
            (0..<1).contains(betas.first) && (0..<1).contains(betas.second),
            "AdamW: betas \(betas.first), \(betas.second); expected each from 0 up to, not including, 1")
        self.learningRate = learningRate
        self.betas = betas
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }

    /// One step.
    public mutating func update(_ model: some Module, with gradients: ModelGradients) {
        var step = Step(optimizer: self, gradients: gradients)
        (first, second) = (ParameterMemory(), ParameterMemory())
        parameters.visit(model, &step)
        self = step.optimizer
    }

    private struct Step: ParameterVisitor {
        var optimizer: AdamW
        let gradients: ModelGradients

        mutating func visit<Scalar>(_ parameter: Parameter<Scalar>) {
            optimizer.update(parameter, gradients)
        }
    }

    private mutating func update<Scalar>(_ parameter: Parameter<Scalar>, _ gradients: ModelGradients) {
        guard let gradient = gradients[parameter] else { return }
        let step = steps[ObjectIdentifier(parameter), default: 0] + 1
        steps[ObjectIdentifier(parameter)] = step
        // Without the moments: with a second holder they would be copied instead of written in place.
        var settings = self
        (settings.first, settings.second) = (ParameterMemory(), ParameterMemory())
        first.update(parameter) { first in
            second.update(parameter) { second in
                parameter.update { value in
                    settings.apply(step, parameter.order, &value, gradient, &first, &second)
                }
            }
        }
    }

    private func apply<Scalar: FloatingScalar>(
        _ step: Int, _ order: [Int], _ value: inout Tensor<Scalar>, _ gradient: Tensor<Scalar>,
        _ first: inout Tensor<Scalar>,
        _ second: inout Tensor<Scalar>
    ) {
        value.withUnsafeMutableElements(inOrder: order) { value in
            first.withUnsafeMutableElements(inOrder: order) { first in
                second.withUnsafeMutableElements(inOrder: order) { second in
                    gradient.withUnsafeElements(inOrder: order) { gradient in
                        guard let value = value.baseAddress, let first = first.baseAddress,
                            let second = second.baseAddress, let from = gradient.baseAddress
                        else { return }
                        forEachPiece(gradient.count) { start, count in
                            Scalar._kernels.adamW(
                                parameter: value + start, gradient: from + start, first: first + start,
                                second: second + start, count: count, learningRate: learningRate,
                                beta1: betas.first, beta2: betas.second, epsilon: epsilon,
                                weightDecay: weightDecay, step: step)
                        }
                    }
                }
            }
        }
    }
}
