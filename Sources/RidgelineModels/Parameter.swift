// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A learnable tensor of a model: a cell that every copy of the model shares.
///
/// Reading and writing are atomic, so any number of tasks may run a model while one trains it. Inside
/// `valueAndGradients(of:)` the value read is recorded. While a model is being differentiated, another
/// thread may read its parameters only inside `withoutGradients`; without it the read traps, because work
/// handed to another thread by the differentiated code would otherwise lose its gradient unnoticed.
public final class Parameter<Scalar: FloatingScalar>: Sendable {
    private struct State {
        var tensor: Tensor<Scalar>
        var version = 0
        var recordings = 0
    }

    private let state: Lock<State>

    /// The extents, which never change.
    public let shape: Shape

    /// A parameter with this first value.
    public init(_ tensor: Tensor<Scalar>) {
        shape = tensor.shape
        state = Lock(State(tensor: stopGradient(tensor)))
    }

    /// The value. Setting it traps where the shape differs.
    public var value: Tensor<Scalar> {
        get {
            let (tensor, isRecorded) = state.withLock { ($0.tensor, $0.recordings > 0) }
            // A recomputation records anew, during backward, when the model's own recording has ended.
            return isRecorded || Recomputation.isActive ? recorded(tensor) : tensor
        }
        set {
            require(
                newValue.shape == shape, "Parameter: a value of shape \(newValue.shape); expected \(shape)")
            update { $0 = stopGradient(newValue) }
        }
    }

    /// How often the value was set, for what is derived from it and cached.
    public var version: Int { state.withLock { $0.version } }

    /// Changes the value in place, atomically; the storage is copied first only where a reader still holds
    /// it. A change that throws may have been made in part. Traps where it leaves another shape, and where
    /// the change reads this parameter itself.
    public func update(_ change: (inout Tensor<Scalar>) throws -> Void) rethrows {
        try state.withLock { state in
            defer {
                state.version += 1
                state.tensor = stopGradient(state.tensor)
                require(
                    state.tensor.shape == shape,
                    "Parameter: a value of shape \(state.tensor.shape); expected \(shape)")
            }
            try change(&state.tensor)
        }
    }

    private func recorded(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        if let recording = Recording.current, let trace = recording.leafTrace(for: ObjectIdentifier(self)) {
            return Tensor(storage: tensor.storage, layout: tensor.layout, trace: trace)
        }
        require(
            Recording.isSuspended || Recomputation.isActive,
            "a parameter of shape \(shape) is read outside the recording that differentiates its model: on "
                + "another thread or inside a nested recording its gradient would be lost. Wrap the read in "
                + "withoutGradients if none is wanted")
        return tensor
    }
}

/// What a model's traversal sees of a parameter, whatever its scalar.
package protocol AnyParameter: AnyObject, Sendable {
    var shape: Shape { get }
    var dataType: DataType { get }
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

    package func beginRecording(in recording: Recording) {
        recording.addLeaf(for: ObjectIdentifier(self))
        state.withLock { $0.recordings += 1 }
    }

    package func endRecording() { state.withLock { $0.recordings -= 1 } }

    package func visit(_ visitor: inout some ParameterVisitor) throws { try visitor.visit(self) }
}
