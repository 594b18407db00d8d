// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A model or a part of one: a struct whose stored properties are parameters, buffers, other modules, arrays
/// and optionals of these, and settings.
///
/// A module is a handle: copies share their parameters, which are found by reflection and named by their
/// path through the properties (`hidden.expand.weight`, `blocks.0.weight`).
public protocol Module: Sendable {}

/// A module that names its parts otherwise than its properties are called: as another program's files have them.
public protocol NamedParts: Module {
    /// The names in paths by the properties' names. A property that is not among them keeps its own; an empty name
    /// leaves the property out, so that the second layer of a `Sequential` in `body` is `body.1` as in PyTorch, not
    /// `body.layers.1`.
    var partNames: [String: String] { get }
}

/// A module whose own name or number may be left out of paths, so that its parts are named as if they were its parent's.
package protocol PartsOfParent: NamedParts {
    /// Whether they are.
    var namesPartsForParent: Bool { get }
}

/// A module that maps one tensor to another.
public protocol Layer<Scalar>: Module {
    /// The element type of input and output.
    associatedtype Scalar: FloatingScalar
    /// The output for an input.
    func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar>
}

/// Who a layer is: copies of a layer have the same identity, two layers never do. Diagnostics use it to
/// attach to a layer from outside.
public struct LayerIdentity: Sendable, Hashable {
    private final class Token: Sendable {}
    private let token = Token()

    /// A new identity.
    public init() {}

    /// Whether both name one layer.
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.token === rhs.token }

    /// Hashes the identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(token)) }
}

extension Module {
    /// The paths of all parameters, in the order of the properties, with shape and element type.
    public var parameterNames: [String] { namedParameters.map(\.name) }

    /// The number of learnable values.
    public var parameterCount: Int { namedParameters.reduce(0) { $0 + $1.parameter.shape.elementCount } }

    /// The parameter at a path, or nil where there is none of that scalar.
    public func parameter<Scalar: FloatingScalar>(
        named path: String, as scalar: Scalar.Type = Scalar.self
    ) -> Parameter<Scalar>? {
        namedParameters.first { $0.name == path }?.parameter as? Parameter<Scalar>
    }

    /// All parameters of one scalar with their paths. One that two properties share is listed once, under
    /// the first path.
    public func parameters<Scalar: FloatingScalar>(
        of scalar: Scalar.Type = Scalar.self
    ) -> [(name: String, parameter: Parameter<Scalar>)] {
        namedParameters.compactMap { name, parameter in
            (parameter as? Parameter<Scalar>).map { (name, $0) }
        }
    }

    /// The paths of all tensors that a file of the model has, parameters and buffers, in the order of the
    /// properties.
    public var tensorNames: [String] { namedTensors.map(\.name) }

    /// The buffer at a path, or nil where there is none of that scalar.
    public func buffer<Scalar: TensorScalar>(
        named path: String, as scalar: Scalar.Type = Scalar.self
    ) -> Buffer<Scalar>? {
        namedTensors.first { $0.name == path }?.tensor as? Buffer<Scalar>
    }

    /// All parameters with their paths.
    package var namedParameters: [(name: String, parameter: any AnyParameter)] {
        namedTensors.compactMap { name, tensor in (tensor as? any AnyParameter).map { (name, $0) } }
    }

    /// All parameters and buffers with their paths.
    package var namedTensors: [(name: String, tensor: any StoredTensor)] {
        var found: [(name: String, tensor: any StoredTensor)] = []
        var seen: Set<ObjectIdentifier> = []
        forEachPart { part, path in
            guard let tensor = part as? any StoredTensor else { return true }
            if seen.insert(ObjectIdentifier(tensor)).inserted { found.append((path, tensor)) }
            return false
        }
        return found
    }

    /// Calls `body` with this module and, where that answers true, with the parts of each part, through
    /// optionals, arrays and dictionaries, in the order of the properties.
    package func forEachPart(_ body: (_ part: Any, _ path: String) -> Bool) {
        visitParts(of: self, path: "", body)
    }
}

private func visitParts(of value: Any, path: String, _ body: (Any, String) -> Bool) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
        for child in mirror.children { visitParts(of: child.value, path: path, body) }
    case .collection, .tuple:
        for (index, child) in mirror.children.enumerated() {
            visitParts(of: child.value, path: joined(path, child.value, "\(index)"), body)
        }
    case .dictionary:
        let entries = mirror.children.compactMap { child -> (String, Any)? in
            let pair = Array(Mirror(reflecting: child.value).children)
            return pair.count == 2 ? ("\(pair[0].value)", pair[1].value) : nil
        }
        for (key, value) in entries.sorted(by: { $0.0 < $1.0 }) {
            visitParts(of: value, path: joined(path, key), body)
        }
    default:
        // Any struct, class or enum, so that no parameter is lost in a value that is not a module itself;
        // what holds neither (tensors, numbers, text) has no children worth a name.
        if value is any Opaque { return }
        guard body(value, path) else { return }
        if let parent = mirror.superclassMirror { visit(parent.children, of: value, path, body) }
        visit(mirror.children, of: value, path, body)
    }
}

private func visit(
    _ children: Mirror.Children, of value: Any, _ path: String, _ body: (Any, String) -> Bool
) {
    let names = (value as? any NamedParts)?.partNames ?? [:]
    for child in children {
        guard let label = child.label else { continue }
        visitParts(of: child.value, path: joined(path, child.value, names[label] ?? label), body)
    }
}

/// Values that hold no parameters and are not looked into: most of a model's properties.
private protocol Opaque {}
extension Tensor: Opaque {}
extension Activation: Opaque {}
extension LayerIdentity: Opaque {}
extension String: Opaque {}
extension Int: Opaque {}
extension Double: Opaque {}
extension Float: Opaque {}
extension Bool: Opaque {}

/// The path of a part of that name.
private func joined(_ path: String, _ part: Any, _ name: String) -> String {
    (part as? any PartsOfParent)?.namesPartsForParent == true ? path : joined(path, name)
}

private func joined(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : name.isEmpty ? path : path + "." + name
}
