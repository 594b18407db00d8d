// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor

/// Which tensor of a file becomes which of a model's (parameters and buffers), and all that keeps them apart, found before anything is read.
struct LoadingPlan {
    /// One tensor's value.
    struct Step {
        let target: any StoredTensor
        /// The name in the file.
        let tensor: String
        let isTransposed: Bool
    }

    private(set) var steps: [Step] = []
    /// In the order of the model's tensors, those that are missing among them.
    private var problems: [ModelLoadingError.Problem] = []
    private(set) var report = LoadingReport(missing: [], unexpected: [])

    init(
        _ targets: [(name: String, tensor: any StoredTensor)], _ source: any TensorSource,
        renaming: ParameterRenaming, transposing layers: [String], rounding: Bool
    ) {
        // By bytes, as files compare names.
        var tensors: [[UInt8]: [String]] = [:]
        for name in source.names {
            if let path = renaming(name) { tensors[Array(path.utf8), default: []].append(name) }
        }
        var missing: [String] = []
        var layers = LayersToTranspose(layers)
        for (name, target) in targets {
            let candidates = tensors.removeValue(forKey: Array(name.utf8)) ?? []
            let isTransposed = layers.take(name, target.shape)
            guard let tensor = candidates.first, let info = source.info(tensor) else {
                missing.append(name)
                if !target.isOptionalInFiles { problems.append(.missing(name: name)) }
                continue
            }
            if candidates.count > 1 {
                problems.append(.ambiguous(name: name, first: tensor, second: candidates[1]))
            }
            let expected = isTransposed ? Shape(target.shape.reversed()) : target.shape
            if info.shape != expected {
                problems.append(
                    .shape(
                        name: name, found: info.extents, expected: expected, isTransposed: isTransposed))
            } else if !info.isReadable(as: target.dataType, rounding: rounding) {
                problems.append(.dataType(name: name, found: info.dataTypeName, expected: target.dataType))
            } else {
                steps.append(Step(target: target, tensor: tensor, isTransposed: isTransposed))
            }
        }
        for layer in layers.unused { problems.append(.nothingToTranspose(layer: layer)) }
        let left = Set(tensors.values.joined().map { Array($0.utf8) })
        report = LoadingReport(
            missing: missing, unexpected: source.names.filter { left.contains(Array($0.utf8)) })
    }

    /// All that differs; what is only missing or unexpected counts for the strict.
    func problems(strict: Bool) -> [ModelLoadingError.Problem] {
        if strict { return problems + report.unexpected.map { .unexpected(name: $0) } }
        return problems.filter { if case .missing = $0 { false } else { true } }
    }
}
