// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What a model's traversal does with the values of a type.
enum PartKind {
    /// A parameter or a buffer.
    case tensor
    /// Holds neither: a number, text, a tensor, what is declared `ParameterFree`.
    case leaf
    /// Holds one value or none, under its own path.
    case optional
    /// Values by number.
    case list
    /// Values by key.
    case dictionary
    /// Values without an order.
    case set
    /// Values by name: a struct or an enum.
    case properties
    /// The same of a class.
    case object
    /// Reflection cannot see what it holds; how the sentence "it …" goes on.
    case hidden(String)
}

/// What reflection shows of an inline array is nothing.
protocol InlineElements {
    var elements: [Any] { get }
}

extension InlineArray: InlineElements {
    var elements: [Any] { indices.map { self[$0] } }
}

/// The kinds of the types met so far: finding one out takes microseconds, looking it up nanoseconds.
struct PartKinds {
    private static let known = Lock<[ObjectIdentifier: PartKind]>([:])

    private var kinds = known.withLock { $0 }

    /// The kind of the value's type.
    mutating func kind(of value: Any) -> PartKind {
        let identity = ObjectIdentifier(type(of: value))
        if let kind = kinds[identity] { return kind }
        let kind = PartKind(of: value)
        kinds[identity] = kind
        Self.known.withLock { $0[identity] = kind }
        return kind
    }
}

extension PartKind {
    /// Found out anew.
    fileprivate init(of value: Any) {
        // By the type alone: a cast of an array may look at every element.
        let type = type(of: value)
        let name = String(reflecting: type)
        if type is any StoredTensor.Type {
            self = .tensor
        } else if type is any ParameterFree.Type || type is AnyKeyPath.Type {
            self = .leaf
        } else if !(type is any Module.Type) && Self.isPlain(name) {
            self = .leaf
        } else if type is any Actor.Type {
            self = .hidden("is an actor")
        } else if type is any InlineElements.Type {
            self = .list
        } else if Self.pointers.contains(where: { name.hasPrefix($0) }) {
            self = .hidden("is a pointer")
        } else if name.hasPrefix("Foundation."), Self.containers.contains(name) {
            self = .hidden("is a container of Foundation")
        } else if value is Any.Type {
            self = .leaf
        } else {
            self.init(style: Mirror(reflecting: value).displayStyle, type, name)
        }
    }

    private init(style: Mirror.DisplayStyle?, _ type: Any.Type, _ name: String) {
        switch style {
        case .optional: self = .optional
        case .collection, .tuple: self = .list
        case .dictionary: self = .dictionary
        case .set: self = .set
        case _ where type is any CustomReflectable.Type && !name.hasPrefix("Swift."):
            self = .hidden("describes itself to reflection (CustomReflectable)")
        case .struct, .enum: self = .properties
        case .class: self = .object
        case nil where name.contains("->"): self = .hidden("is a closure")
        default: self = .hidden("is of type \(name), into which reflection cannot see")
        }
    }

    /// Whether a type of this name is put together of the standard library's, Foundation's and the engine's types
    /// alone, which hold no parameters.
    private static func isPlain(_ name: String) -> Bool {
        if name.contains("->") { return false }
        let words = name.split { "<>(), ".contains($0) }
        return words.allSatisfy { word in
            // A number of elements, or the label of one.
            word.allSatisfy(\.isNumber) || word.hasSuffix(":")
                || (modules.contains { word.hasPrefix($0) } && !containers.contains(String(word)))
        }
    }

    private static let modules = [
        "Swift.", "RidgelineTensor.", "RidgelineFormats.", "Foundation.", "FoundationEssentials.",
        "FoundationInternationalization.", "FoundationNetworking.", "Dispatch.",
    ]

    /// Of these modules' types those that hold anything.
    private static let containers: Set = [
        "Swift.AnyHashable",
        "Foundation.NSArray", "Foundation.NSMutableArray", "Foundation.NSDictionary",
        "Foundation.NSMutableDictionary", "Foundation.NSSet", "Foundation.NSMutableSet",
        "Foundation.NSCountedSet", "Foundation.NSOrderedSet", "Foundation.NSMutableOrderedSet",
    ]

    private static let pointers = [
        "Swift.UnsafePointer<", "Swift.UnsafeMutablePointer<", "Swift.UnsafeBufferPointer<",
        "Swift.UnsafeMutableBufferPointer<", "Swift.Unmanaged<",
    ]
}
