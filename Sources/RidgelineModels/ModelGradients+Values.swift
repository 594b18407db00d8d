// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

extension ModelGradients: Sequence {
    /// One parameter's gradient, whatever its scalar.
    public struct Element: CustomStringConvertible {
        /// The parameter's path in the model.
        public let name: String
        let parameter: any AnyParameter
        let gradient: ErasedTensor

        /// The extents, the parameter's.
        public var shape: Shape { parameter.shape }
        /// The element type.
        public var dataType: DataType { parameter.dataType }
        /// The Euclidean norm, √Σ g².
        public var norm: Double { gradient.norm }

        /// The gradient; nil where it is of another scalar.
        public func tensor<Scalar: FloatingScalar>(as scalar: Scalar.Type = Scalar.self) -> Tensor<Scalar>? {
            gradient.dataType == Scalar.dataType ? gradient.typed() : nil
        }

        /// As `hidden.weight [64, 1] norm 0.0123`.
        public var description: String { "\(name) \(shape) norm \(norm.asText)" }
    }

    /// The parameters that have a gradient, in the order of the model's properties.
    public func makeIterator() -> some IteratorProtocol<Element> {
        places.lazy.compactMap { name, parameter in
            gradients[ObjectIdentifier(parameter)].map {
                Element(name: name, parameter: parameter, gradient: $0)
            }
        }.makeIterator()
    }

    /// Those of one scalar, as `Module.parameters(of:)`: path, parameter and gradient of each that has one.
    public func all<Scalar: FloatingScalar>(
        of scalar: Scalar.Type = Scalar.self
    ) -> [(name: String, parameter: Parameter<Scalar>, gradient: Tensor<Scalar>)] {
        places.compactMap { name, parameter in
            guard let parameter = parameter as? Parameter<Scalar>, let gradient = self[parameter] else {
                return nil
            }
            return (name, parameter, gradient)
        }
    }

    /// The paths of the parameters that have a gradient, in the order of the model's properties.
    public var names: [String] { map(\.name) }

    /// The gradient of the parameter of this path; nil where there is none of that scalar.
    public func gradient<Scalar: FloatingScalar>(
        named name: String, as scalar: Scalar.Type = Scalar.self
    ) -> Tensor<Scalar>? {
        first { $0.name == name }?.tensor()
    }

    /// The Euclidean norm of all gradients together, √Σ g² over every element (PyTorch: the total norm of
    /// `clip_grad_norm_`); 0 for none.
    public func norm() -> Double {
        // By the largest, so that no square overflows where the norm itself does not.
        let norms = map(\.norm)
        guard let largest = norms.max(), largest > 0, largest.isFinite, !norms.contains(where: \.isNaN) else {
            return norms.contains(where: \.isNaN) ? .nan : norms.max() ?? 0
        }
        return largest * norms.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
    }
}

extension ErasedTensor {
    /// √Σ g².
    fileprivate var norm: Double {
        switch dataType {
        case .float32: Self.norm(of: typed(as: Float.self))
        case .float64: Self.norm(of: typed(as: Double.self))
        default: fatalError("gradients are floating-point")
        }
    }

    private static func norm<Scalar: FloatingScalar>(of gradient: Tensor<Scalar>) -> Double {
        let norm = gradient.norm().item.asDouble
        if norm.isNormal || gradient.elementCount == 0 { return norm }
        // A norm that a `Float` cannot hold, of gradients that it can.
        let largest = abs(gradient).max().item
        guard largest > 0, largest.isFinite else { return norm }
        return largest.asDouble * (gradient / largest).norm().item.asDouble
    }
}

extension ModelGradients: CustomStringConvertible {
    /// A line for each parameter that has a gradient, below one for all of them:
    ///
    /// ```
    /// 2 gradients, norm 5.1
    ///   weight [3, 4] norm 5
    ///   bias [3] norm 1
    /// ```
    public var description: String {
        let lines = map { "\n  \($0)" }
        return "\(count) gradient\(count == 1 ? "" : "s"), norm \(norm().asText)" + lines.joined()
    }
}

extension Double {
    /// The digits that single precision has.
    fileprivate var asText: String { Float(self).isFinite && Float(self) != 0 ? "\(Float(self))" : "\(self)" }
}
