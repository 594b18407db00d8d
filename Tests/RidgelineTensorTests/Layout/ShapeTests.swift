// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct ShapeTests {
    @Test func extentsAndCounts() {
        let shape: Shape = [2, 3, 4]
        #expect(shape.rank == 3)
        #expect(shape.elementCount == 24)
        #expect(shape[0] == 2)
        #expect(shape[-1] == 4)
        #expect(shape[-3] == 2)
        #expect(Array(shape) == [2, 3, 4])
        #expect(shape.description == "[2, 3, 4]")
        #expect(Shape([]).elementCount == 1)
        #expect(Shape([3, 0, 5]).elementCount == 0)
        #expect(Shape([2, 3]) != Shape([2, 3, 1]))
        #expect(Shape([1, 2, 3, 4, 5, 6, 7, 8]).elementCount == 40_320)
    }

    @Test func hugeExtentsBesideZeroAreFine() {
        let shape = Shape([1 << 40, 0, 1 << 20])
        #expect(shape.elementCount == 0)
    }

    @Test(
        arguments: [
            ([], [], []), ([3], [], [3]), ([2, 3], [3], [2, 3]), ([2, 1], [1, 5], [2, 5]), ([1], [0], [0]),
            ([4, 1, 3], [5, 1], [4, 5, 3]), ([0, 1], [1, 7], [0, 7]),
            ([8, 1, 6, 1, 1, 2, 1, 1], [1, 7, 1, 5, 1, 1, 3, 1], [8, 7, 6, 5, 1, 2, 3, 1]),
        ] as [([Int], [Int], [Int])])
    func broadcasts(left: [Int], right: [Int], expected: [Int]) {
        #expect(Shape.broadcast(Shape(left), Shape(right), for: "test") == Shape(expected))
        #expect(Shape.broadcast(Shape(right), Shape(left), for: "test") == Shape(expected))
    }

    @Test func axesResolve() {
        let shape: Shape = [2, 3, 4]
        #expect(shape.axis(-1, for: "test") == 2)
        #expect(shape.axes([-1, 0], for: "test") == [0, 2])
        #expect(shape.axes(nil, for: "test") == [0, 1, 2])
        #expect(shape.axes([], for: "test") == [])
        #expect(shape.reducing([0, 2], keepingDimensions: true) == [1, 3, 1])
        #expect(shape.reducing([0, 2], keepingDimensions: false) == [3])
    }

    @Test func inlineIntegersInsertAndRemove() {
        var values = InlineIntegers([1, 2, 3])
        values.insert(9, at: 0)
        values.insert(8, at: 4)
        #expect(Array(values) == [9, 1, 2, 3, 8])
        values.remove(at: 1)
        values.remove(at: 3)
        #expect(Array(values) == [9, 2, 3])
        // What was removed leaves no trace in comparisons and hashes.
        #expect(values == InlineIntegers([9, 2, 3]))
        #expect(Set([values, InlineIntegers([9, 2, 3])]).count == 1)
    }
}
