// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What was last derived from a layer's parameters, with the version it was derived from.
final class VersionedCache<Value: Sendable>: Sendable {
    private let kept = Lock<(version: Int, value: Value)?>(nil)

    /// The value for a version, made by `make` where another version's is kept. Read the version before the
    /// parameters: then what is kept is never older than it says.
    func value(for version: Int, _ make: () -> Value) -> Value {
        if let kept = kept.withLock({ $0 }), kept.version == version { return kept.value }
        let value = make()
        kept.withLock { $0 = (version, value) }
        return value
    }

    /// Releases what is kept: training is about to change what it was made of, and needs the memory.
    func release() { kept.withLock { $0 = nil } }

    /// A convolution's weight, in inference with what earlier calls made of it.
    func convolutionWeight<Scalar>(_ weight: Parameter<Scalar>) -> ConvolutionWeight<Scalar>
    where Value == WeightTransforms<Scalar> {
        let version = weight.version
        let tensor = weight.value
        guard Mode.current == .inference else {
            release()
            return ConvolutionWeight(tensor)
        }
        return ConvolutionWeight(tensor, cache: value(for: version) { WeightTransforms() })
    }
}
