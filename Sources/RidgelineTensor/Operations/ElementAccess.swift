// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// The element at a position, one index for each axis, negative ones counting from the end. Reading is not
    /// recorded. Traps on a position out of range and on another number of indices.
    public subscript(element position: Int...) -> Scalar {
        get {
            requireElement(position)
            return detached.selecting(position.map { .position($0) }).item
        }
        set {
            requireElement(position)
            assign(Tensor(newValue), at: position.map { .position($0) })
        }
    }

    private func requireElement(_ position: [Int]) {
        require(
            position.count == rank,
            "subscript(element:): position \(position) in a tensor of shape \(shape); expected \(rank) indices"
        )
    }
}

extension Tensor {
    /// A part of the tensor, only to set all of it to a number or truth value written out, as in NumPy: `x[0] = 2`,
    /// `x[-3...] = 0.5`, `mask[0] = true`. What is computed is assigned as a tensor, `x[0] = Tensor(a)`, or to one element,
    /// `x[element: 0, 1] = a`. Traps as assigning a tensor does, and where the scalar cannot hold the number.
    @_disfavoredOverload
    public subscript(_ indices: any TensorIndex...) -> ElementLiteral {
        @available(*, unavailable, message: "a part of a tensor is read as a tensor")
        get { fatalError("a literal is only written") }
        set { assign(Tensor(newValue.value(as: Scalar.self)), at: indices.map(\._selection)) }
    }
}

/// A number or truth value written out on the right of an assignment to a part of a tensor. Like
/// `WholeNumberLiteral`, it is of one type whatever the tensor's, so that formulas with subscripts compile quickly.
public struct ElementLiteral: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral,
    Sendable
{
    private enum Value: Sendable {
        case whole(WholeNumberLiteral)
        case decimal(Double)
        case truth(Bool)
    }

    private let value: Value

    /// A whole number.
    public init(integerLiteral value: StaticBigInt) { self.value = .whole(.init(integerLiteral: value)) }
    /// A decimal number.
    public init(floatLiteral value: Double) { self.value = .decimal(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self.value = .truth(value) }

    /// The value in a tensor's type. Traps where it has none.
    fileprivate func value<Scalar: TensorScalar>(as type: Scalar.Type) -> Scalar {
        func converted() -> (any TensorScalar)? {
            switch (value, type) {
            case (.truth(let truth), is Bool.Type): truth
            case (.whole(let whole), let type as any FloatingScalar.Type): whole.value(asFloating: type)
            case (.whole(let whole), let type as any IntegerScalar.Type): whole.value(asInteger: type)
            case (.decimal(let decimal), let type as any FloatingScalar.Type): type.init(fromDouble: decimal)
            default: nil
            }
        }
        guard let result = converted() as? Scalar else {
            requirementFailed("subscript assignment: a literal that is no \(Scalar.self)")
        }
        return result
    }
}

extension WholeNumberLiteral {
    fileprivate func value<Scalar: FloatingScalar>(asFloating type: Scalar.Type) -> any TensorScalar {
        value(as: type)
    }
    fileprivate func value<Scalar: IntegerScalar>(asInteger type: Scalar.Type) -> any TensorScalar {
        value(as: type)
    }
}
