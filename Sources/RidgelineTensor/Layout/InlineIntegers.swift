// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Up to eight integers stored in place: the extents of a shape or the strides of a layout.
///
/// A tensor is made for every small operation; a heap array for its shape and another for its
/// strides would cost more than the operation.
package struct InlineIntegers: Sendable, Hashable, RandomAccessCollection, MutableCollection {
    /// The most integers one value holds, and so the highest rank of a tensor.
    package static let capacity = 8

    private var values = InlineArray<8, Int>(repeating: 0)
    package private(set) var count: Int

    package init() { count = 0 }

    package init(repeating value: Int, count: Int) {
        require(count <= Self.capacity, "a tensor has at most \(Self.capacity) axes, not \(count)")
        self.count = count
        for index in 0..<count { values[index] = value }
    }

    package init(_ elements: some Sequence<Int>) {
        count = 0
        for element in elements { append(element) }
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(position: Int) -> Int {
        @inline(__always) get {
            precondition(position >= 0 && position < count, "axis out of range")
            return values[position]
        }
        @inline(__always) set {
            precondition(position >= 0 && position < count, "axis out of range")
            values[position] = newValue
        }
    }

    package mutating func append(_ value: Int) {
        require(count < Self.capacity, "a tensor has at most \(Self.capacity) axes")
        values[count] = value
        count += 1
    }

    package mutating func insert(_ value: Int, at position: Int) {
        require(position >= 0 && position <= count, "axis out of range")
        append(0)
        var index = count - 1
        while index > position {
            values[index] = values[index - 1]
            index -= 1
        }
        values[position] = value
    }

    package mutating func remove(at position: Int) {
        precondition(position >= 0 && position < count, "axis out of range")
        for index in position..<(count - 1) { values[index] = values[index + 1] }
        count -= 1
        values[count] = 0
    }

    @inline(__always)
    package static func == (lhs: Self, rhs: Self) -> Bool {
        guard lhs.count == rhs.count else { return false }
        for index in 0..<lhs.count where lhs.values[index] != rhs.values[index] { return false }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for index in 0..<count { hasher.combine(values[index]) }
    }
}
