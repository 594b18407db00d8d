// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels
import Synchronization

/// How many threads the engine computes on, and its parallel loop.
///
/// Work is cut into pieces by the shapes and by `gridCores`, never by the number of threads, so results are
/// bitwise the same at any number of threads.
public enum Parallelism {
    /// The number of cores this process may run on (its affinity mask where the system has one).
    public static let cores = Swift.max(1, Int(ridgeline_processor_count()))

    /// The most threads that can be asked for.
    public static let maximumThreads = 1_024

    private static let threadCount = Atomic<Int>(threadSetting.value ?? cores)
    private static let gridCoreCount = Atomic<Int>(gridSetting.value ?? cores)

    /// The number of threads that share a large operation, the caller's included; at first
    /// `RIDGELINE_THREADS` from the environment, else the number of cores. Traps below 1 and above
    /// `maximumThreads`.
    public static var threads: Int {
        get { threadCount.load(ordering: .relaxed) }
        set {
            require(
                (1...maximumThreads).contains(newValue),
                "Parallelism.threads: \(newValue) is not from 1 to \(maximumThreads)")
            threadCount.store(newValue, ordering: .relaxed)
        }
    }

    /// The number of cores for which matrix products are cut into tiles; at first `RIDGELINE_GRID_CORES`
    /// from the environment, else the number of cores. A host with another number of cores gives bitwise the
    /// same products (on the same processor) when both set this alike.
    public static var gridCores: Int {
        get { gridCoreCount.load(ordering: .relaxed) }
        set {
            require(
                (1...maximumThreads).contains(newValue),
                "Parallelism.gridCores: \(newValue) is not from 1 to \(maximumThreads)")
            gridCoreCount.store(newValue, ordering: .relaxed)
        }
    }

    static let threadSetting = setting("RIDGELINE_THREADS")
    static let gridSetting = setting("RIDGELINE_GRID_CORES")

    private static func setting(_ name: String) -> EnvironmentSetting<Int> {
        EnvironmentSetting(name, expected: "a whole number from 1 to \(maximumThreads)") { text in
            Int(text).flatMap { (1...maximumThreads).contains($0) ? $0 : nil }
        }
    }

    /// Calls `body` once for each index below `count`, on up to `threads` threads, and returns when all are
    /// done. A loop inside another, or beside another that holds the threads, runs on its caller alone.
    @inline(__always)
    package static func forEach(_ count: Int, _ body: (Int) -> Void) {
        if count == 1 {
            body(0)
        } else if count > 1 {
            let threads = Swift.min(threads, count)
            if threads == 1 || !ThreadPool.shared.run(count, threads: threads, body) {
                for index in 0..<count { body(index) }
            }
        }
    }
}
