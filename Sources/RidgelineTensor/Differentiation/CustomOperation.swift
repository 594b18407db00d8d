// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An operation with a backward pass of its own (PyTorch: `torch.autograd.Function`, JAX: `custom_vjp`).
///
/// `function` computes the value, unrecorded, and returns with it the map from the gradient of the value to
/// the gradient of each input, in order, nil for an input that gets none. That map may keep whatever the
/// forward pass computed. It traps where the map returns another number of gradients or one of another
/// shape than its input.
///
/// What gets a gradient must come in as an input: a recorded tensor that the closure captures, or a parameter of the
/// model under differentiation that it reads, traps where it is used, unless wrapped in `stopGradient` or
/// `withoutGradients`.
///
/// ```swift
/// let y = customOperation(x) { x in
///     let root = x.squareRoot()
///     return (root, { upstream in upstream / (2 * root) })
/// }
/// ```
public func customOperation<Scalar: FloatingScalar>(
    _ inputs: [Tensor<Scalar>],
    _ function: ([Tensor<Scalar>]) -> (
        value: Tensor<Scalar>, backward: (Tensor<Scalar>) -> [Tensor<Scalar>?]
    )
) -> Tensor<Scalar> {
    let recording = Recording.tracking(inputs.map(\.trace))
    let (value, backward) = Recording.closedToOthers { function(inputs.map(\.detached)) }
    if Recording.current != nil { Recording.requireNotOfAnother(value) }
    guard let recording else { return value.detached }
    let entries = inputs.map { recording.entry($0.trace) }
    let shapes = inputs.map(\.shape)
    return recording.record(.custom, value.detached) { pass in
        let upstream: Tensor<Scalar> = pass.takeUpstream()
        let gradients = Recording.suspended { backward(upstream) }
        require(
            gradients.count == shapes.count,
            "customOperation: backward returned \(gradients.count) gradients; expected \(shapes.count), one "
                + "for each input")
        for (index, gradient) in gradients.enumerated() {
            guard let gradient else { continue }
            require(
                gradient.shape == shapes[index],
                "customOperation: backward returned a gradient of shape \(gradient.shape) for input "
                    + "\(index); expected \(shapes[index])")
            pass.add(gradient.detached, to: entries[index])
        }
    }
}

/// As `customOperation(_:_:)` for one input, whose backward returns its gradient.
public func customOperation<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>,
    _ function: (Tensor<Scalar>) -> (
        value: Tensor<Scalar>, backward: (Tensor<Scalar>) -> Tensor<Scalar>
    )
) -> Tensor<Scalar> {
    customOperation([x]) { inputs in
        let (value, backward) = function(inputs[0])
        return (value, { [backward($0)] })
    }
}

/// As `customOperation(_:_:)` for two inputs, whose backward returns both gradients.
public func customOperation<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ y: Tensor<Scalar>,
    _ function: (Tensor<Scalar>, Tensor<Scalar>) -> (
        value: Tensor<Scalar>, backward: (Tensor<Scalar>) -> (Tensor<Scalar>, Tensor<Scalar>)
    )
) -> Tensor<Scalar> {
    customOperation([x, y]) { inputs in
        let (value, backward) = function(inputs[0], inputs[1])
        return (
            value,
            { upstream in
                let (dx, dy) = backward(upstream)
                return [dx, dy]
            }
        )
    }
}
