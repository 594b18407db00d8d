// Part of Ridgeline. Licensed under the Apache License 2.0.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The memory into which OpenBLAS packs matrices, tried before it needs it.
///
/// Each call that runs at the same time as others takes a buffer, which OpenBLAS keeps for later calls. Where the system
/// refuses one (`ulimit -v`, a container's limit), OpenBLAS asks again for ever: the program would hang in its first
/// product.
enum OpenBLASMemory {
    /// A buffer of OpenBLAS's on the processors that it is tuned for, as it is built by default. Untouched parts take
    /// addresses but no memory.
    static let bufferByteCount = 128 << 20

    /// For how many calls at once the memory was there.
    private static let provided = Atomic<Int>(0)

    /// Traps where there is no room for a buffer for each of so many calls at once. Asks the system only where they are
    /// more than ever before.
    @inline(__always)
    static func require(calls: Int) {
        if provided.load(ordering: .relaxed) < calls { tryAllocating(calls) }
    }

    @inline(never)
    private static func tryAllocating(_ calls: Int) {
        let before = provided.load(ordering: .relaxed)
        guard calls > before else { return }
        let byteCount = (calls - before) * bufferByteCount
        let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | mapAnonymous, -1, 0)
        guard memory != MAP_FAILED else {
            let threads = calls - before == 1 ? "a thread" : "\(calls - before) threads"
            requirementFailed(
                "OpenBLAS needs \(byteCount >> 20) MB for the buffers of \(threads), \(bufferByteCount >> 20) each, "
                    + "and the system refuses them\(limitText). Raise the limit, or use fewer threads "
                    + "(RIDGELINE_THREADS).")
        }
        munmap(memory, byteCount)
        provided.max(calls, ordering: .relaxed)
    }

    private static var limitText: String {
        #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
        #else
            let resource = RLIMIT_AS
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else { return "" }
        return " (the process may have \(limit.rlim_cur >> 20) MB in all, see ulimit -v)"
    }

    #if canImport(Darwin)
        private static let mapAnonymous = MAP_ANON
    #else
        private static let mapAnonymous = MAP_ANONYMOUS
    #endif
}
