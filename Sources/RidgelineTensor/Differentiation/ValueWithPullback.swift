// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The map from the gradient of a result to the gradient of the input, as recorded by
/// `valueWithPullback(at:)`. It can be applied any number of times and keeps what the forward pass saved
/// until it is released. Use it on one thread at a time.
public struct Pullback<Input: FloatingScalar, Output: FloatingScalar> {
    let recording: Recording
    let output: Trace
    let inputShapes: [Shape]
    let outputShape: Shape

    /// The gradients of all inputs for an upstream gradient of the result's shape; zeros for an input that
    /// the result does not depend on. Traps on another shape.
    func gradients(_ upstream: consuming Tensor<Output>) -> [Tensor<Input>] {
        let shape = upstream.shape
        require(
            shape == outputShape,
            "pullback: the upstream gradient has shape \(shape); expected the result's, \(outputShape)")
        let found = recording.gradients(
            from: output, seed: ErasedTensor(consume upstream), keepsSaved: true)
        return inputShapes.enumerated().map { index, shape in
            index < found.count ? found[index]?.typed() ?? .zeros(shape) : .zeros(shape)
        }
    }

    /// The gradient of the input, (∂y/∂x)ᵀ·upstream, for an upstream gradient of the result's shape. Traps
    /// on another shape.
    ///
    /// An upstream gradient given up, `pullback(consume upstream)`, may be overwritten by the result.
    public func callAsFunction(_ upstream: consuming Tensor<Output>) -> Tensor<Input> {
        gradients(consume upstream)[0]
    }
}

/// The value of `function` at `x`, with its pullback: the reverse-mode derivative, to be applied to any
/// number of upstream gradients (PyTorch: `torch.func.vjp`).
///
/// Only operations on the closure's argument are recorded, in training mode unless the caller chose another; see `Mode`.
public func valueWithPullback<Input: FloatingScalar, Output: FloatingScalar>(
    at x: Tensor<Input>, _ function: (Tensor<Input>) throws -> Tensor<Output>
) rethrows -> (value: Tensor<Output>, pullback: Pullback<Input, Output>) {
    try recordedPullback(at: [x]) { try function($0[0]) }
}

/// As `valueWithPullback(at:_:)` with two inputs; the pullback returns both gradients.
public func valueWithPullback<Input: FloatingScalar, Output: FloatingScalar>(
    at x: Tensor<Input>, _ y: Tensor<Input>,
    _ function: (Tensor<Input>, Tensor<Input>) throws -> Tensor<Output>
) rethrows -> (
    value: Tensor<Output>, pullback: (consuming Tensor<Output>) -> (Tensor<Input>, Tensor<Input>)
) {
    let (value, pullback) = try recordedPullback(at: [x, y]) { try function($0[0], $0[1]) }
    return (
        value,
        { upstream in
            let gradients = pullback.gradients(consume upstream)
            return (gradients[0], gradients[1])
        }
    )
}

/// As `valueWithPullback(at:_:)` with any number of inputs; the pullback returns a gradient for each.
public func valueWithPullback<Input: FloatingScalar, Output: FloatingScalar>(
    at inputs: [Tensor<Input>], _ function: ([Tensor<Input>]) throws -> Tensor<Output>
) rethrows -> (value: Tensor<Output>, pullback: (consuming Tensor<Output>) -> [Tensor<Input>]) {
    let (value, pullback) = try recordedPullback(at: inputs, function)
    return (value, { upstream in pullback.gradients(consume upstream) })
}

private func recordedPullback<Input: FloatingScalar, Output: FloatingScalar>(
    at inputs: [Tensor<Input>], _ function: ([Tensor<Input>]) throws -> Tensor<Output>
) rethrows -> (value: Tensor<Output>, pullback: Pullback<Input, Output>) {
    let recording = Recording()
    let leaves = inputs.map { recording.leaf($0) }
    let value = try withRecordingMode(nil) { try recording.during { try function(leaves) } }
    Recording.requireNotOfAnother(value, than: recording)
    let pullback = Pullback<Input, Output>(
        recording: recording, output: value.trace, inputShapes: inputs.map(\.shape), outputShape: value.shape)
    return (value.detached, pullback)
}

/// The value of a function with a single-element result, and its gradient (JAX: `value_and_grad`). Traps
/// where the result has more than one element.
public func valueAndGradient<Input: FloatingScalar, Output: FloatingScalar>(
    at x: Tensor<Input>, _ function: (Tensor<Input>) throws -> Tensor<Output>
) rethrows -> (value: Tensor<Output>, gradient: Tensor<Input>) {
    let (value, gradients) = try valueAndGradients(at: [x]) { try function($0[0]) }
    return (value, gradients[0])
}

/// As `valueAndGradient(at:_:)` with two inputs.
public func valueAndGradient<Input: FloatingScalar, Output: FloatingScalar>(
    at x: Tensor<Input>, _ y: Tensor<Input>,
    _ function: (Tensor<Input>, Tensor<Input>) throws -> Tensor<Output>
) rethrows -> (value: Tensor<Output>, gradient: (Tensor<Input>, Tensor<Input>)) {
    let (value, gradients) = try valueAndGradients(at: [x, y]) { try function($0[0], $0[1]) }
    return (value, (gradients[0], gradients[1]))
}

/// As `valueAndGradient(at:_:)` with any number of inputs.
public func valueAndGradients<Input: FloatingScalar, Output: FloatingScalar>(
    at inputs: [Tensor<Input>], _ function: ([Tensor<Input>]) throws -> Tensor<Output>
) rethrows -> (value: Tensor<Output>, gradients: [Tensor<Input>]) {
    let recording = Recording()
    let leaves = inputs.map { recording.leaf($0) }
    let value = try withRecordingMode(nil) { try recording.during { try function(leaves) } }
    Recording.requireNotOfAnother(value, than: recording)
    let found = recording.gradients(ofScalar: value, "valueAndGradient")
    return (
        value.detached,
        inputs.enumerated().map { index, input in
            index < found.count ? found[index]?.typed() ?? .zeros(input.shape) : .zeros(input.shape)
        }
    )
}

extension Recording {
    /// The leaves' gradients of a single-element result, releasing what was saved on the way.
    package func gradients<Scalar: FloatingScalar>(
        ofScalar value: Tensor<Scalar>, _ caller: String
    ) -> [ErasedTensor?] {
        require(
            value.elementCount == 1,
            "\(caller): the result has shape \(value.shape); expected a single element (reduce it, or use "
                + "valueWithPullback)")
        return gradients(
            from: value.trace, seed: ErasedTensor(Tensor<Scalar>.ones(value.shape)), keepsSaved: false)
    }
}
