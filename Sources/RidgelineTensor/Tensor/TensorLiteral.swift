// Part of Ridgeline. Licensed under the Apache License 2.0.

/// One part of a nested literal such as `[[1, 2], [3, 4]]`: a number or a list of parts.
public struct TensorLiteral<Scalar: TensorScalar>: Sendable {
    var shape: Shape
    var scalars: [Scalar]

    init(scalar: Scalar) {
        shape = []
        scalars = [scalar]
    }

    init(parts: [TensorLiteral]) {
        let inner = parts.first?.shape ?? []
        for part in parts {
            require(
                part.shape == inner,
                "tensor literal: a part of shape \(part.shape) beside one of \(inner); expected equal shapes")
        }
        shape = Shape([parts.count] + Array(inner))
        scalars = parts.flatMap(\.scalars)
    }
}

extension TensorLiteral: ExpressibleByArrayLiteral {
    /// A list of parts of one shape; traps where the shapes differ.
    public init(arrayLiteral elements: TensorLiteral...) { self.init(parts: elements) }
}

extension TensorLiteral: ExpressibleByIntegerLiteral where Scalar: ExpressibleByIntegerLiteral {
    /// A number.
    public init(integerLiteral value: Scalar.IntegerLiteralType) {
        self.init(scalar: Scalar(integerLiteral: value))
    }
}

extension TensorLiteral: ExpressibleByFloatLiteral where Scalar: ExpressibleByFloatLiteral {
    /// A number.
    public init(floatLiteral value: Scalar.FloatLiteralType) {
        self.init(scalar: Scalar(floatLiteral: value))
    }
}

extension TensorLiteral: ExpressibleByBooleanLiteral where Scalar: ExpressibleByBooleanLiteral {
    /// A truth value.
    public init(booleanLiteral value: Scalar.BooleanLiteralType) {
        self.init(scalar: Scalar(booleanLiteral: value))
    }
}

extension Tensor: ExpressibleByArrayLiteral {
    /// A tensor from nested lists: `let x: Tensor<Float> = [[1, 2], [3, 4]]`. Traps where the lists are
    /// ragged.
    public init(arrayLiteral elements: TensorLiteral<Scalar>...) {
        let whole = TensorLiteral(parts: elements)
        self.init(shape: whole.shape, scalars: whole.scalars)
    }
}
