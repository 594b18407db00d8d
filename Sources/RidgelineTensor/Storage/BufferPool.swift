// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The memory that tensors live in: blocks are kept when released and handed out again to requests of the
/// same size, so that a training step in its steady state asks the system for nothing.
///
/// Sizes are rounded up by at most 1/32, so that nearly equal requests share a block. Blocks from 2 MiB on
/// are aligned to huge pages. What is kept in reserve is bounded by `reserveLimit`; the size used longest
/// ago goes first. Blocks below 4 KiB come straight from `malloc` and are not counted.
///
/// With `RIDGELINE_POOL=off` in the environment every block is the system's own, of the exact size, which
/// lets the address sanitizer see each overrun.
public final class BufferPool: Sendable {
    /// The pool of this process.
    public static let shared = BufferPool()

    /// What the pool holds and did.
    public struct Counters: Sendable, Equatable {
        /// Bytes in blocks that tensors hold.
        public internal(set) var bytesInUse = 0
        /// Bytes in blocks kept for later requests.
        public internal(set) var reservedBytes = 0
        /// The most bytes held from the system at once, in use and reserved, since the last
        /// `resetPeak()`.
        public internal(set) var peakBytes = 0
        /// Requests served by a new block from the system.
        public internal(set) var systemAllocations = 0
        /// Requests served by a block kept in reserve.
        public internal(set) var reuses = 0
    }

    private struct Bucket {
        var blocks: [UInt] = []
        var lastUse = 0
    }

    private struct State {
        var counters = Counters()
        var buckets: [Int: Bucket] = [:]
        var clock = 0
        var reserveLimit: Int
    }

    private static let smallest = 4_096
    private static let hugePage = 2 << 20
    private let pooling: Bool
    private let state: Lock<State>

    static let setting = EnvironmentSetting("RIDGELINE_POOL", expected: "'on' or 'off'") {
        ["on": true, "off": false][$0]
    }

    private init() {
        pooling = Self.setting.value ?? true
        let physical = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        state = Lock(State(reserveLimit: Swift.max(physical / 4, 256 << 20)))
    }

    /// What the pool holds and did up to now.
    public var counters: Counters { state.withLock { $0.counters } }

    /// The most bytes kept in reserve, at first a quarter of the machine's memory. Lowering it frees what is
    /// above at once.
    public var reserveLimit: Int {
        get { state.withLock { $0.reserveLimit } }
        set {
            require(newValue >= 0, "BufferPool.reserveLimit: \(newValue) is negative")
            state.withLock {
                $0.reserveLimit = newValue
                Self.shrink(&$0, to: newValue)
            }
        }
    }

    /// Gives everything kept in reserve back to the system.
    public func trim() { state.withLock { Self.shrink(&$0, to: 0) } }

    /// Starts the count of `peakBytes` anew from what is held now.
    public func resetPeak() {
        state.withLock { $0.counters.peakBytes = $0.counters.bytesInUse + $0.counters.reservedBytes }
    }

    /// The size of the block that serves a request: rounded up to 4 KiB, then to 1/32 of its power of two.
    static func blockSize(for byteCount: Int) -> Int {
        let power = 1 << (Int.bitWidth - 1 - byteCount.leadingZeroBitCount)
        let step = Swift.max(smallest, power / 32)
        return (byteCount + step - 1) / step * step
    }

    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        guard let block = allocate(ifAvailable: byteCount) else {
            fatalError("out of memory: a tensor asked for \(byteCount) bytes")
        }
        return block
    }

    /// Nil where the system has no such block.
    func allocate(ifAvailable byteCount: Int) -> UnsafeMutableRawPointer? {
        if byteCount < Self.smallest || !pooling { return malloc(Swift.max(byteCount, 1)) }
        if byteCount > Int.max / 2 { return nil }
        let size = Self.blockSize(for: byteCount)
        let kept: UInt? = state.withLock { state in
            state.clock += 1
            let block = state.buckets[size]?.blocks.popLast()
            if block != nil {
                state.counters.reservedBytes -= size
                state.counters.reuses += 1
            } else {
                state.counters.systemAllocations += 1
            }
            state.buckets[size, default: Bucket()].lastUse = state.clock
            state.counters.bytesInUse += size
            let held = state.counters.bytesInUse + state.counters.reservedBytes
            state.counters.peakBytes = Swift.max(state.counters.peakBytes, held)
            return block
        }
        if let kept, let block = UnsafeMutableRawPointer(bitPattern: kept) { return block }
        if let block = Self.systemBlock(size) { return block }
        trim()
        if let block = Self.systemBlock(size) { return block }
        state.withLock { $0.counters.bytesInUse -= size }
        return nil
    }

    func release(_ block: UnsafeMutableRawPointer, byteCount: Int) {
        if byteCount < Self.smallest || !pooling {
            free(block)
            return
        }
        let size = Self.blockSize(for: byteCount)
        state.withLock { state in
            state.clock += 1
            state.counters.bytesInUse -= size
            state.counters.reservedBytes += size
            state.buckets[size, default: Bucket()].blocks.append(UInt(bitPattern: block))
            state.buckets[size]?.lastUse = state.clock
            Self.shrink(&state, to: state.reserveLimit)
        }
    }

    private static func shrink(_ state: inout State, to limit: Int) {
        while state.counters.reservedBytes > limit {
            let oldest = state.buckets.filter { !$0.value.blocks.isEmpty }
                .min { $0.value.lastUse < $1.value.lastUse }
            guard let size = oldest?.key, let block = state.buckets[size]?.blocks.popLast() else { return }
            state.counters.reservedBytes -= size
            free(UnsafeMutableRawPointer(bitPattern: block))
        }
    }

    private static func systemBlock(_ size: Int) -> UnsafeMutableRawPointer? {
        var block: UnsafeMutableRawPointer?
        let large = size >= hugePage
        guard posix_memalign(&block, large ? hugePage : 64, size) == 0, let block else { return nil }
        #if os(Linux)
            if large { madvise(block, size, Int32(MADV_HUGEPAGE)) }
        #endif
        return block
    }
}
