// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// An image classifier that `ridgeline classify` knows by name.
struct ClassifierModel: Sendable {
    /// What `--model` calls it.
    let name: String
    /// How many classes it tells apart.
    var classes = 1_000
    /// The model with any weights: images (N, H, W, 3) to the classes' logits (N, classes).
    let make: @Sendable () -> any Layer<Float>

    /// Every model that the command knows: those published for ImageNet, whose classes and transform are meant.
    static let all: [ClassifierModel] = ImageModel.allCases
        .filter { !$0.rawValue.hasPrefix("cifar") }
        .map { model in ClassifierModel(name: model.rawValue) { model.model(Float.self) } }

    /// The model of that name, with or without hyphens and underscores.
    static func named(_ name: String, among models: [ClassifierModel] = all) throws -> ClassifierModel {
        func letters(_ name: String) -> String { name.lowercased().filter { $0 != "-" && $0 != "_" } }
        guard let model = models.first(where: { letters($0.name) == letters(name) }) else {
            throw UnknownClassifier(name: name, known: models.map(\.name))
        }
        return model
    }

    /// The model with the weights of a file, whose names are torchvision's. The counters that PyTorch keeps
    /// beside running statistics are not needed; anything else that is missing or too much is an error.
    func loaded(from path: String) throws -> any Layer<Float> {
        let model = make()
        let report = try model.load(from: path, strict: false)
        let problems =
            report.missing.filter { !isCounter($0) }.map { ModelLoadingError.Problem.missing(name: $0) }
            + report.unexpected.filter { !isCounter($0) }.map { .unexpected(name: $0) }
        if !problems.isEmpty { throw ModelLoadingError(path: path, problems: problems) }
        return model
    }

    /// Whether a name is that of how many batches running statistics have seen, which files may lack.
    private func isCounter(_ name: String) -> Bool { name.hasSuffix("num_batches_tracked") }
}

/// A name that is no classifier's.
struct UnknownClassifier: Error, Equatable, CustomStringConvertible {
    let name: String
    let known: [String]

    var description: String {
        "no model is called '\(name)'; "
            + (known.isEmpty ? "this build has none" : "there are " + known.joined(separator: ", "))
    }
}
