// Part of Ridgeline. Licensed under the Apache License 2.0.

import Dispatch
import Synchronization
import Testing

@testable import RidgelineTensor

#if canImport(Glibc)
    import Glibc
#endif

/// Meant for the thread sanitizer as well: `swift test --sanitize=thread --filter Parallelism`.
@Suite(.serialized) struct ParallelismTests {
    /// Cells written by one loop iteration each, without a lock: the sanitizer sees a second writer, and a
    /// missing hand-over to the reader.
    private final class Cells: @unchecked Sendable {
        let cells: UnsafeMutableBufferPointer<Int>
        init(_ count: Int) {
            cells = .allocate(capacity: count)
            cells.initialize(repeating: 0)
        }
        deinit { cells.deallocate() }
        var allOne: Bool { cells.allSatisfy { $0 == 1 } }
    }

    @Test(arguments: [1, 2, 3, 5, 9])
    func everyIndexOnce(threads: Int) {
        withThreads(threads) {
            for count in [0, 1, 2, 3, 7, 64, 1_000, 20_000] {
                let cells = Cells(count)
                Parallelism.forEach(count) { cells.cells[$0] += 1 }
                #expect(cells.allOne, "\(count) indices")
            }
        }
    }

    @Test func usesSeveralThreads() {
        let seen = Cells(3)
        let together = Atomic<Int>(0)
        withThreads(3) {
            Parallelism.forEach(3) { index in
                // Each waits for the others: without three threads this would run into the limit.
                together.wrappingAdd(1, ordering: .relaxed)
                let start = ContinuousClock.now
                while together.load(ordering: .relaxed) < 3, ContinuousClock.now - start < .seconds(5) {}
                seen.cells[index] = Int(bitPattern: UInt(pthread_self()))
            }
        }
        // Another suite's loop may hold the workers; then the caller runs alone.
        let count = Set(seen.cells).count
        #expect(count == 3 || count == 1)
    }

    @Test func nestedLoops() {
        withThreads(4) {
            let cells = Cells(30 * 40 * 3)
            Parallelism.forEach(30) { outer in
                Parallelism.forEach(40) { middle in
                    Parallelism.forEach(3) { inner in cells.cells[(outer * 40 + middle) * 3 + inner] += 1 }
                }
            }
            #expect(cells.allOne)
        }
    }

    @Test func loopsFromSeveralThreadsAtOnce() {
        withThreads(3) {
            let callers = 6
            let cells = (0..<callers).map { _ in Cells(50 * 200) }
            DispatchQueue.concurrentPerform(iterations: callers) { caller in
                for round in 0..<50 {
                    Parallelism.forEach(200) { cells[caller].cells[round * 200 + $0] += 1 }
                }
            }
            let complete = cells.map(\.allOne)
            #expect(complete == Array(repeating: true, count: callers))
        }
    }

    /// What a loop wrote is there when it returns, round after round, with sleeping workers between.
    @Test func resultsAreVisibleToTheCaller() {
        withThreads(4) {
            let cells = Cells(500)
            for round in 1...200 {
                Parallelism.forEach(500) { cells.cells[$0] += 1 }
                let total = cells.cells.reduce(0, +)
                if total != 500 * round {
                    Issue.record("round \(round): \(total)")
                    return
                }
                if round % 50 == 0 { usleep(20_000) }
            }
        }
    }

    @Test func tensorWorkFromSeveralThreads() {
        let x: Tensor<Float> = sample([400, 300])
        let y: Tensor<Float> = sample([300, 200], seed: 2)
        let (product, sum) = (matmul(x, y).scalars, exp(x).sum().scalars)
        withThreads(3) {
            let wrong = Atomic<Int>(0)
            DispatchQueue.concurrentPerform(iterations: 12) { _ in
                if matmul(x, y).scalars != product || exp(x).sum().scalars != sum {
                    wrong.wrappingAdd(1, ordering: .relaxed)
                }
            }
            #expect(wrong.load(ordering: .relaxed) == 0)
        }
    }

    @Test func settings() async {
        #expect(Parallelism.cores >= 1)
        await #expect(processExitsWith: .success) {
            setenv("RIDGELINE_THREADS", "7", 1)
            setenv("RIDGELINE_GRID_CORES", "5", 1)
            #expect(Parallelism.threads == 7 && Parallelism.gridCores == 5)
        }
        await #expect(processExitsWith: .success) {
            unsetenv("RIDGELINE_THREADS")
            #expect(Parallelism.threads == Parallelism.cores)
        }
    }
}
