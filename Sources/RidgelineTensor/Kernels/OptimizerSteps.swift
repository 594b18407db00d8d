// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The scalars of a step of stochastic gradient descent.
struct SGDStep<Scalar: FloatingScalar>: Sendable {
    let learningRate: Scalar
    let momentum: Scalar
    /// One minus the dampening.
    let undamped: Scalar
    let weightDecay: Scalar
    let nesterov: Bool
    let firstStep: Bool
}

/// The scalars of a step of Adam or AdamW, worked out in double precision.
struct AdamStep<Scalar: FloatingScalar>: Sendable {
    /// 1 - learning rate * weight decay, the decoupled one
    let decay: Scalar
    /// The coupled weight decay, which is added to the gradient
    let coupled: Scalar
    let oneMinusBeta1: Scalar
    let beta2: Scalar
    let oneMinusBeta2: Scalar
    /// learning rate / (1 - beta1^t)
    let stepSize: Scalar
    /// 1 / sqrt(1 - beta2^t)
    let rootScale: Scalar
    let epsilon: Scalar
}
