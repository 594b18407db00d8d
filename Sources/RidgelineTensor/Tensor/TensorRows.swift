// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The parts of a tensor along its first axis, each a view with an axis less: `for row in x.rows`.
///
/// Rows of a recorded tensor are recorded as `x[i]` is.
public struct TensorRows<Scalar: TensorScalar>: RandomAccessCollection, Sendable {
    private let tensor: Tensor<Scalar>

    init(of tensor: Tensor<Scalar>) { self.tensor = tensor }

    /// 0.
    public var startIndex: Int { 0 }
    /// The extent of the first axis.
    public var endIndex: Int { tensor.shape[0] }
    /// The row at a position. Traps out of range.
    public subscript(position: Int) -> Tensor<Scalar> {
        require(
            position >= 0 && position < endIndex,
            "rows: position \(position) of \(endIndex) rows of \(tensor.shape)")
        return tensor[position]
    }
}

extension Tensor {
    /// The parts along the first axis, to iterate over (PyTorch, NumPy: iterating over the tensor; `unbind`). Traps on a
    /// tensor without axes.
    public var rows: TensorRows<Scalar> {
        require(rank > 0, "rows: a tensor of shape [] has no axis to iterate over")
        return TensorRows(of: self)
    }
}
