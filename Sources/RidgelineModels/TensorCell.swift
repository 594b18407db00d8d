// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A tensor that every copy of a model shares, read and written atomically: what a `Parameter` and a `Buffer` have in
/// common.
package final class TensorCell<Scalar: TensorScalar>: Sendable {
    private struct State {
        var tensor: Tensor<Scalar>
        var version = 0
    }

    private let state: Lock<State>
    private let name: String
    /// The axes in the order in which the first value's elements lie, which later values take on: a convolution's
    /// weight stays channels last.
    package let order: [Int]

    /// The extents, which never change.
    package let shape: Shape

    /// - Parameter name: What it is, for messages.
    init(_ tensor: Tensor<Scalar>, of name: String) {
        self.name = name
        shape = tensor.shape
        order = tensor.layout.order
        state = Lock(State(tensor: tensor.detached.lying(inOrder: order)))
    }

    /// The value. Setting it traps where the shape differs.
    package var value: Tensor<Scalar> {
        get { state.withLock { $0.tensor } }
        set {
            check(newValue)
            update { $0 = newValue }
        }
    }

    /// How often the value was set.
    package var version: Int { state.withLock { $0.version } }

    /// Calls `body` with the value, which nobody changes meanwhile.
    func reading<Result>(_ body: (Tensor<Scalar>) throws -> Result) rethrows -> Result {
        try state.withLock { try body($0.tensor) }
    }

    /// Changes the value in place, atomically. A change that throws may have been made in part. Traps where it
    /// leaves another shape.
    func update(_ change: (inout Tensor<Scalar>) throws -> Void) rethrows {
        try state.withLock { state in
            defer {
                state.version += 1
                state.tensor = state.tensor.detached.lying(inOrder: order)
                check(state.tensor)
            }
            try change(&state.tensor)
        }
    }

    private func check(_ tensor: Tensor<Scalar>) {
        require(tensor.shape == shape, "\(name): a value of shape \(tensor.shape); expected \(shape)")
    }
}

/// What files see of a parameter or a buffer, whatever its scalar.
package protocol StoredTensor: AnyObject, Sendable {
    var shape: Shape { get }
    var dataType: DataType { get }
    /// Whether a file may lack it.
    var isOptionalInFiles: Bool { get }
    /// Takes on the value of another of the same type and shape.
    func setValue(from other: any StoredTensor)
    /// A model's traversal came upon it.
    func noteFound()
    func visitCell(_ visitor: inout some TensorCellVisitor) throws
}

/// An operation on shared tensors of any scalar.
package protocol TensorCellVisitor {
    mutating func visit<Scalar: TensorScalar>(_ cell: TensorCell<Scalar>) throws
}

extension StoredTensor {
    package func noteFound() {}
}
