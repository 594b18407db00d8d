// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

extension Module {
    /// The layers that have an identity, with their paths and the parameters that are their own properties.
    var namedLayers: [(path: String, identity: LayerIdentity, parameters: [any AnyParameter])] {
        var found: [(path: String, identity: LayerIdentity, parameters: [any AnyParameter])] = []
        var seen: Set<LayerIdentity> = []
        forEachPart { part, path in
            guard case .whole(let part) = part else { return false }
            let properties = Mirror(reflecting: part).children.map(\.value)
            guard let identity = properties.lazy.compactMap({ $0 as? LayerIdentity }).first,
                seen.insert(identity).inserted
            else { return true }
            found.append((path, identity, properties.compactMap { $0 as? any AnyParameter }))
            return true
        }
        return found
    }
}

extension ModelGradients {
    /// The Euclidean norm of the gradients of these parameters together.
    func norm(of parameters: [any AnyParameter]) -> Double {
        var visitor = SquaredNorm(gradients: self)
        // This visitor throws nothing.
        for parameter in parameters { try? parameter.visit(&visitor) }
        return visitor.sum.squareRoot()
    }

    private struct SquaredNorm: ParameterVisitor {
        let gradients: ModelGradients
        var sum = 0.0

        mutating func visit<Scalar: FloatingScalar>(_ parameter: Parameter<Scalar>) {
            guard let gradient = gradients[parameter] else { return }
            let norm = Double(gradient.norm().item)
            sum += norm * norm
        }
    }
}
