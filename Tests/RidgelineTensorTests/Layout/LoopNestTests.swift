// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct LoopNestTests {
    /// The (first, second) offsets of every element as the nest visits them, in order.
    private func visited(_ nest: LoopNest) -> [[Int]] {
        var found: [[Int]] = []
        nest.forEachRun(parallel: false) { offsets, strides, count in
            let run = (0..<count).map { step in (0..<2).map { offsets[$0] + step * strides[$0] } }
            found += run
        }
        return found
    }

    private func expected(_ first: Layout, _ second: Layout) -> [[Int]] {
        multiIndices(first.shape).map { index in
            [first, second].map { layout in
                zip(index, layout.strides).reduce(layout.offset) { $0 + $1.0 * $1.1 }
            }
        }
    }

    @Test func visitsEveryElementInOrder() {
        let base = Layout(contiguous: [3, 4, 5])
        let others = [
            base, Layout(contiguous: [5, 4, 3]).permuted([2, 1, 0]),
            Layout(contiguous: [4, 1]).broadcast(to: [3, 4, 5]),
            base.sliced(axis: 1, start: 3, count: 4, step: -1),
            Layout(contiguous: [6, 8, 5]).sliced(axis: 0, start: 1, count: 3, step: 2)
                .sliced(axis: 1, start: 7, count: 4, step: -2),
        ]
        for first in others {
            for second in others {
                #expect(visited(LoopNest(first, second)) == expected(first, second), "\(first) \(second)")
            }
        }
    }

    @Test func mergesWhatIsEven() {
        let plain = Layout(contiguous: [2, 1, 3, 4])
        #expect(Array(LoopNest(plain, plain).extents) == [24])
        let rows = Layout(contiguous: [4]).broadcast(to: [2, 1, 3, 4])
        #expect(Array(LoopNest(plain, rows).extents) == [6, 4])
        #expect(Array(LoopNest(Layout(contiguous: [])).extents) == [1])
    }

    @Test func zeroExtentsVisitNothing() {
        for shape in [[0], [3, 0], [0, 3], [2, 0, 2]] as [Shape] {
            let layout = Layout(contiguous: shape)
            #expect(visited(LoopNest(layout, layout)).isEmpty)
        }
    }

    @Test func eightAxesThatDoNotMerge() {
        let shape: Shape = [2, 3, 2, 2, 2, 3, 2, 2]
        let turned = Layout(contiguous: Shape(shape.reversed())).permuted(Array((0..<8).reversed()))
        let plain = Layout(contiguous: shape)
        #expect(visited(LoopNest(plain, turned)) == expected(plain, turned))
    }

    /// Both kinds of piece: a long inner run cut up, and many outer rows.
    @Test(arguments: [[200_003], [70_001, 3], [3, 70_001]] as [Shape])
    func parallelPiecesCoverEachElementOnce(shape: Shape) {
        let layout = Layout(contiguous: Shape(shape.map { $0 + 1 }))
        var part = layout
        for axis in 0..<shape.rank { part = part.sliced(axis: axis, start: 0, count: shape[axis], step: 1) }
        var tally = Tensor<Int32>.zeros(layout.shape)
        tally.fill { tally in
            LoopNest(part).forEachRun { offsets, strides, count in
                for step in 0..<count { tally[offsets[0] + step * strides[0]] += 1 }
            }
        }
        let wanted = Naive<Int32>(layout.shape) { zip($0, shape).allSatisfy { $0 < $1 } ? 1 : 0 }.elements
        expect(tally, layout.shape, wanted)
    }
}
