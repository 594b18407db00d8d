// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor
import Synchronization

/// A learnable tensor of a model: a cell that every copy of the model shares.
///
/// Reading and writing are atomic, so any number of tasks may run a model while one trains it. Inside
/// `valueAndGradients(of:)` the value read is recorded. While a model is being differentiated, other tasks read its
/// parameters as they are; what the differentiated code hands on, to a task that it starts or to a plain thread (that of
/// `DispatchQueue.concurrentPerform`, say), traps, because its gradient would be lost unnoticed. A plain thread that has
/// nothing to do with it reads them inside `withoutGradients`.
public final class Parameter<Scalar: FloatingScalar>: Sendable {
    private let cell: TensorCell<Scalar>
    /// How many recordings differentiate a model that has this parameter.
    private let recordings = Atomic<Int>(0)
    /// Whether any model's traversal has found it.
    private let isFound = Atomic<Bool>(false)

    /// A parameter with this first value.
    public init(_ tensor: Tensor<Scalar>) { cell = TensorCell(tensor, of: "Parameter") }

    /// The extents, which never change.
    public var shape: Shape { cell.shape }

    /// The value. Setting it traps where the shape differs.
    public var value: Tensor<Scalar> {
        get {
            if !isFound.load(ordering: .relaxed) { requireNoModelsRecording() }
            let isRecorded = recordings.load(ordering: .sequentiallyConsistent) > 0
            // A recomputation records anew, during backward, when the model's own recording has ended.
            return isRecorded || Recomputation.isActive ? recorded(cell.value) : cell.value
        }
        set { cell.value = newValue }
    }

    /// The axes in the order in which the elements lie, which is that of the first value.
    package var order: [Int] { cell.order }

    /// How often the value was set, for what is derived from it and cached.
    public var version: Int { cell.version }

    /// Changes the value in place, atomically; the storage is copied first only where a reader still holds
    /// it. A change that throws may have been made in part. Traps where it leaves another shape, and where
    /// the change reads this parameter itself.
    public func update(_ change: (inout Tensor<Scalar>) throws -> Void) rethrows {
        try cell.update(change)
    }

    /// A parameter that no model is known to hold is most likely in a computed or static property of the one that is
    /// being differentiated, and would stay untrained without a word.
    private func requireNoModelsRecording() {
        require(
            !Recording.differentiatesModel,
            "a parameter of shape \(shape) is read while a model is differentiated, but was not found in that model nor "
                + "in any other that was used. Computed and static properties and globals are not found: keep the "
                + "layer in a stored property. If it is a constant on purpose, read it in withoutGradients, or say so "
                + "once by asConstants() on its model")
    }

    private func recorded(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        if let recording = Recording.current, let trace = recording.leafTrace(for: ObjectIdentifier(self)) {
            return Tensor(storage: tensor.storage, layout: tensor.layout, trace: trace)
        }
        require(
            Recording.isSuspended || Recomputation.isActive || Recording.isOfAnotherTask,
            "a parameter of shape \(shape) is read outside the recording that differentiates its model: on "
                + "another thread, inside a nested recording or a custom operation its gradient would be lost. Wrap "
                + "the read in withoutGradients if none is wanted")
        return tensor
    }
}

/// What a model's traversal sees of a parameter, whatever its scalar.
package protocol AnyParameter: StoredTensor {
    func beginRecording(in recording: Recording)
    func endRecording()
    func visit(_ visitor: inout some ParameterVisitor) throws
}

/// An operation on parameters of any scalar.
package protocol ParameterVisitor {
    mutating func visit<Scalar: FloatingScalar>(_ parameter: Parameter<Scalar>) throws
}

extension Parameter: AnyParameter {
    package var dataType: DataType { Scalar.dataType }
    package var isOptionalInFiles: Bool { false }

    package func beginRecording(in recording: Recording) {
        recording.addLeaf(for: ObjectIdentifier(self))
        recordings.add(1, ordering: .sequentiallyConsistent)
    }

    package func noteFound() { isFound.store(true, ordering: .relaxed) }

    package func endRecording() { recordings.subtract(1, ordering: .sequentiallyConsistent) }

    package func visit(_ visitor: inout some ParameterVisitor) throws { try visitor.visit(self) }

    package func setValue(from other: any StoredTensor) {
        if let other = other as? Parameter { value = withoutGradients { other.value } }
    }

    package func visitCell(_ visitor: inout some TensorCellVisitor) throws { try visitor.visit(cell) }
}
