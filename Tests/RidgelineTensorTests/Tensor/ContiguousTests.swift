// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Copies of tensors whose elements lie in another order, in every type's size.
@Suite struct ContiguousTests {
    private static func orders(_ rank: Int) -> [[Int]] {
        rank == 0
            ? [[]]
            : orders(rank - 1).flatMap { order in
                (0..<rank).map { place in
                    var longer = order
                    longer.insert(rank - 1, at: place)
                    return longer
                }
            }
    }

    private func check<Scalar: NumericScalar>(_ shape: Shape, _ type: Scalar.Type) {
        let count = shape.elementCount
        let plain = Tensor(shape: shape, scalars: (0..<count).map { Scalar(fromDouble: Double($0 % 120)) })
        for order in Self.orders(shape.rank) {
            let turned = plain.permuted(order)
            expect(turned.copied(), turned.shape, Naive(turned).elements, "\(type) \(shape) \(order)")
            let flipped = turned.flipped()
            expect(
                flipped.copied(), flipped.shape, Naive(flipped).elements, "\(type) \(shape) \(order) flipped")
            // Into room with gaps.
            var room = Tensor<Scalar>.zeros(Shape(turned.shape.map { $0 + 1 }))
            for axis in 0..<shape.rank {
                room = room.view(room.layout.sliced(axis: axis, start: 1, count: turned.shape[axis], step: 1))
            }
            room.copyElements(from: turned)
            expect(room, turned.shape, Naive(turned).elements, "\(type) \(shape) \(order) with gaps")
        }
    }

    @Test(
        arguments: [
            [3, 40, 50], [9, 17, 33], [2, 3, 4, 5], [64, 12, 8], [2, 1, 3, 300], [0, 3], [129, 3], [2, 0, 2],
        ]
            as [Shape])
    func everyOrder(shape: Shape) {
        check(shape, Float.self)
        check(shape, Double.self)
        check(shape, Int16.self)
        check(shape, Int8.self)
    }

    /// Past one chunk, along rows and columns.
    @Test(arguments: [[2, 3, 40_000], [40_000, 3], [3, 70_000], [300, 310]] as [Shape])
    func large(shape: Shape) {
        let plain: Tensor<Float> = sample(shape)
        for order in Self.orders(shape.rank) {
            let turned = plain.permuted(order)
            expect(turned.copied(), turned.shape, Naive(turned).elements, "\(shape) \(order)")
        }
    }
}
