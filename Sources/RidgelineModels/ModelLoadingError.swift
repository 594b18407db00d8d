// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor

/// Why a file does not fit a model: everything that differs, at once. The model is as it was.
public struct ModelLoadingError: DescribedError, Hashable {
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
        /// before any transposition, which was asked for where `isTransposed`.
        case shape(name: String, found: [Int], expected: Shape, isTransposed: Bool = false)
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

extension ModelLoadingError {
    /// Of a kind of problem with more of them, `description` has only so many lines.
    static let lineLimit = 20

    /// The file and one line for each problem; where there are very many of a kind, for the first of them.
    public var description: String {
        var lines = ["\(path.withoutControls) does not fit the model:"]
        var counts: [String: Int] = [:]
        var kinds: [String] = []
        for problem in problems {
            if counts[problem.kind] == nil { kinds.append(problem.kind) }
            counts[problem.kind, default: 0] += 1
            if counts[problem.kind, default: 0] <= Self.lineLimit { lines.append("  \(problem)") }
        }
        for kind in kinds {
            let rest = counts[kind, default: 0] - Self.lineLimit
            if rest > 0 { lines.append("  … and \(rest) more \(kind)") }
        }
        return lines.joined(separator: "\n")
    }
}

extension ModelLoadingError.Problem: CustomStringConvertible {
    /// The parameter and what is wrong with it.
    public var description: String {
        switch self {
        case .missing(let name): "\(name.withoutControls): missing in the file"
        case .unexpected(let name): "\(name.withoutControls): not a parameter of the model"
        case .ambiguous(let name, let first, let second):
            "\(name.withoutControls): both \(first.withoutControls) and \(second.withoutControls) are renamed "
                + "to it"
        case .nothingToTranspose(let layer):
            "\(layer.withoutControls): no parameter of two axes to transpose"
        case .shape(let name, let found, let expected, let isTransposed):
            "\(name.withoutControls): has shape \(found); expected \(expected)"
                + hint(name, found, expected, isTransposed)
        case .dataType(let name, let found, let expected):
            "\(name.withoutControls): has elements of type \(found.withoutControls); "
                + "expected \(expected.rawValue)"
        }
    }

    /// What would make the other order of two axes fit.
    private func hint(_ name: String, _ found: [Int], _ expected: Shape, _ isTransposed: Bool) -> String {
        guard expected.rank == 2, found.elementsEqual(expected.reversed()) else { return "" }
        let layer = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        return isTransposed
            ? "; it would fit without being transposed"
            : "; transposing: [\"\(layer.withoutControls)\"] would make it fit"
    }

    /// What several of a kind are called.
    fileprivate var kind: String {
        switch self {
        case .missing: "missing in the file"
        case .unexpected: "that are no parameters of the model"
        case .ambiguous: "to which two are renamed"
        case .nothingToTranspose: "without a parameter to transpose"
        case .shape: "of another shape"
        case .dataType: "of another type"
        }
    }
}

extension String {
    /// The text with control characters escaped: what a file contains may reach a terminal.
    var withoutControls: String {
        unicodeScalars.reduce(into: "") { $0 += $1.value < 0xA0 ? $1.escaped(asASCII: true) : String($1) }
    }
}
