// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineModels
import RidgelineTensor

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as `torch.optim.AdamW`:
/// θ ← θ·(1 − η·λ); m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²;
/// θ ← θ − η·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε).
public struct AdamW: Optimizer {
    /// η.
    public var learningRate: Double
    /// β₁ and β₂.
    public var betas: (first: Double, second: Double)
    /// ε.
    public var epsilon: Double
    /// λ.
    public var weightDecay: Double

    private var moments: AdamMoments

    /// For the parameters of `model`, with PyTorch's defaults. Traps on a negative rate, ε or decay, and on a β outside 0..<1.
    public init(
        for model: some Module, learningRate: Double = 1e-3,
        betas: (first: Double, second: Double) = (0.9, 0.999), epsilon: Double = 1e-8,
        weightDecay: Double = 1e-2
    ) {
        self.learningRate = learningRate
        self.betas = betas
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        moments = AdamMoments(for: model)
        settings.check()
    }

    /// One step.
    public mutating func update(_ model: some Module, with gradients: ModelGradients) {
        moments.update(model, with: gradients, settings)
    }

    private var settings: AdamMoments.Settings {
        AdamMoments.Settings(
            optimizer: "AdamW", learningRate: learningRate, betas: betas, epsilon: epsilon,
            weightDecay: weightDecay, isCoupled: false)
    }
}
