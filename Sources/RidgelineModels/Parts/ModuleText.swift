// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

extension Module {
    /// The tree of the parts, with the shapes of parameters and buffers, the settings, and how many values are learnt:
    ///
    /// ```
    /// Classifier(
    ///   (hidden): FeedForward<Float>(
    ///     (expand): Linear<Float>(weight: [8, 4], bias: [8], activation: gelu)
    ///     (contract): Linear<Float>(weight: [4, 8], bias: [4], activation: identity)
    ///     residual: none
    ///   )
    ///   (head): Linear<Float>(weight: [2, 4], bias: [2], activation: identity)
    /// ): 86 parameters
    /// ```
    public var description: String {
        var text = ModuleText()
        let tree = text.tree(of: self, indentation: "")
        return "\(tree): \(text.parameterCount) parameters"
    }
}

/// A model's parts as text; what a traversal would refuse is shown as what it is.
private struct ModuleText {
    private(set) var parameterCount = 0
    private var kinds = PartKinds()
    private var seen: Set<ObjectIdentifier> = []
    private var open: Set<ObjectIdentifier> = []

    /// A part's own tensors and settings, and its parts, each a line or more.
    private struct Content {
        var items: [String] = []
        var parts: [String] = []
    }

    /// As `Linear<Float>(weight: [8, 4], bias: [8])`, over several lines where there are parts.
    mutating func tree(of value: Any, indentation: String) -> String {
        let name = "\(type(of: value))"
        var object: ObjectIdentifier?
        if case .object = kinds.kind(of: value) {
            let identity = ObjectIdentifier(value as AnyObject)
            guard open.insert(identity).inserted else { return "\(name)(…)" }
            object = identity
        }
        defer { if let object { open.remove(object) } }
        var content = Content()
        let names = (value as? any NamedParts)?.partNames ?? [:]
        var mirrors = [Mirror(reflecting: value)]
        while let parent = mirrors[0].superclassMirror { mirrors.insert(parent, at: 0) }
        for (index, child) in mirrors.flatMap({ Array($0.children) }).enumerated() {
            let property = child.label ?? "\(index)"
            add(child.value, names[property] ?? property, property, to: &content, indentation + "  ")
        }
        let items = content.items.joined(separator: ", ")
        if content.parts.isEmpty { return "\(name)(\(items))" }
        let lines = content.parts + (items.isEmpty ? [] : [items])
        return "\(name)(\n" + lines.map { "\(indentation)  \($0)\n" }.joined() + "\(indentation))"
    }

    private mutating func add(
        _ value: Any, _ name: String, _ property: String, to content: inout Content, _ indentation: String
    ) {
        switch kinds.kind(of: value) {
        case .tensor:
            guard let tensor = value as? any StoredTensor else { return }
            content.items.append("\(name): \(tensor.shape)")
            if tensor is any AnyParameter, seen.insert(ObjectIdentifier(tensor)).inserted {
                parameterCount += tensor.shape.elementCount
            }
        case .leaf where Mirror(reflecting: value).displayStyle != .optional:
            content.items += settings(value, name)
        case .leaf, .optional:
            for child in Mirror(reflecting: value).children {
                add(child.value, name, property, to: &content, indentation)
            }
        case .list:
            let elements =
                (value as? any InlineElements)?.elements ?? Mirror(reflecting: value).children.map(\.value)
            for (index, element) in elements.enumerated() {
                let number = name.isEmpty ? "\(index)" : "\(name).\(index)"
                add(element, number, number, to: &content, indentation)
            }
        case .dictionary:
            let pairs = Mirror(reflecting: value).children.map {
                Array(Mirror(reflecting: $0.value).children)
            }
            let entries = pairs.filter { $0.count == 2 }.map { ("\($0[0].value)", $0[1].value) }
            for (key, element) in entries.sorted(by: { $0.0 < $1.0 }) {
                let path = name.isEmpty ? key : "\(name).\(key)"
                add(element, path, path, to: &content, indentation)
            }
        case .properties where Mirror(reflecting: value).children.isEmpty && !(value is any Module):
            content.items.append("\(name): \(value)")
        case .properties, .object:
            let shown = name.isEmpty ? property : name
            content.parts.append("(\(shown)): \(tree(of: value, indentation: indentation))")
        case .set, .hidden: content.items.append("\(name): \(type(of: value))")
        }
    }

    /// What is worth a look of a value without parameters: numbers, names and sizes, no data.
    private func settings(_ value: Any, _ name: String) -> [String] {
        if let steps = value as? ConvolutionSteps { return steps.settings }
        if value is any ParameterFree && !(value is any Hashable) { return [] }
        if value is LayerIdentity || Mirror(reflecting: value).displayStyle == .tuple { return [] }
        let text = "\(value)"
        return text.count <= 40 && !text.contains("\n") ? ["\(name): \(text)"] : []
    }
}

extension ConvolutionSteps {
    /// Those that are not a convolution's defaults.
    fileprivate var settings: [String] {
        var found: [String] = []
        if stride != 1 { found.append("stride: \(stride)") }
        if padding != .none && padding != 0 { found.append("padding: \(padding)") }
        if paddingMode != .zero { found.append("paddingMode: \(paddingMode)") }
        if dilation != 1 { found.append("dilation: \(dilation)") }
        if groups != 1 { found.append("groups: \(groups)") }
        return found
    }
}
