// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Every multi-index of a shape in row-major order, made by counting, not by the code under test.
func multiIndices(_ shape: Shape) -> [[Int]] {
    var result: [[Int]] = [[]]
    for extent in shape { result = result.flatMap { head in (0..<extent).map { head + [$0] } } }
    return result
}

/// A tensor as the tests' plain loops see it: its shape and its elements in row-major order.
struct Naive<Scalar: TensorScalar> {
    var shape: Shape
    var elements: [Scalar]

    init(_ shape: Shape, _ element: ([Int]) -> Scalar) {
        self.shape = shape
        elements = multiIndices(shape).map(element)
    }

    /// Reads each element where the layout says it lies.
    init(_ tensor: Tensor<Scalar>) {
        let (layout, storage) = (tensor.layout, tensor.storage)
        self.init(tensor.shape) { index in
            let place = zip(index, layout.strides).reduce(layout.offset) { $0 + $1.0 * $1.1 }
            return storage.pointer(as: Scalar.self)[place]
        }
    }

    /// The element at an index, which may have more axes than the shape and exceed extents of 1.
    subscript(index: [Int]) -> Scalar {
        var place = 0
        for (position, extent) in zip(index.suffix(shape.count), shape) {
            place = place * extent + (extent == 1 ? 0 : position)
        }
        return elements[place]
    }
}

/// How the elements of a test's input lie in memory.
enum Arrangement: String, CaseIterable, Sendable {
    case contiguous, transposed, sliced, flipped, broadcast

    /// A tensor of these elements (row-major) in this arrangement. A broadcast one repeats the first along
    /// the first axis of more than one.
    func tensor<Scalar: TensorScalar>(_ shape: Shape, _ elements: [Scalar]) -> Tensor<Scalar> {
        let plain = Tensor(shape: shape, scalars: elements)
        let order = Array((0..<shape.rank).reversed())
        switch self {
        case .contiguous: return plain
        case .transposed: return plain.permuted(order).copied().permuted(order)
        case .flipped: return plain.flipped().copied().flipped()
        case .sliced:
            var room = Tensor<Scalar>.full(Shape(shape.map { 2 * $0 + 1 }), .zeroScalar)
            for axis in 0..<shape.rank {
                room = room.view(room.layout.sliced(axis: axis, start: 1, count: shape[axis], step: 2))
            }
            room.copyElements(from: plain)
            return room
        case .broadcast:
            guard let axis = shape.firstIndex(where: { $0 > 1 }) else { return plain }
            return plain.view(plain.layout.sliced(axis: axis, start: 0, count: 1, step: 1)).copied()
                .broadcast(to: shape)
        }
    }
}

/// Fixed pseudo-random numbers (SplitMix64), apart from the generator under test.
func sampled<Scalar: NumericScalar>(
    _ count: Int, in range: ClosedRange<Double> = -2...2, seed: UInt64 = 1
) -> [Scalar] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        let unit = Double(z >> 11) * 0x1p-53
        return Scalar(fromDouble: range.lowerBound + unit * (range.upperBound - range.lowerBound))
    }
}

/// A contiguous tensor of fixed pseudo-random numbers.
func sample<Scalar: NumericScalar>(
    _ shape: Shape, in range: ClosedRange<Double> = -2...2, seed: UInt64 = 1
) -> Tensor<Scalar> {
    Tensor(shape: shape, scalars: sampled(shape.elementCount, in: range, seed: seed))
}

/// Expects the shape, then every element (NaN equals NaN; −0 equals 0).
func expect<Scalar: TensorScalar>(
    _ tensor: Tensor<Scalar>, _ shape: Shape, _ elements: [Scalar],
    _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    let comment = comment()
    #expect(tensor.shape == shape, "\(comment)", sourceLocation: sourceLocation)
    let found = tensor.scalars
    let same =
        found.count == elements.count
        && zip(found, elements).allSatisfy { $0 == $1 || ($0 != $0 && $1 != $1) }
    #expect(
        same, "\(comment): \(found.prefix(40)) for \(elements.prefix(40))", sourceLocation: sourceLocation)
}

/// Expects the shape, then every element within `tolerance` · max(1, |expected|).
func expectClose<Scalar: FloatingScalar>(
    _ tensor: Tensor<Scalar>, _ shape: Shape, _ elements: [Double], tolerance: Double,
    _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    let comment = comment()
    #expect(tensor.shape == shape, "\(comment)", sourceLocation: sourceLocation)
    let found = tensor.scalars.map(\.asDouble)
    var worst = found.count == elements.count ? 0 : Double.infinity
    for (one, other) in zip(found, elements) where !(one == other || one.isNaN && other.isNaN) {
        let error = abs(one - other) / max(1, abs(other))
        worst = error.isNaN ? .infinity : max(worst, error)
    }
    #expect(worst <= tolerance, "\(comment)", sourceLocation: sourceLocation)
}

/// Runs `body` at a number of threads and puts the number back. Only in serialized suites.
func withThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    let before = Parallelism.threads
    Parallelism.threads = count
    defer { Parallelism.threads = before }
    return try body()
}
