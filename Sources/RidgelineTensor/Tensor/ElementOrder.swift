// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Layout {
    /// The axes in the order in which the elements lie, the one with the longest steps first.
    package var order: [Int] {
        (0..<rank).sorted { (strides[$0], -$0) > (strides[$1], -$1) }
    }
}

extension Tensor {
    /// These elements, lying without gaps with the axes in this order, the longest steps first: the tensor itself
    /// where they do, else a copy.
    package func lying(inOrder order: [Int]) -> Tensor {
        if order == Array(0..<rank) { return contiguous() }
        if layout.permuted(order).isContiguous { return self }
        return permuted(order).contiguous().permuted(Self.inverse(order))
    }

    /// Calls `body` with the elements as they lie with the axes in this order.
    package func withUnsafeElements<Result>(
        inOrder order: [Int], _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        try view(layout.permuted(order)).withUnsafeBufferPointer(body)
    }

    /// The same to change them; copies them first where the storage is shared or they do not lie so.
    package mutating func withUnsafeMutableElements<Result>(
        inOrder order: [Int], _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        trace = .none
        let inverse = Self.inverse(order)
        layout = layout.permuted(order)
        defer { layout = layout.permuted(inverse) }
        return try withUnsafeMutableBufferPointer(body)
    }

    private static func inverse(_ order: [Int]) -> [Int] {
        order.indices.sorted { order[$0] < order[$1] }
    }
}
