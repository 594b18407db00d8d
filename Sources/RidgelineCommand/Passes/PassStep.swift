// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// An input, and what its forward and backward pass in training mode ends in. No optimizer's step belongs to it.
struct PassStep<Scalar: FloatingScalar> {
    /// Where backward begins.
    enum Goal {
        /// At the output, with this gradient; it goes on to the input and all parameters.
        case upstream(Tensor<Scalar>)
        /// At the cross-entropy of the outputs with these labels; it goes on to all parameters.
        case labels(Tensor<Int32>)
    }

    let x: Tensor<Scalar>
    let goal: Goal

    /// The gradients of the input, where there is one, and of the parameters.
    func callAsFunction(_ model: some Layer<Scalar>) -> (input: Tensor<Scalar>?, parameters: ModelGradients) {
        switch goal {
        case .upstream(let upstream):
            let (_, pullback) = valueWithPullback(of: model, at: x) { $0($1) }
            let (input, gradients) = pullback(upstream)
            return (input, gradients)
        case .labels(let labels):
            let (_, gradients) = valueAndGradients(of: model) {
                softmaxCrossEntropy(logits: $0(x), labels: labels)
            }
            return (nil, gradients)
        }
    }

    /// The gradients of the input and of every parameter in the order of their names.
    func gradients(of model: some Layer<Scalar>) -> [Tensor<Scalar>] {
        let (input, gradients) = self(model)
        return (input.map { [$0] } ?? [])
            + model.parameters(of: Scalar.self).map { gradients[$0.parameter] ?? .zeros($0.parameter.shape) }
    }
}

extension PassStep<Float> {
    /// A step of this model on random images or rows.
    init(_ model: PassModel, _ shape: Shape, of layer: some Layer<Float>) {
        let x = Tensor<Float>.normal(shape)
        self.x = x
        // In the mode of the step: what inference keeps between calls does not belong to its memory.
        let output = withMode(.training) { layer(x) }
        goal =
            model.classifies
            ? .labels(Tensor((0..<shape[0]).map { Int32($0 % output.shape[1]) }))
            : .upstream(.normal(output.shape))
    }

    /// The same in Double.
    var twin: PassStep<Double> {
        switch goal {
        case .upstream(let upstream):
            PassStep<Double>(x: Tensor(x), goal: .upstream(Tensor<Double>(upstream)))
        case .labels(let labels): PassStep<Double>(x: Tensor(x), goal: .labels(labels))
        }
    }
}
