// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Named tensors in a file or in several, read when they are asked for.
///
/// Names are compared byte by byte.
public protocol TensorSource: Sendable {
    /// The path by which it was opened.
    var path: String { get }
    /// The tensors' names, sorted by their bytes.
    var names: [String] { get }
    /// Free text that was stored beside the tensors.
    var metadata: [String: String] { get }
    /// What is said about a tensor; nil where there is none of that name.
    func info(_ name: String) -> TensorInfo?
    /// The tensor of that name, its elements converted to `Scalar` where every value stays what it is:
    /// F16, BF16 and F32 to wider floating point, integers to any type that holds all of their values.
    ///
    /// - Parameter rounding: Whether F64 may be read as `Float`, rounded to nearest.
    /// - Throws: `FormatError`: `missingTensor`, `unsupportedDataType`, `wrongDataType` where the types do not
    ///   go together, `unrepresentable` where a value does not fit, and what reading the file may meet.
    func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar>
}

extension TensorSource {
    /// The tensor of that name, without any rounding; the element type follows from the context where it is
    /// not given.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type = Scalar.self
    ) throws -> Tensor<Scalar> {
        try tensor(name, as: type, rounding: false)
    }

    /// The error that there is no tensor of that name, with the first few that there are.
    package func missing(_ name: String) -> FormatError {
        .missingTensor(path: path, name: name, available: Array(names.prefix(5)))
    }
}
