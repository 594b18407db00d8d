// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct LayoutTests {
    /// The storage position of every element, in row-major order.
    private func positions(_ layout: Layout) -> [Int] {
        multiIndices(layout.shape).map { zip($0, layout.strides).reduce(layout.offset) { $0 + $1.0 * $1.1 } }
    }

    @Test func contiguousStrides() {
        #expect(Array(Layout(contiguous: [2, 3, 4]).strides) == [12, 4, 1])
        #expect(positions(Layout(contiguous: [2, 3])) == [0, 1, 2, 3, 4, 5])
        #expect(Layout(contiguous: [3, 0, 2]).isContiguous)
        #expect(Layout(contiguous: []).isContiguous)
    }

    @Test func viewsCompose() {
        let base = Layout(contiguous: [4, 6])
        let sliced = base.sliced(axis: 1, start: 1, count: 3, step: 2)
        #expect(positions(sliced) == [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23])
        let turned = sliced.permuted([1, 0])
        #expect(positions(turned) == [1, 7, 13, 19, 3, 9, 15, 21, 5, 11, 17, 23])
        let back = turned.sliced(axis: 1, start: 3, count: 2, step: -2)
        #expect(positions(back) == [19, 7, 21, 9, 23, 11])
        #expect(!back.isContiguous)
        let one = back.selecting(axis: 0, position: 2)
        #expect(one.shape == [2])
        #expect(positions(one) == [23, 11])
        let raised = one.insertingAxis(at: 0).broadcast(to: [3, 2, 2])
        #expect(positions(raised) == Array(repeating: [23, 11], count: 6).flatMap { $0 })
    }

    @Test func extentsOfOneDoNotMatterToContiguity() {
        let layout = Layout(shape: [1, 3, 1], strides: InlineIntegers([-7, 1, 99]), offset: 5)
        #expect(layout.isContiguous)
        #expect(!Layout(shape: [3], strides: InlineIntegers([-1]), offset: 2).isContiguous)
        #expect(!Layout(shape: [2, 3], strides: InlineIntegers([0, 1]), offset: 0).isContiguous)
    }

    /// Wherever a reshape is a view, it names the same positions in the same order; a reshape that could be
    /// a view (all its positions evenly spaced along each axis) is never refused.
    @Test(arguments: [
        [24], [4, 6], [2, 2, 6], [4, 2, 3], [1, 4, 1, 6], [8, 3], [2, 12], [6, 4], [3, 8], [24, 1],
    ])
    func reshapes(target: [Int]) {
        let base = Layout(contiguous: [4, 6])
        let wide = Layout(contiguous: [4, 12])
        let sources = [
            base, base.permuted([1, 0]), wide.sliced(axis: 1, start: 0, count: 6, step: 2),
            wide.sliced(axis: 1, start: 3, count: 6, step: 1),
            base.sliced(axis: 0, start: 3, count: 4, step: -1),
            base.sliced(axis: 0, start: 3, count: 4, step: -1).sliced(axis: 1, start: 5, count: 6, step: -1),
            Layout(contiguous: [1, 6]).broadcast(to: [4, 6]),
            Layout(contiguous: [4, 1]).broadcast(to: [4, 6]),
        ]
        var views = 0
        for source in sources {
            let wanted = positions(source)
            let evenly = strides(of: wanted, target)
            let reshaped = source.reshaped(to: Shape(target))
            #expect((reshaped != nil) == (evenly != nil), "\(source) to \(target)")
            if let reshaped {
                views += 1
                #expect(reshaped.shape == Shape(target))
                #expect(positions(reshaped) == wanted, "\(source) to \(target)")
            }
        }
        #expect(views > 0)
    }

    /// The strides by which a target shape would visit these positions in order, if there are any.
    private func strides(of positions: [Int], _ target: [Int]) -> [Int]? {
        var steps: [Int] = []
        var inner = 1
        for extent in target.reversed() {
            steps.insert(extent == 1 ? 0 : positions[inner] - positions[0], at: 0)
            inner *= extent
        }
        let layout = Layout(shape: Shape(target), strides: InlineIntegers(steps), offset: positions[0])
        return self.positions(layout) == positions ? steps : nil
    }

    @Test func eightAxes() {
        let shape: Shape = [2, 1, 3, 2, 1, 2, 2, 3]
        let order = [7, 3, 0, 5, 2, 6, 4, 1]
        let layout = Layout(contiguous: shape).permuted(order)
        let naive = Naive<Int32>(shape) { $0.reduce(0) { $0 * 3 + Int32($1) } }
        let tensor = Tensor(shape: shape, scalars: naive.elements).view(layout)
        let expected = Naive<Int32>(layout.shape) { index in
            var original = Array(repeating: 0, count: 8)
            for (axis, position) in zip(order, index) { original[axis] = position }
            return naive[original]
        }
        expect(tensor, [3, 2, 2, 2, 3, 2, 1, 1], expected.elements)
    }
}
