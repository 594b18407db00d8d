// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Why a model cannot be written under the names of another program: all that stands against it. No file was touched.
public struct ModelSavingError: DescribedError, Hashable {
    /// What stands against it; paths are the parameters'.
    public enum Problem: Sendable, Hashable {
        /// The renaming makes the path of no name, or how it does so cannot be turned round: by a rule without an inverse,
        /// or by one that drops parts of a name.
        case withoutName(path: String)
        /// The renaming makes the path of two names, and nothing says which one is meant.
        case ambiguous(path: String, first: String, second: String)
        /// A layer to be transposed has no parameter of two axes, or does not exist.
        case nothingToTranspose(layer: String)
    }

    /// The file that was to be written.
    public let path: String
    /// All that stands against it, in the order of the model's parameters.
    public let problems: [Problem]

    /// The file and one line for each problem.
    public var description: String {
        "\(path.withoutControls) cannot be written under these names:\n"
            + problems.map { "  \($0)" }.joined(separator: "\n")
    }
}

extension ModelSavingError.Problem: CustomStringConvertible {
    /// The parameter and what stands against it.
    public var description: String {
        switch self {
        case .withoutName(let path):
            "\(path.withoutControls): the renaming does not say which name becomes it"
        case .ambiguous(let path, let first, let second):
            "\(path.withoutControls): both \(first.withoutControls) and \(second.withoutControls) become it"
        case .nothingToTranspose(let layer):
            "\(layer.withoutControls): no parameter of two axes to transpose"
        }
    }
}
