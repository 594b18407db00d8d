// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The gradients of a loss by the parameters of a model, keyed by parameter, in the order of the model's properties.
///
/// A parameter that the loss does not depend on has none.
///
/// ```swift
/// for (name, parameter, gradient) in gradients.all(of: Float.self) { … }
/// var sum = first + second  // of two parts of a batch
/// sum *= 0.5
/// let norm = sum.norm()
/// if norm > 1 { sum *= 1 / norm }
/// ```
public struct ModelGradients {
    /// A parameter of the model, whether or not it has a gradient; holding it keeps its identity alive.
    typealias Place = (name: String, parameter: any AnyParameter)

    private(set) var gradients: [ObjectIdentifier: ErasedTensor] = [:]
    private(set) var places: [Place] = []

    /// None.
    init() {}

    package init(
        _ found: [ErasedTensor?], of recording: Recording,
        for parameters: [(name: String, parameter: any AnyParameter)]
    ) {
        places = parameters
        for (_, parameter) in parameters {
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
            set(newValue, of: parameter)
        }
    }

    /// Takes the gradient out, so that its holder may change it in place.
    mutating func take<Scalar: FloatingScalar>(_ parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
        gradients.removeValue(forKey: ObjectIdentifier(parameter))?.typed()
    }

    mutating func set<Scalar: FloatingScalar>(_ gradient: Tensor<Scalar>?, of parameter: Parameter<Scalar>) {
        let identity = ObjectIdentifier(parameter)
        gradients[identity] = gradient.map { ErasedTensor(stopGradient($0)) }
    }

    /// Takes up the parameters of others' gradients that are not among these.
    mutating func addPlaces(of other: ModelGradients) {
        var known = Set(places.map { ObjectIdentifier($0.parameter) })
        for place in other.places where known.insert(ObjectIdentifier(place.parameter)).inserted {
            places.append(place)
        }
    }
}

/// The value of a loss and its gradients by all parameters of a model (JAX: `value_and_grad`).
///
/// Parameters of other models are constants. Traps where the closure reads a parameter that no model is known to hold
/// (see `Module` and `asConstants()`).
///
/// The closure runs in training mode unless told otherwise here or by `withMode` (see `Mode`), and operations on the
/// model's parameters are recorded on the calling thread. Traps where the result has more than one element or depends
/// on no parameter.
public func valueAndGradients<Model: Module, Scalar: FloatingScalar>(
    of model: Model, mode: Mode? = nil, _ loss: (Model) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradients: ModelGradients) {
    let recording = Recording()
    let parameters = model.namedParameters
    for (_, parameter) in parameters { parameter.beginRecording(in: recording) }
    let value: Tensor<Scalar>
    do {
        defer { for (_, parameter) in parameters { parameter.endRecording() } }
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
    let parameters = model.namedParameters
    for (_, parameter) in parameters { parameter.beginRecording(in: recording) }
    let value: Tensor<Scalar>
    do {
        defer { for (_, parameter) in parameters { parameter.endRecording() } }
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
