// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

extension PassCase {
    /// The largest relative difference by norm, ‖g − g₆₄‖ / ‖g₆₄‖ over the input and every parameter, between
    /// the Float gradients and those of the same model in Double.
    func gradientError(of layer: some Layer<Float>) -> Double {
        let step = PassStep(model, model.checkedInput(input), of: layer)
        // Seeded, so that both drop the same values.
        let found = withRandomSeed(2) { step.gradients(of: layer) }
        let expected = Self.gradients(of: twin(of: layer), step.twin)
        return zip(found, expected).reduce(0) { worst, pair in
            let error = Double((Tensor<Double>(pair.0) - pair.1).norm().item) / Double(pair.1.norm().item)
            // NaN is the worst of all.
            return error > worst || error.isNaN ? error : worst
        }
    }

    private static func gradients(of layer: some Layer<Double>, _ step: PassStep<Double>) -> [Tensor<Double>]
    {
        withRandomSeed(2) { step.gradients(of: layer) }
    }

    /// The same model with the same weights in Double.
    private func twin(of layer: some Layer<Float>) -> any Layer<Double> {
        let twin = withoutRandomDraws { model.model(Double.self, input) }
        for (float, double) in zip(layer.parameters(of: Float.self), twin.parameters(of: Double.self)) {
            double.parameter.value = Tensor<Double>(float.parameter.value)
        }
        return twin
    }
}
