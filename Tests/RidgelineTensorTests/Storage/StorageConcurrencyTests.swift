// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Meant for the thread sanitizer as well: `swift test --sanitize=thread --filter Concurrency`.
@Suite struct StorageConcurrencyTests {
    private static let tasks = 16

    /// Everybody reads one tensor while everybody writes to a copy of it.
    @Test func copyOnWriteAmongTasks() async {
        let shared: Tensor<Int32> = .range(from: 0, to: 5_000)
        let sums = await withTaskGroup(of: [Int32].self) { group in
            for task in 0..<Self.tasks {
                group.addTask {
                    var own = shared
                    var view = shared[.strided(by: 2)]
                    for round in 0..<20 {
                        own[round] = Tensor(Int32(task))
                        view[round] = Tensor(Int32(-task))
                        own.withUnsafeMutableBufferPointer { $0[4_999 - round] = Int32(task) }
                    }
                    return [own.sum().item, view.sum().item, shared.sum().item]
                }
            }
            return await group.reduce(into: Set<[Int32]>()) { $0.insert($1) }
        }
        let whole = (0..<5_000).reduce(0, +)
        let (head, tail) = ((0..<20).reduce(0, +), (4_980..<5_000).reduce(0, +))
        let evens =
            stride(from: 0, to: 5_000, by: 2).reduce(0, +) - stride(from: 0, to: 40, by: 2).reduce(0, +)
        let wanted = (0..<Self.tasks).map { task in
            [Int32(whole - head - tail + 40 * task), Int32(evens - 20 * task), Int32(whole)]
        }
        #expect(sums == Set(wanted))
        expect(shared, [5_000], (0..<5_000).map { Int32($0) })
    }

    /// The last holder releases on whatever thread it is; blocks go back and forth between tasks.
    @Test func releaseAmongTasks() async {
        let results = await withTaskGroup(of: Float.self) { group in
            for task in 0..<Self.tasks {
                group.addTask {
                    var total: Float = 0
                    for round in 0..<30 {
                        let x = Tensor<Float>.full([2_000 + task], Float(round))
                        let y = x + x
                        total += y.max().item
                    }
                    return total
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: 870, count: Self.tasks))
    }

    @Test func generatorsMayBeShared() async {
        let generator = RandomGenerator(seed: 3)
        let drawn = await withTaskGroup(of: [Double].self) { group in
            for _ in 0..<Self.tasks {
                group.addTask { Tensor<Double>.uniform([100], using: generator).scalars }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        // Together they drew the stream, each part once.
        let alone = Tensor<Double>.uniform([100 * Self.tasks], using: RandomGenerator(seed: 3)).scalars
        #expect(drawn.sorted() == alone.sorted())
    }
}
