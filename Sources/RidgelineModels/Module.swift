// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A model or a part of one: a struct whose stored properties are parameters, buffers, other modules and settings.
///
/// A module is a handle: copies share their parameters, which are found by reflection and named by their
/// path through the properties (`hidden.expand.weight`, `blocks.0.weight`). `copied()` makes an independent model.
///
/// **What is found.** All that is stored in structs, classes (with all their superclasses), enums, tuples, optionals,
/// arrays, inline arrays and dictionaries, whether or not they are modules themselves.
///
/// **What is refused.** A stored property that may hold parameters where reflection cannot see them stops the program,
/// with its path, when the model is first used (listed, saved, loaded, differentiated, given to an optimizer): a
/// closure, a `Mutex` or another value that cannot be copied, an actor, a pointer, a lazy property before its first
/// use, a set of layers (it has no order to name them by), and objects that hold one another in a circle. Where
/// such a property holds no parameters, say so: `NoParameters` for a property, `parameterFreeProperties` for several
/// of a class, `ParameterFree` for a type.
///
/// **What cannot be seen.** Computed properties, static ones, globals and what a function makes on the way are no
/// part of a model: keep layers in stored properties. Differentiating a model (`valueAndGradients(of:)`) traps where it
/// reads a parameter that belongs to no model used so far, which such a layer's are.
public protocol Module: Sendable, CustomStringConvertible {
    /// The names of stored properties that hold no parameters, no buffers and no layers and are not looked into: where
    /// reflection could not tell, and `NoParameters` does not fit. None by default.
    ///
    /// ```swift
    /// final class Counted: Module {
    ///     let layer = Linear<Float>(8, 4)
    ///     let calls = Mutex(0)
    ///     static let parameterFreeProperties: Set = ["calls"]
    /// }
    /// ```
    static var parameterFreeProperties: Set<String> { get }
}

extension Module {
    /// None.
    public static var parameterFreeProperties: Set<String> { [] }
}

/// A module that names its parts otherwise than its properties are called: as another program's files have them.
public protocol NamedParts: Module {
    /// The names in paths by the properties' names. A property that is not among them keeps its own; an empty name
    /// leaves the property out, so that the second layer of a `Sequential` in `body` is `body.1` as in PyTorch, not
    /// `body.layers.1`. Two tensors of one path are refused when the model is first used.
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
    private let token: Token

    /// A new identity.
    public init() { token = Token() }

    private init(_ token: Token) { self.token = token }

    /// That of the same layer in a copy of the model.
    func copied(_ copies: inout ModelCopies) -> LayerIdentity {
        guard let token = copies.shared(token, { Token() }) as? Token else { return LayerIdentity() }
        return LayerIdentity(token)
    }

    /// Whether both name one layer.
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.token === rhs.token }

    /// Hashes the identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(token)) }
}

extension Module {
    /// The paths of all parameters, in the order of the properties.
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

    /// All buffers of one scalar with their paths. One that two properties share is listed once, under the first path.
    public func buffers<Scalar: TensorScalar>(
        of scalar: Scalar.Type = Scalar.self
    ) -> [(name: String, buffer: Buffer<Scalar>)] {
        namedTensors.compactMap { name, tensor in (tensor as? Buffer<Scalar>).map { (name, $0) } }
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
        var names: Set<String> = []
        forEachPart { part, path in
            guard case .tensor(let tensor) = part else { return true }
            guard seen.insert(ObjectIdentifier(tensor)).inserted else { return false }
            require(
                names.insert(path).inserted,
                "\(type(of: self)): two tensors are called `\(path)`; expected a name for each. See partNames"
            )
            tensor.noteFound()
            found.append((path, tensor))
            return false
        }
        return found
    }

    /// Calls `body` with this module and, where that answers true, with the parts of each part, in the order of the
    /// properties. Traps on a part that reflection cannot see into.
    func forEachPart(_ body: (_ part: PartWalk.Part, _ path: String) -> Bool) {
        withoutActuallyEscaping(body) { _ = PartWalk(of: self, $0) }
    }
}
