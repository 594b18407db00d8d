// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What the outputs of a model's activations are like: dead units, saturation, sparsity, mean and variance by
/// layer, over a window of the last batches.
///
/// It is attached from outside and changes nothing in the model:
///
/// ```
/// let statistics = ActivationStatistics()
/// let (loss, gradients) = statistics.observe {
///     valueAndGradients(of: model) { softmaxCrossEntropy(logits: $0(images), labels: labels) }
/// }
/// for row in statistics.report(for: model, gradients: gradients) { print(row) }
/// ```
///
/// Each call of a layer inside `observe` is one batch; a layer called twice counts twice. Outputs are read
/// once, right after they are computed, and not kept. Recomputation in backward is not counted again. Any
/// number of tasks may observe at once.
public final class ActivationStatistics: Sendable {
    @TaskLocal static var current: ActivationStatistics?

    /// How many batches of a layer the report covers: the last ones.
    public let window: Int
    /// An output is saturated in a tail of the function on which |f′| stays below this.
    public let flatness: Double

    private let layers: Lock<[LayerIdentity: ObservedWindow]> = Lock([:])

    /// Statistics over a window of batches. Traps on a window below 1 and on a flatness outside 0…1.
    public init(window: Int = 100, flatness: Double = 0.01) {
        require(window > 0, "ActivationStatistics: a window of \(window) batches; expected 1 or more")
        require(flatness >= 0 && flatness <= 1, "ActivationStatistics: flatness \(flatness); expected 0 to 1")
        self.window = window
        self.flatness = flatness
    }

    /// Runs `body` and counts the outputs of every `ObservedLayer` that it calls on this task.
    public func observe<Result>(_ body: () throws -> Result) rethrows -> Result {
        try Self.$current.withValue(self, operation: body)
    }

    /// Forgets what was observed.
    public func reset() { layers.withLock { $0 = [:] } }

    /// One row for each layer of the model that was observed, in the order of its properties.
    ///
    /// - Parameter gradients: A step's gradients, for the gradient norm of each layer.
    public func report(for model: some Module, gradients: ModelGradients? = nil) -> [Row] {
        let observed = layers.withLock { $0 }
        return model.namedLayers.compactMap { layer in
            guard let window = observed[layer.identity] else { return nil }
            return Row(
                path: layer.path, window, gradientNorm: gradients.map { $0.norm(of: layer.parameters) })
        }
    }

    func record<Scalar: FloatingScalar>(
        _ output: Tensor<Scalar>, of layer: LayerIdentity, _ function: ObservedFunction
    ) {
        guard output.elementCount > 0 else { return }
        // What the function's values mean is found out once a layer.
        let known = layers.withLock { $0[layer]?.meaning }
        let meaning = known ?? OutputMeaning(of: function, flatness: flatness)
        let count = OutputCount(of: output, meaning)
        layers.withLock {
            $0[layer, default: ObservedWindow(function, meaning, limit: window)].add(count)
        }
    }
}
