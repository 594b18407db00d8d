// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineModels
import RidgelineTensor

/// Changes a model's parameters by their gradients.
public protocol Optimizer {
    /// The size of a step; may be changed between steps.
    var learningRate: Double { get set }
    /// One step for the parameters of `model`, the one the optimizer was made for or a part of it: each that
    /// has a gradient is updated in place, atomically. Traps on a parameter the optimizer was not made for.
    mutating func update(_ model: some Module, with gradients: ModelGradients)
}

/// The parameters an optimizer was made for. Holding them keeps their identities from being used again.
struct ParameterSet: Sendable {
    private let parameters: [any AnyParameter]
    private let identities: Set<ObjectIdentifier>

    init(of model: some Module) {
        parameters = model.namedParameters.map(\.parameter)
        identities = Set(parameters.map { ObjectIdentifier($0) })
    }

    /// Hands each parameter of `model` to the visitor.
    func visit(_ model: some Module, _ visitor: inout some ParameterVisitor) {
        for (name, parameter) in model.namedParameters {
            require(
                identities.contains(ObjectIdentifier(parameter)),
                "optimizer: parameter \(name) of shape \(parameter.shape) belongs to another model than the "
                    + "optimizer was made for")
            // The optimizers' own visits do not throw.
            try? parameter.visit(&visitor)
        }
    }
}

/// Values kept for each parameter between steps, of its shape and at first 0.
struct ParameterMemory {
    private var values: [ObjectIdentifier: ErasedTensor] = [:]

    func contains<Scalar>(_ parameter: Parameter<Scalar>) -> Bool {
        values[ObjectIdentifier(parameter)] != nil
    }

    /// Lets `body` change the value kept for a parameter, in place.
    mutating func update<Scalar>(
        _ parameter: Parameter<Scalar>, _ body: (inout Tensor<Scalar>) -> Void
    ) {
        let identity = ObjectIdentifier(parameter)
        var value: Tensor<Scalar> = values.removeValue(forKey: identity)?.typed() ?? .zeros(parameter.shape)
        body(&value)
        values[identity] = ErasedTensor(value)
    }
}

/// Cuts a parameter's elements into pieces of the parallel loop's grain.
func forEachPiece(_ count: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    let grain = LoopNest.grain
    Parallelism.forEach((count + grain - 1) / grain) { body($0 * grain, min(grain, count - $0 * grain)) }
}
