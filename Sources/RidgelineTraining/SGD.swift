// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineModels
import RidgelineTensor

/// Stochastic gradient descent with momentum, as `torch.optim.SGD`:
/// g ← g + λ·θ; v ← g at first, then μ·v + (1 − τ)·g; θ ← θ − η·v (with Nesterov's: θ − η·(g + μ·v)).
public struct SGD: Optimizer {
    /// η.
    public var learningRate: Double
    /// μ; 0 for plain gradient descent.
    public var momentum: Double
    /// τ.
    public var dampening: Double
    /// λ.
    public var weightDecay: Double
    /// Whether the step looks ahead (Nesterov).
    public var isNesterov: Bool

    private let parameters: ParameterSet
    private var velocity = ParameterMemory()

    /// For the parameters of `model`. Traps on a negative rate, momentum or decay, and on Nesterov's method without momentum or with
    /// dampening, as PyTorch refuses them.
    public init(
        for model: some Module, learningRate: Double, momentum: Double = 0, dampening: Double = 0,
        weightDecay: Double = 0, isNesterov: Bool = false
    ) {
        parameters = ParameterSet(of: model)
        require(
            learningRate >= 0 && momentum >= 0 && weightDecay >= 0,
            "SGD: learning rate \(learningRate), momentum \(momentum), weight decay \(weightDecay); expected "
                + "none below 0")
        require(
            !isNesterov || (momentum > 0 && dampening == 0),
            "SGD: Nesterov with momentum \(momentum), dampening \(dampening); expected momentum and no "
                + "dampening")
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = dampening
        self.weightDecay = weightDecay
        self.isNesterov = isNesterov
    }

    /// One step.
    public mutating func update(_ model: some Module, with gradients: ModelGradients) {
        var step = Step(optimizer: self, gradients: gradients)
        velocity = ParameterMemory()
        parameters.visit(model, &step)
        self = step.optimizer
    }

    private struct Step: ParameterVisitor {
        var optimizer: SGD
        let gradients: ModelGradients

        mutating func visit<Scalar>(_ parameter: Parameter<Scalar>) {
            optimizer.update(parameter, gradients)
        }
    }

    private mutating func update<Scalar>(_ parameter: Parameter<Scalar>, _ gradients: ModelGradients) {
        guard let gradient = gradients[parameter] else { return }
        let isFirst = !velocity.contains(parameter)
        if momentum == 0 {
            step(parameter, gradient, nil, isFirst)
        } else {
            var memory = velocity
            velocity = ParameterMemory()
            defer { velocity = memory }
            memory.update(parameter) { velocity in
                velocity.withUnsafeMutableElements(inOrder: parameter.order) {
                    step(parameter, gradient, $0.baseAddress, isFirst)
                }
            }
        }
    }

    private func step<Scalar>(
        _ parameter: Parameter<Scalar>, _ gradient: Tensor<Scalar>, _ velocity: UnsafeMutablePointer<Scalar>?,
        _ isFirst: Bool
    ) {
        parameter.update { value in
            value.withUnsafeMutableElements(inOrder: parameter.order) { value in
                gradient.withUnsafeElements(inOrder: parameter.order) { gradient in
                    guard let value = value.baseAddress, let gradient = gradient.baseAddress else { return }
                    forEachPiece(parameter.shape.elementCount) { start, count in
                        Scalar._kernels.sgd(
                            parameter: value + start, gradient: gradient + start,
                            velocity: velocity.map { $0 + start }, count: count, learningRate: learningRate,
                            momentum: momentum, dampening: dampening, weightDecay: weightDecay,
                            nesterov: isNesterov, firstStep: isFirst)
                    }
                }
            }
        }
    }
}
