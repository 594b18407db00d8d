// Part of Ridgeline. Licensed under the Apache License 2.0.

import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Worker threads that wait for the next parallel loop: awake for a moment after the last one, since a
/// training step is one loop after another, then asleep.
final class ThreadPool: Sendable {
    static let shared = ThreadPool()

    /// One parallel loop: threads take the next index until none is left.
    ///
    /// `@unchecked Sendable`: what `body` points to outlives every use of it, because a thread calls it only
    /// for an index below `count` that it took, and `run` returns only when `finished` has reached `count`.
    /// `ParallelismTests` runs this under the thread sanitizer.
    private final class Loop: @unchecked Sendable {
        let count: Int
        let body: UnsafePointer<(Int) -> Void>
        let seats: Atomic<Int>
        let next = Atomic<Int>(0)
        let finished = Atomic<Int>(0)

        init(count: Int, workers: Int, body: UnsafePointer<(Int) -> Void>) {
            self.count = count
            self.body = body
            seats = Atomic(workers)
        }

        func work() {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= count { return }
                call(index)
                finished.wrappingAdd(1, ordering: .acquiringAndReleasing)
            }
        }

        /// Apart from `work`, so that the closure's retain ends before `finished` counts the call.
        @inline(never)
        private func call(_ index: Int) { body.pointee(index) }
    }

    private let busy = Atomic<Bool>(false)
    private let current = Lock<Loop?>(nil)
    private let generation = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let workers = Atomic<Int>(0)
    private let bell = DispatchSemaphore(value: 0)

    /// Runs the loop with `threads − 1` workers beside the caller; false, and nothing done, where another
    /// loop has the workers.
    func run(_ count: Int, threads: Int, _ body: (Int) -> Void) -> Bool {
        guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            return false
        }
        defer { busy.store(false, ordering: .releasing) }
        // The caller can finish any loop alone: a system that gives no more threads makes it slower.
        while workers.load(ordering: .relaxed) < threads - 1, startWorker() {}
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { share(Loop(count: count, workers: threads - 1, body: $0)) }
        }
        return true
    }

    private func share(_ loop: Loop) {
        current.withLock { $0 = loop }
        generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
        let workers = loop.seats.load(ordering: .relaxed)
        for _ in 0..<Swift.min(sleepers.load(ordering: .sequentiallyConsistent), workers) { bell.signal() }
        loop.work()
        var turns = 0
        while loop.finished.load(ordering: .acquiring) < loop.count {
            turns += 1
            if turns > 4_000 { sched_yield() }
        }
        current.withLock { $0 = nil }
    }

    private func startWorker() -> Bool {
        var thread = pthread_t(bitPattern: 0)
        let code = pthread_create(
            &thread, nil,
            { _ in
                ThreadPool.shared.serve()
                return nil
            }, nil)
        if code != 0 { return false }
        pthread_detach(thread)
        workers.wrappingAdd(1, ordering: .relaxed)
        return true
    }

    private func serve() {
        var seen = 0
        while true {
            seen = waitForLoop(after: seen)
            guard let loop = current.withLock({ $0 }) else { continue }
            if loop.seats.wrappingSubtract(1, ordering: .relaxed).oldValue > 0 { loop.work() }
        }
    }

    /// Returns the number of the newest loop once it differs from `seen`.
    private func waitForLoop(after seen: Int) -> Int {
        for _ in 0..<20_000 {
            let latest = generation.load(ordering: .acquiring)
            if latest != seen { return latest }
        }
        while true {
            sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
            let latest = generation.load(ordering: .sequentiallyConsistent)
            if latest == seen { bell.wait() }
            sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
            let now = generation.load(ordering: .acquiring)
            if now != seen { return now }
        }
    }
}
