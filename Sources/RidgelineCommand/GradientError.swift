// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

extension PassCase {
    /// The largest relative difference by norm, ‖g − g₆₄‖ / ‖g₆₄‖ over the input and every parameter, between
    /// the Float gradients and those of the same block in Double.
    func gradientError(of model: some Layer<Float>, at x: Tensor<Float>, upstream: Tensor<Float>) -> Double {
        let found = Self.gradients(of: model, at: x, upstream: upstream)
        let expected = Self.gradients(
            of: twin(of: model), at: Tensor<Double>(x), upstream: Tensor<Double>(upstream))
        return zip(found, expected).reduce(0) { worst, pair in
            let error = Double((Tensor<Double>(pair.0) - pair.1).norm()) / Double(pair.1.norm())
            // NaN is the worst of all.
            return error > worst || error.isNaN ? error : worst
        }
    }

    /// The gradients of the input and of every parameter in the order of their names.
    private static func gradients<Scalar>(
        of model: some Layer<Scalar>, at x: Tensor<Scalar>, upstream: Tensor<Scalar>
    ) -> [Tensor<Scalar>] {
        let (_, pullback) = valueWithPullback(of: model, at: x) { $0($1) }
        let (input, gradients) = pullback(upstream)
        return [input]
            + model.parameters(of: Scalar.self).map { gradients[$0.parameter] ?? .zeros($0.parameter.shape) }
    }

    /// The same block with the same weights in Double.
    private func twin(of model: some Layer<Float>) -> any Layer<Double> {
        let twin = self.model(Double.self)
        for (float, double) in zip(model.parameters(of: Float.self), twin.parameters(of: Double.self)) {
            double.parameter.value = Tensor<Double>(float.parameter.value)
        }
        return twin
    }
}
