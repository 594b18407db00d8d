// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A tensor that belongs to a model and is not learnt, such as a running mean: a cell that every copy of the model
/// shares, found by reflection as parameters are, and saved and loaded with them under its path.
///
/// Reading and writing are atomic. No gradient flows to it, and optimizers leave it alone.
public final class Buffer<Scalar: TensorScalar>: Sendable {
    let cell: TensorCell<Scalar>
    /// Whether a file that lacks it is complete all the same.
    public let isOptionalInFiles: Bool

    /// A buffer with this first value.
    public init(_ tensor: Tensor<Scalar>, isOptionalInFiles: Bool = false) {
        cell = TensorCell(tensor, of: "Buffer")
        self.isOptionalInFiles = isOptionalInFiles
    }

    /// The extents, which never change.
    public var shape: Shape { cell.shape }

    /// The value, a constant to any recording. Setting it traps where the shape differs.
    public var value: Tensor<Scalar> {
        get { cell.value }
        set { cell.value = newValue }
    }

    /// How often the value was set, for what is derived from it and cached.
    public var version: Int { cell.version }

    /// Changes the value in place, atomically; the storage is copied first only where a reader still holds
    /// it. A change that throws may have been made in part. Traps where it leaves another shape, and where
    /// the change reads this buffer itself.
    public func update(_ change: (inout Tensor<Scalar>) throws -> Void) rethrows {
        try cell.update(change)
    }
}

extension Buffer: StoredTensor {
    package var dataType: DataType { Scalar.dataType }

    package func setValue(from other: any StoredTensor) {
        if let other = other as? Buffer { value = withoutGradients { other.value } }
    }

    package func visitCell(_ visitor: inout some TensorCellVisitor) throws { try visitor.visit(cell) }
}
