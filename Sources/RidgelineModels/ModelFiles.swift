// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor

/// What a file and a model had in difference when the one was loaded into the other all the same.
public struct LoadingReport: Sendable, Hashable {
    /// Parameters and buffers that the file does not have; they are as they were.
    public let missing: [String]
    /// Tensors of the file, by their names there, that are neither.
    public let unexpected: [String]

    /// A report with these differences.
    public init(missing: [String], unexpected: [String]) {
        self.missing = missing
        self.unexpected = unexpected
    }
}

extension Module {
    /// Writes every parameter and buffer under its path to a safetensors file, whole or not at all: `Float` ones
    /// as F32, `Double` ones as F64, or both rounded to a reduced precision; others as they are. PyTorch and others
    /// read it.
    ///
    /// Each is read atomically. While another thread trains the model, some may be a step ahead of
    /// others; save between steps where that matters.
    ///
    /// - Parameter renaming: The renaming by which the file is loaded: what is written has the names that it makes
    ///   paths of, so that a model loaded from another program's file is written back under its names.
    /// - Parameter transposing: Layers (or single parameters) whose matrices the file is to have as (in, out), as for
    ///   `load`.
    /// - Parameter metadata: Free text to store beside them.
    /// - Parameter precision: F16 or BF16 in place of the parameters' own types.
    /// - Parameter shardLimit: The most bytes of elements in one file: a larger model is written to several and an
    ///   index, as by `SafetensorsWriter.write(to:shardLimit:)`.
    /// - Returns: The path to load it from.
    /// - Throws: `ModelSavingError` where the renaming cannot be turned round, `FormatError` where a file cannot be
    ///   written; what was there before is then whole.
    @discardableResult
    public func save(
        to path: String, renaming: ParameterRenaming = .none, transposing: [String] = [],
        metadata: [String: String] = [:], as precision: ReducedPrecision? = nil, shardLimit: Int = .max
    ) throws -> String {
        let plan = SavingPlan(namedTensors, renaming: renaming, transposing: transposing)
        if !plan.problems.isEmpty { throw ModelSavingError(path: path, problems: plan.problems) }
        var saving = Saving(writer: SafetensorsWriter(metadata: metadata), precision: precision)
        for step in plan.steps {
            saving.step = step
            try step.tensor.visitCell(&saving)
        }
        return try saving.writer.write(to: path, shardLimit: shardLimit)
    }

    /// Sets every parameter and buffer from the tensor of its path in a safetensors file, or in several by their index
    /// (a path that ends in `.json`).
    ///
    /// ```swift
    /// try block.load(from: "gpt2.safetensors", renaming: .prefixes(["h.0.mlp.c_fc": "expand", …]),
    ///     transposing: ["expand", "contract"])
    /// ```
    ///
    /// The file must have all of them (but buffers that files may lack) and nothing else, each in its shape, of a
    /// type whose values the model's can hold exactly. Nothing changes unless everything fits and was read.
    ///
    /// - Parameter renaming: Makes parameters' paths of the file's names.
    /// - Parameter transposing: Layers (or single parameters) whose matrices the file has as (in, out).
    /// - Parameter rounding: Whether F64 may become `Float`, rounded to nearest.
    /// - Returns: Which buffers the file lacks, of those that it may.
    /// - Throws: `FormatError` where a file cannot be read, `ModelLoadingError` with all that differs where
    ///   it does not fit the model.
    @discardableResult
    public func load(
        from path: String, renaming: ParameterRenaming = .none, transposing: [String] = [],
        rounding: Bool = false
    ) throws -> LoadingReport {
        try load(
            from: path, renaming: renaming, transposing: transposing, strict: true, rounding: rounding)
    }

    /// The same where the file may lack some of the model's tensors or have others besides, unless `strict`.
    ///
    /// - Returns: What was missing and unexpected: to be looked at, as nothing else says that a parameter is as it was.
    public func load(
        from path: String, renaming: ParameterRenaming = .none, transposing: [String] = [],
        strict: Bool, rounding: Bool = false
    ) throws -> LoadingReport {
        let source: any TensorSource =
            path.hasSuffix(".json")
            ? try ShardedSafetensors(contentsOf: path) : try SafetensorsFile(contentsOf: path)
        return try load(
            from: source, renaming: renaming, transposing: transposing, strict: strict, rounding: rounding)
    }

    /// The same from an open file of any format, which must have all tensors and nothing else.
    @discardableResult
    public func load(
        from source: any TensorSource, renaming: ParameterRenaming = .none, transposing: [String] = [],
        rounding: Bool = false
    ) throws -> LoadingReport {
        try load(
            from: source, renaming: renaming, transposing: transposing, strict: true, rounding: rounding)
    }

    /// The same from an open file of any format, which may lack some or have others besides, unless `strict`.
    public func load(
        from source: any TensorSource, renaming: ParameterRenaming = .none, transposing: [String] = [],
        strict: Bool, rounding: Bool = false
    ) throws -> LoadingReport {
        let plan = LoadingPlan(
            namedTensors, source, renaming: renaming, transposing: transposing, rounding: rounding)
        let problems = plan.problems(strict: strict)
        if !problems.isEmpty { throw ModelLoadingError(path: source.path, problems: problems) }
        var loading = Loading(source: source, rounding: rounding)
        for step in plan.steps {
            loading.step = step
            try step.target.visitCell(&loading)
        }
        for assign in loading.assignments { assign() }
        return plan.report
    }
}

/// Hands each tensor to a writer.
private struct Saving: TensorCellVisitor {
    var writer: SafetensorsWriter
    let precision: ReducedPrecision?
    var step: SavingPlan.Step?

    init(writer: SafetensorsWriter, precision: ReducedPrecision?) {
        self.writer = writer
        self.precision = precision
    }

    mutating func visit<Scalar>(_ cell: TensorCell<Scalar>) throws {
        guard let step else { return }
        let value = step.isTransposed ? cell.value.transposed() : cell.value
        switch (precision, value) {
        case (let precision?, let value as Tensor<Float>):
            try writer.add(value, named: step.name, as: precision)
        case (let precision?, let value as Tensor<Double>):
            try writer.add(value, named: step.name, as: precision)
        default: try writer.add(value, named: step.name)
        }
    }
}

/// Reads each tensor's new value, and only collects how to set it.
private struct Loading: TensorCellVisitor {
    let source: any TensorSource
    let rounding: Bool
    var step: LoadingPlan.Step?
    var assignments: [() -> Void] = []

    init(source: any TensorSource, rounding: Bool) {
        self.source = source
        self.rounding = rounding
    }

    mutating func visit<Scalar>(_ cell: TensorCell<Scalar>) throws {
        guard let step else { return }
        let stored = try source.tensor(step.tensor, as: Scalar.self, rounding: rounding)
        let value = step.isTransposed ? stored.transposed().contiguous() : stored
        assignments.append { cell.value = value }
    }
}
