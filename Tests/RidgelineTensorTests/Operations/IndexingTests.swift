// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// The expected values are NumPy's for the same subscripts.
@Suite struct IndexingTests {
    private let v = Tensor<Int32>.range(from: 0, to: 10)
    private let x = Tensor<Int32>.range(from: 0, to: 24).reshaped(to: [2, 3, 4])

    @Test func positions() {
        expect(x[1], [3, 4], Array(12..<24))
        expect(x[-1, -1], [4], [20, 21, 22, 23])
        expect(x[0, 1, 2], [], [6])
        #expect(v[-10].item == 0)
    }

    @Test func ranges() {
        expect(v[2..<5], [3], [2, 3, 4])
        expect(v[2...4], [3], [2, 3, 4])
        expect(v[7...], [3], [7, 8, 9])
        expect(v[..<3], [3], [0, 1, 2])
        expect(v[...3], [4], [0, 1, 2, 3])
        expect(v[(-3)...], [3], [7, 8, 9])
        expect(v[..<(-7)], [3], [0, 1, 2])
        expect(v[...(-7)], [4], [0, 1, 2, 3])
        expect(v[-3..<(-1)], [2], [7, 8])
        // Through the last position.
        expect(v[-3...(-1)], [3], [7, 8, 9])
        expect(v[...(-1)], [10], Array(0..<10))
    }

    @Test func rangesAreClipped() {
        expect(v[8..<100], [2], [8, 9])
        expect(v[20...], [0], [])
        expect(v[(-100)...], [10], Array(0..<10))
        expect(v[..<(-100)], [0], [])
        expect(v[5..<2 + 3], [0], [])
        expect(v[.strided(from: 6, to: 2, by: 1)], [0], [])
    }

    @Test func steps() {
        expect(v[.strided(by: 3)], [4], [0, 3, 6, 9])
        expect(v[.strided(from: 1, to: 8, by: 2)], [4], [1, 3, 5, 7])
        expect(v[.strided(from: 1, to: 7, by: 2)], [3], [1, 3, 5])
        expect(v[.strided(by: -1)], [10], (0..<10).reversed())
        expect(v[.strided(by: -4)], [3], [9, 5, 1])
        expect(v[.strided(from: 7, to: 2, by: -2)], [3], [7, 5, 3])
        expect(v[.strided(from: -2, to: -6, by: -3)], [2], [8, 5])
        expect(v[.strided(from: 100, to: 6, by: -1)], [3], [9, 8, 7])
        expect(v[.strided(from: 2, to: -100, by: -1)], [3], [2, 1, 0])
        expect(v[.strided(from: -100, by: -1)], [0], [])
        expect(v[.strided(from: 2, to: 6, by: -1)], [0], [])
        expect(v[.strided(from: 3, by: 100)], [1], [3])
        expect(Tensor<Int32>.zeros([0])[.strided(by: -1)], [0], [])
    }

    @Test func axesTogether() {
        expect(x[.all, 1, .strided(by: -2)], [2, 2], [7, 5, 19, 17])
        expect(x[.ellipsis, 0], [2, 3], [0, 4, 8, 12, 16, 20])
        expect(x[1, .ellipsis, 1..<3], [3, 2], [13, 14, 17, 18, 21, 22])
        expect(x[.ellipsis], [2, 3, 4], Array(0..<24))
        expect(x[0, 1, .ellipsis, 2], [], [6])
        expect(x[.newAxis, 0, .newAxis, 1], [1, 1, 4], [4, 5, 6, 7])
        expect(x[0, 0, .ellipsis, .newAxis], [4, 1], [0, 1, 2, 3])
        expect(x[.all, .newAxis, -1], [2, 1, 4], [8, 9, 10, 11, 20, 21, 22, 23])
        #expect(x[.all, 1, .strided(by: -2)].storage === x.storage)
    }

    @Test func ofViews() {
        let turned = x.transposed(0, 2)
        expect(turned[1..<3, 0, .strided(by: -1)], [2, 2], [13, 1, 14, 2])
        expect(x.flipped()[0, 0], [4], [23, 22, 21, 20])
        expect(v[.strided(by: -1)][2..<4][.strided(by: -1)], [2], [6, 7])
    }

    @Test func assigns() {
        var y = x
        y[0, 1] = [90, 91, 92, 93]
        y[1, .ellipsis, .strided(by: -3)] = [[1, 2], [3, 4], [5, 6]]
        y[.all, 2, 1..<3] = Tensor(-1)
        expect(
            y, [2, 3, 4],
            [
                0, 1, 2, 3, 90, 91, 92, 93, 8, -1, -1, 11, 2, 13, 14, 1, 4, 17, 18, 3, 6, -1, -1, 5,
            ])
        expect(x, [2, 3, 4], Array(0..<24))
        y[..<0] = Tensor<Int32>.zeros([0, 3, 4])
        #expect(y[0, 1, 0].item == 90)
    }

    @Test func assignmentLeavesEarlierViewsAlone() {
        var y = v.contiguous().copied()
        let (part, turned, copy) = (y[2..<5], y.reshaped(to: [2, 5]).transposed(), y)
        y[3] = Tensor(-3)
        y[.all] = y + 100
        expect(part, [3], [2, 3, 4])
        expect(turned, [5, 2], [0, 5, 1, 6, 2, 7, 3, 8, 4, 9])
        expect(copy, [10], Array(0..<10))
        expect(y, [10], [100, 101, 102, 97, 104, 105, 106, 107, 108, 109])
    }

    /// What is read overlaps what is written.
    @Test func assignsFromItself() {
        var y = v
        y[1..<10] = y[0..<9]
        expect(y, [10], [0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
        var z = v
        z[.all] = z[.strided(by: -1)]
        expect(z, [10], (0..<10).reversed())
    }

    @Test func assignsThroughViews() {
        var turned = x.transposed(0, 2)
        turned[0] = Tensor(-1)
        expect(turned[..<2, .all, 0], [2, 3], [-1, -1, -1, 1, 5, 9])
        expect(x, [2, 3, 4], Array(0..<24))
        var spread = Tensor<Int32>([1, 2]).broadcast(to: [2, 2])
        spread[0, 0] = Tensor(9)
        expect(spread, [2, 2], [9, 2, 1, 2])
        var tail = v[5...]
        tail[0] = Tensor(50)
        expect(tail, [5], [50, 6, 7, 8, 9])
        expect(v, [10], Array(0..<10))
    }

    /// Writing to the only holder of the storage copies nothing.
    @Test func assignsInPlaceWhereUnshared() {
        var y = Tensor<Int32>.zeros([1_000])
        let place = y.storage.base
        for index in 0..<1_000 { y[index] = Tensor(Int32(index)) }
        #expect(y.storage.base == place)
        expect(y, [1_000], Array(0..<1_000))
    }
}
