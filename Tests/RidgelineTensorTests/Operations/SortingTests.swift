// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Sorting, top k and medians: values and places as PyTorch 2.13 gives them.
@Suite(.serialized) struct SortingTests {
    private func special<Scalar: FloatingScalar>() -> Tensor<Scalar> {
        Tensor([3, .nan, -0.0, 0, -1, 3, .infinity, -.infinity])
    }

    private func specials<Scalar: FloatingScalar>(_: Scalar.Type) {
        let x: Tensor<Scalar> = special()
        let (up, upPlaces) = x.sortedWithIndices()
        expect(up, [8], [-.infinity, -1, 0, 0, 3, 3, .infinity, .nan])
        expect(upPlaces, [8], [7, 4, 2, 3, 0, 5, 6, 1])
        let (down, downPlaces) = x.sortedWithIndices(descending: true)
        expect(down, [8], [.nan, .infinity, 3, 3, 0, 0, -1, -.infinity])
        expect(downPlaces, [8], [1, 6, 0, 5, 2, 3, 4, 7])
        expect(x.topK(3).values, [3], [.nan, .infinity, 3])
        expect(x.topK(3).indices, [3], [1, 6, 0])
        expect(x.topK(3, largest: false).values, [3], [-.infinity, -1, 0])
        expect(x.median(), [], [.nan])
        expect(Tensor<Scalar>([4, 1, 3, 2]).median(), [], [2])
        expect(Tensor<Scalar>([4, 1, 3, 2]).median(definition: .midpoint), [], [2.5])
        expect(Tensor<Scalar>([4, 1, 3]).median(definition: .midpoint), [], [3])
        let most = Scalar.greatestFiniteMagnitude
        expect(Tensor<Scalar>([most, most]).median(definition: .midpoint), [], [most])
    }

    @Test func specialValuesAsPyTorch() {
        specials(Float.self)
        specials(Double.self)
    }

    /// Short rows are sorted by comparing, long ones by bytes; both against Swift's own sort.
    private func agrees<Scalar: NumericScalar>(_: Scalar.Type, in range: ClosedRange<Double>) {
        for shape in [[3, 5], [2, 700], [700, 2], [2, 3, 300]] as [Shape] {
            for arrangement in Arrangement.allCases {
                let x: Tensor<Scalar> = arrangement.tensor(shape, sampled(shape.elementCount, in: range))
                for axis in 0..<shape.rank {
                    let order = x.argsort(axis: axis)
                    let last = x.transposed(axis, -1)
                    let rows = last.reshaped([-1, shape[axis]])
                    let wanted = rows.rows.map { row in
                        let row = row.scalars
                        return row.indices.sorted { (row[$0], $0) < (row[$1], $1) }
                    }
                    let places = order.transposed(axis, -1).contiguous()
                    expect(places, last.shape, wanted.flatMap { $0.map { Int32($0) } }, "\(shape) \(axis)")
                    expect(x.sorted(axis: axis), shape, x.gathered(order, axis: axis).scalars)
                    let most = x.topK(2, axis: axis).values
                    expect(
                        most.transposed(axis, -1)[.ellipsis, 0],
                        last.shape.reducing([last.rank - 1], keepingDimensions: false),
                        rows.rows.map { $0.scalars.max()! })
                }
            }
        }
    }

    @Test func everyNumber() {
        agrees(Float.self, in: -3...3)
        agrees(Double.self, in: -3...3)
        agrees(Int8.self, in: -128...127)
        agrees(Int32.self, in: -2e9...2e9)
        agrees(Int64.self, in: -9e18...9e18)
        agrees(UInt8.self, in: 0...255)
        agrees(UInt64.self, in: 0...9e18)
    }

    @Test func nothingAndOne() {
        let none = Tensor<Float>.zeros([2, 0])
        expect(none.sorted(), [2, 0], [])
        expect(none.argsort(axis: 0), [2, 0], [])
        expect(none.topK(0).indices, [2, 0], [])
        expect(none.median(axis: 0), [0], [])
        expect(Tensor<Int32>([7]).median(), [], [7])
        expect(Tensor<Int64>(arrayLiteral: [4, 1, 3, 2], [9, 9, 1, 1]).median(axis: 1), [2], [2, 1])
        expect(
            Tensor<Float>(arrayLiteral: [1, 5], [3, 4]).median(axes: [0, 1], keepingDimensions: true),
            [1, 1], [3])
    }

    @Test func sameOnEveryNumberOfThreads() {
        let x: Tensor<Float> = sample([64, 1_000])
        let one = withThreads(1) { x.argsort() }
        withThreads(4) { expect(x.argsort(), [64, 1_000], one.scalars) }
    }
}
