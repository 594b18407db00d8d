// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor

/// Why a file does not fit a model: everything that differs, at once. The model is as it was.
public struct ModelLoadingError: Error, Sendable, Hashable {
    /// One way in which file and model differ; names are the parameters' full paths.
    public enum Problem: Sendable, Hashable {
        /// The model has this parameter, the file does not.
        case missing(name: String)
        /// The file has this tensor (by its name there), the model does not.
        case unexpected(name: String)
        /// Two tensors of the file are renamed to this parameter: their names there.
        case ambiguous(name: String, first: String, second: String)
        /// A layer to be transposed has no parameter of two axes, or does not exist.
        case nothingToTranspose(layer: String)
        /// The file's tensor has another shape than the model's parameter; `expected` as the file should have it,
        /// before any transposition.
        case shape(name: String, found: Shape, expected: Shape)
        /// The file's elements cannot become the parameter's without loss; `found` as the file names their type.
        case dataType(name: String, found: String, expected: DataType)
    }

    /// The file.
    public let path: String
    /// All that differs: first in the order of the model's parameters, then what the file has besides.
    public let problems: [Problem]

    package init(path: String, problems: [Problem]) {
        self.path = path
        self.problems = problems
    }
}

extension ModelLoadingError: CustomStringConvertible {
    /// The file and one line for each problem.
    public var description: String {
        "\(path) does not fit the model:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
}

extension ModelLoadingError.Problem: CustomStringConvertible {
    /// The parameter and what is wrong with it.
    public var description: String {
        switch self {
        case .missing(let name): "\(printable(name)): missing in the file"
        case .unexpected(let name): "\(printable(name)): not a parameter of the model"
        case .ambiguous(let name, let first, let second):
            "\(printable(name)): both \(printable(first)) and \(printable(second)) are renamed to it"
        case .nothingToTranspose(let layer):
            "\(printable(layer)): no parameter of two axes to transpose"
        case .shape(let name, let found, let expected):
            "\(printable(name)): has shape \(found); expected \(expected)"
        case .dataType(let name, let found, let expected):
            "\(printable(name)): has elements of type \(printable(found)); expected \(expected.rawValue)"
        }
    }
}

/// The name with control characters escaped: what a file contains may reach a terminal.
private func printable(_ name: String) -> String {
    name.unicodeScalars.reduce(into: "") { $0 += $1.value < 0xA0 ? $1.escaped(asASCII: true) : String($1) }
}
