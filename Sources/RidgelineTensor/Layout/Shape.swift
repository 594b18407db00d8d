// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The extents of a tensor, one per axis, outermost first: `[rows, columns]` for a matrix, `[]` for a
/// single value.
///
/// A shape has at most eight axes and no negative extent; making another traps.
public struct Shape: Sendable, Hashable, RandomAccessCollection, ExpressibleByArrayLiteral,
    CustomStringConvertible
{
    package var extents: InlineIntegers

    package init(_ extents: InlineIntegers) { self.extents = extents }

    /// The shape with these extents. Traps on a negative extent, on more than eight axes, and where the
    /// number of elements overflows `Int`.
    public init(_ extents: some Sequence<Int>) { self.init(checked: InlineIntegers(extents)) }

    /// The shape with extents that came of others: traps on a negative one and where the number of elements
    /// overflows, with the operation's name.
    package init(checked extents: InlineIntegers, for operation: @autoclosure () -> String? = nil) {
        self.extents = extents
        var count = 1
        for index in 0..<extents.count {
            let extent = extents[index]
            require(
                extent >= 0,
                (operation().map { $0 + ": " } ?? "") + "a shape has no negative extent: \(self.description)")
            if extent > 0 {
                let (product, overflow) = count.multipliedReportingOverflow(by: extent)
                require(
                    !overflow,
                    (operation().map { $0 + ": " } ?? "")
                        + "the number of elements of \(self.description) overflows")
                count = product
            }
        }
    }

    /// The shape with these extents, as `[2, 3]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// The number of axes.
    public var rank: Int { extents.count }

    /// The number of elements: the product of the extents, 1 for `[]`.
    public var elementCount: Int {
        var count = 1
        for index in 0..<extents.count { count *= extents[index] }
        return count
    }

    /// The position of the first extent.
    public var startIndex: Int { 0 }

    /// One past the position of the last extent.
    public var endIndex: Int { extents.count }

    /// The extent along an axis; a negative axis counts from the last one. Traps out of range.
    public subscript(axis: Int) -> Int {
        let position = axis < 0 ? axis + extents.count : axis
        require(
            position >= 0 && position < extents.count, "Shape: axis \(axis) does not exist in \(self)")
        return extents[position]
    }

    /// As in Swift source: `[2, 3]`.
    public var description: String {
        "[" + extents.map { String($0) }.joined(separator: ", ") + "]"
    }

    /// The axis counted from the front for one that may be negative (−1 is the last).
    ///
    /// Traps with the operation's name where the axis does not exist.
    package func axis(_ axis: Int, for operation: String) -> Int {
        let resolved = axis < 0 ? axis + rank : axis
        require(
            resolved >= 0 && resolved < rank,
            "\(operation): axis \(axis) does not exist in a tensor of shape \(self); "
                + (rank == 0
                    ? "it has a single element and no axes" : "expected \(-rank) up to \(rank - 1)"))
        return resolved
    }

    /// The axes counted from the front, ascending; all of them for `nil`. Traps on one that is missing or
    /// named twice.
    package func axes(_ axes: [Int]?, for operation: String) -> [Int] {
        guard let axes else { return Array(0..<rank) }
        let resolved = axes.map { axis($0, for: operation) }.sorted()
        for (one, next) in zip(resolved, resolved.dropFirst()) {
            require(one != next, "\(operation): axis \(one) is named twice in \(axes)")
        }
        return resolved
    }

    /// The shape with the given axes (ascending, non-negative) removed, or set to 1.
    package func reducing(_ axes: [Int], keepingDimensions: Bool) -> Shape {
        var result = extents
        for axis in axes.reversed() {
            if keepingDimensions { result[axis] = 1 } else { result.remove(at: axis) }
        }
        return Shape(result)
    }

    /// The NumPy broadcast of two shapes: axes are matched from the last; an extent of 1 stretches.
    /// Traps with the operation's name and both shapes where they do not match.
    package static func broadcast(_ lhs: Shape, _ rhs: Shape, for operation: String) -> Shape {
        if lhs == rhs { return lhs }
        let rank = Swift.max(lhs.rank, rhs.rank)
        var result = InlineIntegers(repeating: 1, count: rank)
        for back in 1...Swift.max(rank, 1) where back <= rank {
            let left = back <= lhs.rank ? lhs.extents[lhs.rank - back] : 1
            let right = back <= rhs.rank ? rhs.extents[rhs.rank - back] : 1
            require(
                left == right || left == 1 || right == 1,
                "\(operation): shapes \(lhs) and \(rhs) do not broadcast; expected equal extents, or 1, "
                    + "from the last axis on")
            result[rank - back] = left == 1 ? right : left
        }
        return Shape(checked: result, for: "\(operation) of \(lhs) and \(rhs)")
    }
}
