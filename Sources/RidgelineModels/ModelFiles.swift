// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor

/// Why a file does not fit a model: everything that differs, at once. The model is as it was.
public struct ModelLoadingError: Error, Sendable, Hashable {
    /// One way in which file and model differ; names are the parameters' full paths.
    public enum Problem: Sendable, Hashable {
        /// The model has this parameter, the file does not.
        case missing(name: String)
        /// The file has this tensor, the model does not.
        case unexpected(name: String)
        /// The file's tensor has another shape than the model's parameter.
        case shape(name: String, found: Shape, expected: Shape)
        /// The file's elements cannot become the parameter's without loss.
        case dataType(name: String, found: String, expected: DataType)
    }

    /// The file.
    public let path: String
    /// All that differs: first in the order of the model's parameters, then what the file has besides.
    public let problems: [Problem]
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

extension Module {
    /// Writes every parameter under its path to a safetensors file, whole or not at all: `Float` parameters
    /// as F32, `Double` ones as F64. PyTorch and others read it.
    ///
    /// Each parameter is read atomically. While another thread trains the model, some may be a step ahead of
    /// others; save between steps where that matters.
    ///
    /// - Parameter metadata: Free text to store beside them.
    /// - Throws: `FormatError` where the file cannot be written; what was there before is then whole.
    public func save(to path: String, metadata: [String: String] = [:]) throws {
        var saving = Saving(writer: SafetensorsWriter(metadata: metadata))
        for (name, parameter) in namedParameters {
            saving.name = name
            try parameter.visit(&saving)
        }
        try saving.writer.write(to: path)
    }

    /// Sets every parameter from the tensor of its path in a safetensors file.
    ///
    /// The file must have all parameters and nothing else, each in its shape; F32 is accepted for `Float` and
    /// `Double` parameters, F64 for `Double` ones. Nothing changes unless everything fits and was read.
    ///
    /// - Throws: `FormatError` where the file cannot be read, `ModelLoadingError` with all that differs where
    ///   it does not fit the model.
    public func load(from path: String) throws {
        let file = try SafetensorsFile(contentsOf: path)
        let parameters = namedParameters
        // By bytes, as the file compares names.
        let known = Set(parameters.map { Array($0.name.utf8) })
        let problems =
            parameters.compactMap { file.problem(with: $0.parameter, named: $0.name) }
            + file.names.filter { !known.contains(Array($0.utf8)) }.map { .unexpected(name: $0) }
        if !problems.isEmpty { throw ModelLoadingError(path: path, problems: problems) }
        var loading = Loading(file: file)
        for (name, parameter) in parameters {
            loading.name = name
            try parameter.visit(&loading)
        }
        for assign in loading.assignments { assign() }
    }
}

extension SafetensorsFile {
    /// What keeps a parameter from taking the tensor of that name.
    fileprivate func problem(
        with parameter: any AnyParameter, named name: String
    ) -> ModelLoadingError.Problem? {
        guard let found = info(name) else { return .missing(name: name) }
        if found.shape != parameter.shape {
            return .shape(name: name, found: found.shape, expected: parameter.shape)
        }
        let stored = found.dataType.map { StoredElements(path: path, name: name, dataType: $0) }
        return stored?.isReadable(as: parameter.dataType) == true
            ? nil : .dataType(name: name, found: found.dataTypeName, expected: parameter.dataType)
    }
}

/// Hands each parameter's value to a writer.
private struct Saving: ParameterVisitor {
    var writer: SafetensorsWriter
    var name = ""

    mutating func visit<Scalar>(_ parameter: Parameter<Scalar>) throws {
        // No gradient is wanted: another thread may be differentiating the model.
        try writer.add(withoutGradients { parameter.value }, named: name)
    }
}

/// Reads each parameter's new value, and only collects how to set it.
private struct Loading: ParameterVisitor {
    let file: SafetensorsFile
    var name = ""
    var assignments: [() -> Void] = []

    init(file: SafetensorsFile) { self.file = file }

    mutating func visit<Scalar>(_ parameter: Parameter<Scalar>) throws {
        let value: Tensor<Scalar> = try file.tensor(name)
        assignments.append { parameter.value = value }
    }
}
