// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Reference {
    @inline(__always)
    static func sgd(_ parameter: M, _ gradient: P, _ velocity: M?, _ count: Int, _ step: SGDStep<Scalar>) {
        for i in 0..<count {
            var g = gradient[i]
            if step.weightDecay != 0 { g += step.weightDecay * parameter[i] }
            if let velocity {
                let v = step.firstStep ? g : step.momentum * velocity[i] + step.undamped * g
                velocity[i] = v
                g = step.nesterov ? g + step.momentum * v : v
            }
            parameter[i] -= step.learningRate * g
        }
    }

    @inline(__always)
    static func adam(
        _ parameter: M, _ gradient: P, _ first: M, _ second: M, _ count: Int, _ step: AdamStep<Scalar>
    ) {
        for i in 0..<count {
            let g = gradient[i] + step.coupled * parameter[i]
            let m = first[i] + step.oneMinusBeta1 * (g - first[i])
            let v = step.beta2 * second[i] + step.oneMinusBeta2 * g * g
            first[i] = m
            second[i] = v
            let denominator = v.squareRoot() * step.rootScale + step.epsilon
            parameter[i] = step.decay * parameter[i] - step.stepSize * (m / denominator)
        }
    }
}
