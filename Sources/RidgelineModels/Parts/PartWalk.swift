// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// One traversal of a model's stored properties: it finds every part that reflection can reach and refuses, by its
/// path, what may hold parameters out of its reach.
struct PartWalk {
    /// What a traversal comes upon.
    enum Part {
        /// A parameter or a buffer.
        case tensor(any StoredTensor)
        /// A struct, an object or an enum, which has parts of its own.
        case whole(Any)
    }

    /// What the parts are found for; where it answers true for a whole, the parts in it follow.
    private let body: (_ part: Part, _ path: String) -> Bool
    private var kinds = PartKinds()
    /// The properties that led here, the model's type first: what messages call a part, whatever `partNames` say.
    private var trail: [String]
    /// The objects being looked into, each with its place in the trail, and those that were.
    private var open: [ObjectIdentifier: Int] = [:]
    private var done: Set<ObjectIdentifier> = []

    init(of model: any Module, _ body: @escaping (_ part: Part, _ path: String) -> Bool) {
        self.body = body
        trail = ["\(type(of: model))"]
        visit(model, path: "")
    }

    /// A traversal of a part that another traversal has met.
    private init(
        body: @escaping (_ part: Part, _ path: String) -> Bool, trail: [String], open: [ObjectIdentifier: Int]
    ) {
        (self.body, self.trail, self.open) = (body, trail, open)
    }

    private mutating func visit(_ value: Any, path: String) {
        switch kinds.kind(of: value) {
        case .tensor:
            if let tensor = value as? any StoredTensor { _ = body(.tensor(tensor), path) }
        case .leaf: break
        case .optional:
            for child in Mirror(reflecting: value).children { visit(child.value, path: path) }
        case .list:
            let elements =
                (value as? any InlineElements)?.elements ?? Mirror(reflecting: value).children.map(\.value)
            for (index, element) in elements.enumerated() {
                visit(element, named: "\(index)", property: "\(index)", path)
            }
        case .dictionary: visitEntries(of: value, path)
        case .set:
            for member in Mirror(reflecting: value).children where holdsTensors(member.value) {
                refuse("is a set of parts with parameters: it has no order to name them by. Use an array")
            }
        case .properties:
            if body(.whole(value), path) { visitProperties(of: value, path) }
        case .object:
            visitObject(value as AnyObject, path)
        case .hidden(let how): refuseHidden(how)
        }
    }

    private mutating func visit(_ value: Any, named name: String, property: String, _ path: String) {
        trail.append(property)
        visit(value, path: path.joined(with: value, name))
        trail.removeLast()
    }

    private mutating func visitEntries(of dictionary: Any, _ path: String) {
        let entries = Mirror(reflecting: dictionary).children.compactMap { child -> (Any, Any)? in
            let pair = Array(Mirror(reflecting: child.value).children)
            return pair.count == 2 ? (pair[0].value, pair[1].value) : nil
        }
        for (key, _) in entries where holdsTensors(key) {
            refuse("has a key with parameters, which has no name. Use an array of pairs")
        }
        for (name, value) in entries.map({ ("\($0)", $1) }).sorted(by: { $0.0 < $1.0 }) {
            visit(value, named: name, property: name, path)
        }
    }

    private mutating func visitObject(_ object: AnyObject, _ path: String) {
        let identity = ObjectIdentifier(object)
        if let place = open[identity] {
            let first = trail[...place].joined(separator: ".")
            refuse(
                "is `\(first)` again: parts that hold one another have no paths. Name a property that leads "
                    + "back in `parameterFreeProperties`")
        }
        // What two properties share is found under the first path.
        guard done.insert(identity).inserted, body(.whole(object), path) else { return }
        open[identity] = trail.count - 1
        visitProperties(of: object, path)
        open[identity] = nil
    }

    private mutating func visitProperties(of value: Any, _ path: String) {
        var mirrors = [Mirror(reflecting: value)]
        while let parent = mirrors[0].superclassMirror { mirrors.insert(parent, at: 0) }
        let names = (value as? any NamedParts)?.partNames ?? [:]
        let harmless = (value as? any Module).map { type(of: $0).parameterFreeProperties } ?? []
        for mirror in mirrors {
            if "\(mirror.subjectType)".hasPrefix("ManagedBuffer<") {
                refuseHidden("is a ManagedBuffer")
            }
            for (index, child) in mirror.children.enumerated() {
                let stored = child.label ?? "\(index)"
                let isLazy = stored.hasPrefix(Self.lazyPrefix)
                let property = isLazy ? String(stored.dropFirst(Self.lazyPrefix.count)) : stored
                if harmless.contains(property) { continue }
                trail.append(property)
                if isLazy { requireUsed(child.value) }
                // All that reflection shows of a property that cannot be copied.
                if child.value is Void, mirror.displayStyle != .enum {
                    refuseHidden("cannot be copied (a Mutex or an Atomic, for instance)")
                }
                visit(child.value, path: path.joined(with: child.value, names[property] ?? property))
                trail.removeLast()
            }
        }
    }

    private static let lazyPrefix = "$__lazy_storage_$_"

    /// Refuses a lazy property that is not there yet and may hold parameters once it is.
    private mutating func requireUsed(_ value: Any) {
        guard case .optional = kinds.kind(of: value), Mirror(reflecting: value).children.isEmpty else {
            return
        }
        refuse(
            "is lazy and was not used yet: what it will hold cannot be found. Use it once before the model, or "
                + "make it no lazy property")
    }

    private func holdsTensors(_ value: Any) -> Bool { Self.holdsTensors(value, trail: trail, open: open) }

    /// Whether there is a parameter or a buffer in a part to which these properties lead.
    static func holdsTensors(_ value: Any, trail: [String], open: [ObjectIdentifier: Int] = [:]) -> Bool {
        var found = false
        var walk = PartWalk(
            body: { part, _ in
                if case .tensor = part { found = true }
                return true
            }, trail: trail, open: open)
        walk.visit(value, path: "")
        return found
    }

    private func refuseHidden(_ how: String) -> Never {
        refuse(
            "\(how): what it holds cannot be found. If that is no parameter, no buffer and no layer, say so by "
                + "@NoParameters, ParameterFree or parameterFreeProperties")
    }

    private func refuse(_ why: String) -> Never {
        requirementFailed("`\(trail.joined(separator: "."))` \(why)")
    }
}

extension String {
    /// The path of a part of that name below this path.
    fileprivate func joined(with part: Any, _ name: String) -> String {
        if name.isEmpty || (part as? any PartsOfParent)?.namesPartsForParent == true { return self }
        return isEmpty ? name : self + "." + name
    }
}
