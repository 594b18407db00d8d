// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor: CustomStringConvertible {
    /// The elements as NumPy writes them with commas: aligned, eight digits after the point at most, lines of
    /// up to 75 characters, and beyond 1,000 elements only three at either end of each axis.
    public var description: String {
        let body = TensorText(self).text
        return elementCount == 0 && rank > 1 ? "[] (shape \(shape))" : body
    }
}

/// The text of a tensor, by the rules of NumPy's `array2string(separator=", ")`.
private struct TensorText {
    private static let lineWidth = 75
    private static let edge = 3
    private var words: [String] = []
    private var next = 0
    private let elides: Bool
    private(set) var text = ""

    init<Scalar>(_ tensor: Tensor<Scalar>) {
        elides = tensor.elementCount > 1_000
        var shown: [Scalar] = []
        collect(tensor.layout) { shown.append(tensor.storage.pointer(as: Scalar.self)[$0]) }
        withExtendedLifetime(tensor.storage) {}
        words = NumberFormat.texts(shown)
        text = block(tensor.layout, indent: " ", width: Self.lineWidth)
    }

    /// The positions of an axis that are written; nil stands for the dots.
    private func positions(_ extent: Int) -> [Int?] {
        guard elides && extent > 2 * Self.edge else { return Array(0..<extent) }
        return Array(0..<Self.edge) + [nil] + Array(extent - Self.edge..<extent)
    }

    private func collect(_ layout: Layout, _ body: (_ offset: Int) -> Void) {
        if layout.rank == 0 { return body(layout.offset) }
        for case let position? in positions(layout.shape[0]) {
            collect(layout.selecting(axis: 0, position: position), body)
        }
    }

    private mutating func block(_ layout: Layout, indent: String, width: Int) -> String {
        if layout.rank == 0 { return word() }
        if layout.rank == 1 { return row(layout.shape[0], indent: indent, width: width - 1) }
        var parts: [String] = []
        for position in positions(layout.shape[0]) {
            guard let position else {
                parts.append("...")
                continue
            }
            let inner = layout.selecting(axis: 0, position: position)
            parts.append(block(inner, indent: indent + " ", width: width - 1))
        }
        let separator = "," + String(repeating: "\n", count: layout.rank - 1) + indent
        return "[" + parts.joined(separator: separator) + "]"
    }

    /// The words of the last axis, in as many lines as they need.
    private mutating func row(_ extent: Int, indent: String, width: Int) -> String {
        var lines = ""
        var line = indent
        let shown = positions(extent)
        for (place, position) in shown.enumerated() {
            let part = position == nil ? "..." : word()
            if line.count + part.count > width && line.count > indent.count {
                while line.last == " " { line.removeLast() }
                lines += line + "\n"
                line = indent
            }
            line += part + (place < shown.count - 1 ? ", " : "")
        }
        return "[" + (lines + line).dropFirst(indent.count) + "]"
    }

    private mutating func word() -> String {
        defer { next += 1 }
        return words[next]
    }
}
