// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

extension Module {
    /// A deep copy: a model of the same structure, settings and values whose parameters and buffers are its own, so that
    /// training one leaves the other alone (PyTorch: `copy.deepcopy`).
    ///
    /// What shares a parameter in this model shares one in the copy. Layers of the copy have identities of their own;
    /// what holds neither parameters nor buffers (a logger, a closure) is shared.
    ///
    /// Structs, tuples, optionals, arrays and dictionaries are copied as they are; classes and enums that hold parameters
    /// say how by `DeepCopyable`. Traps, with the path, where one does not, and as every use of a model.
    public func copied() -> Self {
        let originals = Set(namedTensors.map { ObjectIdentifier($0.tensor) })
        var copies = ModelCopies(of: self)
        let copy = copies.copy(of: self)
        // What was not reached would be trained by both.
        for (name, tensor) in copy.namedTensors {
            require(
                !originals.contains(ObjectIdentifier(tensor)),
                "copied(): `\(type(of: self)).\(name)` belongs to the copy and the original; make the type that "
                    + "holds it DeepCopyable")
        }
        return copy
    }

    /// Sets every parameter and buffer to the value that the other model's of the same path has, such as a target
    /// network's now and then. Traps, before anything changes, where the paths, shapes or element types differ.
    public func copyValues(from other: some Module) {
        let (mine, theirs) = (namedTensors, other.namedTensors)
        require(
            mine.map(\.name) == theirs.map(\.name),
            "copyValues: the models' tensors have other names: \(Self.firstDifference(mine, theirs))")
        for (mine, theirs) in zip(mine, theirs) {
            require(
                mine.tensor.shape == theirs.tensor.shape && mine.tensor.dataType == theirs.tensor.dataType
                    && type(of: mine.tensor) == type(of: theirs.tensor),
                "copyValues: `\(mine.name)` is \(mine.tensor.shape) of \(mine.tensor.dataType), the other's "
                    + "\(theirs.tensor.shape) of \(theirs.tensor.dataType); expected the same")
        }
        for (mine, theirs) in zip(mine, theirs) { mine.tensor.setValue(from: theirs.tensor) }
    }

    private static func firstDifference(
        _ mine: [(name: String, tensor: any StoredTensor)],
        _ theirs: [(name: String, tensor: any StoredTensor)]
    ) -> String {
        let pairs = zip(mine.map { $0.name as String? } + [nil], theirs.map { $0.name as String? } + [nil])
        let first = pairs.first { $0 != $1 }
        return "`\(first?.0 ?? "nothing")`, the other's `\(first?.1 ?? "nothing")`"
    }
}

/// A type that makes its own deep copies, as a class or an enum with parameters must: reflection cannot.
///
/// ```swift
/// final class Encoder: Module, DeepCopyable {
///     let layer: Linear<Float>
///     init(copying other: Encoder, _ copies: inout ModelCopies) { layer = copies.copy(of: other.layer) }
/// }
/// ```
public protocol DeepCopyable {
    /// A deep copy of another value: each part that holds parameters copied by `copies`.
    init(copying other: Self, _ copies: inout ModelCopies)
}

/// The deep copies made so far of the parts of one model: what is shared there is shared here.
public struct ModelCopies {
    private var made: [ObjectIdentifier: AnyObject] = [:]
    private var kinds = PartKinds()
    private var trail: [String]

    init(of model: some Module) { trail = ["\(type(of: model))"] }

    /// The deep copy of a part: the same one each time for the same object.
    public mutating func copy<Part>(of part: Part) -> Part {
        guard let copy = anyCopy(of: part) as? Part else {
            requirementFailed("copied(): \(type(of: part)) made a copy of another type")
        }
        return copy
    }

    private mutating func anyCopy(of part: Any) -> Any {
        // Out of an existential within this one, as an array of layers has.
        let part = (part as? any Module).map { $0 as Any } ?? part
        if let part = part as? any MadeAnew { return part.anew(&self) }
        if let part = part as? any DeepCopyable { return copy(copyable: part) }
        switch kinds.kind(of: part) {
        case .tensor, .leaf, .hidden: return part
        case .optional, .list, .dictionary:
            if let container = part as? any CopyableContainer { return container.copied(&self) }
            return structure(part)
        case .properties where Mirror(reflecting: part).displayStyle != .enum: return structure(part)
        case .properties, .object, .set:
            refuseTensors(in: part)
            return part
        }
    }

    /// The copy of what is copied once for all that share it.
    mutating func shared(_ object: AnyObject, _ make: () -> AnyObject) -> AnyObject {
        if let copy = made[ObjectIdentifier(object)] { return copy }
        let copy = make()
        made[ObjectIdentifier(object)] = copy
        return copy
    }

    private mutating func copy<Part: DeepCopyable>(copyable part: Part) -> Any {
        guard type(of: part) is AnyClass else { return Part(copying: part, &self) }
        let identity = ObjectIdentifier(part as AnyObject)
        if let copy = made[identity] { return copy }
        let copy = Part(copying: part, &self) as AnyObject
        made[identity] = copy
        return copy
    }

    /// A struct or a tuple with copies of its properties.
    private mutating func structure(_ part: Any) -> Any {
        let fields = StoredField.all(of: type(of: part))
        let children = Array(Mirror(reflecting: part).children)
        guard fields.count == children.count else {
            refuseTensors(in: part)
            return part
        }
        var changed: [(field: StoredField, value: Any)] = []
        for (index, (field, child)) in zip(fields, children).enumerated() {
            trail.append(child.label ?? "\(index)")
            if case .leaf = kinds.kind(of: child.value), !(child.value is any MadeAnew) {
                // Stays as it is.
            } else {
                changed.append((field, anyCopy(of: child.value)))
            }
            trail.removeLast()
        }
        func with<Value>(_ value: Value) -> Any? {
            guard ObjectIdentifier(Value.self) == ObjectIdentifier(type(of: part)) else { return nil }
            var copy = value
            withUnsafeMutableBytes(of: &copy) { memory in
                guard let start = memory.baseAddress else { return }
                for (field, value) in changed { field.set(value, in: start) }
            }
            return copy
        }
        if let copy = _openExistential(part, do: with) { return copy }
        refuseTensors(in: part)
        return part
    }

    private func refuseTensors(in part: Any) {
        require(
            !PartWalk.holdsTensors(part, trail: trail),
            "copied(): `\(trail.joined(separator: "."))` is of type \(type(of: part)), which reflection cannot copy; "
                + "make it DeepCopyable")
    }
}

/// What a model has for itself and its copy has anew.
private protocol MadeAnew {
    /// A new one of the same value, one for all that share this.
    func anew(_ copies: inout ModelCopies) -> Any
}

extension Parameter: MadeAnew {
    func anew(_ copies: inout ModelCopies) -> Any {
        copies.shared(self) { Parameter(withoutGradients { value }) }
    }
}

extension Buffer: MadeAnew {
    func anew(_ copies: inout ModelCopies) -> Any {
        copies.shared(self) { Buffer(value, isOptionalInFiles: isOptionalInFiles) }
    }
}

extension VersionedCache: MadeAnew {
    func anew(_ copies: inout ModelCopies) -> Any { copies.shared(self) { VersionedCache() } }
}

extension LayerIdentity: MadeAnew {
    func anew(_ copies: inout ModelCopies) -> Any { copied(&copies) }
}

/// A container of the standard library, made anew of copies.
private protocol CopyableContainer {
    func copied(_ copies: inout ModelCopies) -> Any
}

extension Optional: CopyableContainer {
    func copied(_ copies: inout ModelCopies) -> Any { map { copies.copy(of: $0) } as Any }
}

extension Array: CopyableContainer {
    func copied(_ copies: inout ModelCopies) -> Any { map { copies.copy(of: $0) } }
}

extension Dictionary: CopyableContainer {
    func copied(_ copies: inout ModelCopies) -> Any { mapValues { copies.copy(of: $0) } }
}

extension InlineArray: CopyableContainer {
    func copied(_ copies: inout ModelCopies) -> Any {
        InlineArray<count, Element> { copies.copy(of: self[$0]) }
    }
}
