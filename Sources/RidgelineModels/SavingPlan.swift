// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Under which name each of a model's tensors is written to a file, and all that stands against it.
struct SavingPlan {
    /// One tensor.
    struct Step {
        let tensor: any StoredTensor
        /// The name in the file.
        let name: String
        let isTransposed: Bool
    }

    private(set) var steps: [Step] = []
    private(set) var problems: [ModelSavingError.Problem] = []

    init(
        _ tensors: [(name: String, tensor: any StoredTensor)], renaming: ParameterRenaming,
        transposing layers: [String]
    ) {
        var layers = LayersToTranspose(layers)
        for (path, tensor) in tensors {
            let isTransposed = layers.take(path, tensor.shape)
            let names = renaming.inverse(path)
            switch names.count {
            case 0: problems.append(.withoutName(path: path))
            case 1: steps.append(Step(tensor: tensor, name: names[0], isTransposed: isTransposed))
            default: problems.append(.ambiguous(path: path, first: names[0], second: names[1]))
            }
        }
        problems += layers.unused.map { .nothingToTranspose(layer: $0) }
    }
}

/// The layers whose matrices a file has as (in, out).
struct LayersToTranspose {
    private let layers: [String]
    /// Those without a matrix so far.
    private(set) var unused: [String]

    init(_ layers: [String]) { (self.layers, unused) = (layers, layers) }

    /// Whether the tensor of this path is a matrix of one of them.
    mutating func take(_ path: String, _ shape: Shape) -> Bool {
        guard shape.rank == 2, layers.contains(where: { path.lies(below: $0) }) else { return false }
        unused.removeAll { path.lies(below: $0) }
        return true
    }
}

extension String {
    /// Whether this path is that of the layer or lies below it.
    fileprivate func lies(below layer: String) -> Bool {
        utf8.elementsEqual(layer.utf8) || utf8.starts(with: (layer + ".").utf8)
    }
}
