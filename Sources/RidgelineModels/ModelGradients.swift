// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The gradients of a loss by the parameters of a model, keyed by parameter.
///
/// A parameter that the loss does not depend on has none.
public struct ModelGradients {
    private var gradients: [ObjectIdentifier: ErasedTensor] = [:]
    /// Keeps the parameters, and with them their identities, alive.
    private var parameters: [any AnyParameter] = []

    package init(_ found: [ErasedTensor?], of recording: Recording, for parameters: [any AnyParameter]) {
        self.parameters = parameters
        for parameter in parameters {
            let identity = ObjectIdentifier(parameter)
            guard let entry = recording.leafTrace(for: identity)?.entry, entry < found.count else { continue }
            gradients[identity] = found[entry]
        }
    }

    /// The number of parameters that have a gradient.
    public var count: Int { gradients.count }

    /// The gradient of a parameter, of its shape; nil where the loss does not depend on it. Setting one (to
    /// clip it, say) traps on another shape.
    public subscript<Scalar: FloatingScalar>(parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
        get { gradients[ObjectIdentifier(parameter)]?.typed() }
        set {
            require(
                newValue == nil || newValue?.shape == parameter.shape,
                "ModelGradients: a gradient of shape \(newValue?.shape ?? []) for a parameter of shape "
                    + "\(parameter.shape)")
            gradients[ObjectIdentifier(parameter)] = newValue.map { ErasedTensor(stopGradient($0)) }
        }
    }
}

/// The value of a loss and its gradients by all parameters of a model (JAX: `value_and_grad`).
///
/// The closure runs in training mode unless told otherwise here or by `withMode` (see `Mode`), and operations on the model's parameters are
/// recorded on the calling thread. Traps where the result has more than one element or depends on no
/// parameter.
public func valueAndGradients<Model: Module, Scalar: FloatingScalar>(
    of model: Model, mode: Mode? = nil, _ loss: (Model) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradients: ModelGradients) {
    let recording = Recording()
    let parameters = model.namedParameters.map(\.parameter)
    for parameter in parameters { parameter.beginRecording(in: recording) }
    let value: Tensor<Scalar>
    do {
        defer { for parameter in parameters { parameter.endRecording() } }
        value = try withRecordingMode(mode) { try recording.during { try loss(model) } }
    }
    Recording.requireNotOfAnother(value, than: recording)
    require(
        recording.owns(value),
        "valueAndGradients: the result depends on no parameter of the model")
    let found = recording.gradients(ofScalar: value, "valueAndGradients")
    return (stopGradient(value), ModelGradients(found, of: recording, for: parameters))
}

/// The output of a model for an input, with the map from the output's gradient to the gradients of the input
/// and of every parameter; once called, it has released what the forward pass saved.
public func valueWithPullback<Model: Module, Scalar: FloatingScalar>(
    of model: Model, at x: Tensor<Scalar>, mode: Mode? = nil,
    _ function: (Model, Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (
    value: Tensor<Scalar>,
    pullback: (consuming Tensor<Scalar>) -> (input: Tensor<Scalar>, gradients: ModelGradients)
) {
    let recording = Recording()
    let leaf = recording.leaf(x)
    let parameters = model.namedParameters.map(\.parameter)
    for parameter in parameters { parameter.beginRecording(in: recording) }
    let value: Tensor<Scalar>
    do {
        defer { for parameter in parameters { parameter.endRecording() } }
        value = try withRecordingMode(mode) { try recording.during { try function(model, leaf) } }
    }
    Recording.requireNotOfAnother(value, than: recording)
    let (trace, shape, inputShape) = (value.trace, value.shape, x.shape)
    return (
        stopGradient(value),
        { upstream in
            require(
                upstream.shape == shape,
                "pullback: the upstream gradient has shape \(upstream.shape); expected the result's, \(shape)"
            )
            require(recording.claimSingleUse(), "pullback: it releases what was saved and runs once")
            let found = recording.gradients(from: trace, seed: ErasedTensor(upstream), keepsSaved: false)
            return (
                found.first.flatMap { $0?.typed() } ?? .zeros(inputShape),
                ModelGradients(found, of: recording, for: parameters)
            )
        }
    )
}
