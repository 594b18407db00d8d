// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineModels
import RidgelineTensor

/// What `Adam` and `AdamW` keep between steps, and their step, in which only the weight decay differs.
struct AdamMoments {
    /// The numbers of a step.
    struct Settings {
        let optimizer: String
        let learningRate: Double
        let betas: (first: Double, second: Double)
        let epsilon: Double
        let weightDecay: Double
        /// Whether the decay is part of the gradient.
        let isCoupled: Bool

        /// Traps on numbers that PyTorch refuses.
        func check() {
            require(
                learningRate >= 0 && epsilon >= 0 && weightDecay >= 0,
                "\(optimizer): learning rate \(learningRate), epsilon \(epsilon), weight decay \(weightDecay); "
                    + "expected none below 0")
            require(
                (0..<1).contains(betas.first) && (0..<1).contains(betas.second),
                "\(optimizer): betas \(betas.first), \(betas.second); expected each from 0 up to, not including, 1"
            )
        }
    }

    private let parameters: ParameterSet
    private var first = ParameterMemory()
    private var second = ParameterMemory()
    private var steps: [ObjectIdentifier: Int] = [:]

    init(for model: some Module) { parameters = ParameterSet(of: model) }

    /// One step.
    mutating func update(_ model: some Module, with gradients: ModelGradients, _ settings: Settings) {
        var step = Step(moments: self, gradients: gradients, settings: settings)
        (first, second) = (ParameterMemory(), ParameterMemory())
        parameters.visit(model, &step)
        self = step.moments
    }

    private struct Step: ParameterVisitor {
        var moments: AdamMoments
        let gradients: ModelGradients
        let settings: Settings

        mutating func visit<Scalar>(_ parameter: Parameter<Scalar>) {
            guard let gradient = gradients[parameter] else { return }
            moments.update(parameter, gradient, settings)
        }
    }

    private mutating func update<Scalar>(
        _ parameter: Parameter<Scalar>, _ gradient: Tensor<Scalar>, _ settings: Settings
    ) {
        let step = steps[ObjectIdentifier(parameter), default: 0] + 1
        steps[ObjectIdentifier(parameter)] = step
        first.update(parameter) { first in
            second.update(parameter) { second in
                parameter.update { value in
                    settings.apply(step, parameter.order, &value, gradient, &first, &second)
                }
            }
        }
    }
}

extension AdamMoments.Settings {
    fileprivate func apply<Scalar: FloatingScalar>(
        _ step: Int, _ order: [Int], _ value: inout Tensor<Scalar>, _ gradient: Tensor<Scalar>,
        _ first: inout Tensor<Scalar>, _ second: inout Tensor<Scalar>
    ) {
        value.withUnsafeMutableElements(inOrder: order) { value in
            first.withUnsafeMutableElements(inOrder: order) { first in
                second.withUnsafeMutableElements(inOrder: order) { second in
                    gradient.withUnsafeElements(inOrder: order) { gradient in
                        guard let value = value.baseAddress, let first = first.baseAddress,
                            let second = second.baseAddress, let from = gradient.baseAddress
                        else { return }
                        forEachPiece(gradient.count) { start, count in
                            Scalar._kernels.adam(
                                parameter: value + start, gradient: from + start, first: first + start,
                                second: second + start, count: count, learningRate: learningRate,
                                beta1: betas.first, beta2: betas.second, epsilon: epsilon,
                                weightDecay: weightDecay, isCoupled: isCoupled, step: step)
                        }
                    }
                }
            }
        }
    }
}
