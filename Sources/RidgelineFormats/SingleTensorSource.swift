// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A file that has one tensor without a name, which is called after the file.
public protocol SingleTensorSource: TensorSource {
    /// What the file says about its tensor.
    var info: TensorInfo { get }
    /// The tensor, its elements converted to `Scalar` where every value stays what it is.
    ///
    /// - Parameter rounding: Whether F64 may be read as `Float`, rounded to nearest.
    /// - Throws: `FormatError`, as `tensor(_:as:rounding:)`.
    func tensor<Scalar: TensorScalar>(as type: Scalar.Type, rounding: Bool) throws -> Tensor<Scalar>
}

extension SingleTensorSource {
    /// The file's name without folder and extensions.
    public var name: String { tensorName(ofFile: path) }

    /// The tensor's name.
    public var names: [String] { [name] }

    /// Nothing: the format has no room for it.
    public var metadata: [String: String] { [:] }

    /// What the file says about its tensor, by its name; nil for any other name.
    public func info(_ name: String) -> TensorInfo? { isName(name) ? info : nil }

    /// The tensor, by its name.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> {
        guard isName(name) else { throw missing(name) }
        return try tensor(as: type, rounding: rounding)
    }

    /// The tensor, without any rounding; the element type follows from the context where it is not given.
    public func tensor<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
        try tensor(as: type, rounding: false)
    }

    private func isName(_ other: String) -> Bool { name.utf8.elementsEqual(other.utf8) }
}

/// What a file's only tensor is called: `train-images` for `data/train-images.idx3-ubyte.gz`.
func tensorName(ofFile path: String) -> String {
    let name = path.split(separator: "/").last.map { String($0) } ?? ""
    guard let dot = name.dropFirst().firstIndex(of: ".") else { return name }
    return String(name[..<dot])
}

/// The number of bytes that elements of this size and these extents need; nil where a `Shape` would overflow.
func storedByteCount(of extents: [Int], elementSize: Int) -> Int? {
    // A shape's strides skip extents of 0, so the others must not overflow even where one is 0.
    var span = elementSize
    for extent in extents where extent != 0 {
        let (product, overflow) = span.multipliedReportingOverflow(by: extent)
        if overflow { return nil }
        span = product
    }
    return extents.contains(0) ? 0 : span
}
