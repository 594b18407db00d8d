// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

#if canImport(Glibc)
    import Glibc
#endif

/// Each test in a process of its own, where nothing else uses the pool.
@Suite(.enabled(if: getenv("RIDGELINE_POOL") == nil, "the pool is off")) struct BufferPoolTests {
    @Test func blockSizes() {
        for bytes in [4_096, 4_097, 65_536, 100_000, 1 << 20, (1 << 20) + 1, 12_345_678, 1 << 30] {
            let size = BufferPool.blockSize(for: bytes)
            #expect(size >= bytes && size % 4_096 == 0)
            #expect(size - bytes < max(4_096, bytes / 32 + 1), "\(bytes) becomes \(size)")
            #expect(BufferPool.blockSize(for: size) == size)
        }
    }

    @Test func reusesBlocks() async {
        await #expect(processExitsWith: .success) {
            let pool = BufferPool.shared
            let first = pool.allocate(1_000_000)
            let size = BufferPool.blockSize(for: 1_000_000)
            #expect(pool.counters.bytesInUse == size && pool.counters.systemAllocations == 1)
            pool.release(first, byteCount: 1_000_000)
            #expect(pool.counters.bytesInUse == 0 && pool.counters.reservedBytes == size)
            // A nearly equal request gets the same block; another size does not.
            let second = pool.allocate(size - 7)
            #expect(second == first && pool.counters.reuses == 1 && pool.counters.systemAllocations == 1)
            let third = pool.allocate(2 * size)
            #expect(third != first && pool.counters.reuses == 1 && pool.counters.systemAllocations == 2)
            #expect(pool.counters.reservedBytes == 0)
            #expect(pool.counters.peakBytes == 3 * size)
            pool.release(third, byteCount: 2 * size)
            pool.release(second, byteCount: size - 7)
            #expect(pool.counters.peakBytes == 3 * size)
        }
    }

    @Test func tensorsReturnTheirBlocks() async {
        await #expect(processExitsWith: .success) {
            let pool = BufferPool.shared
            var x: Tensor<Float>? = .zeros([1_000, 1_000])
            let held = pool.counters.bytesInUse
            #expect(held == BufferPool.blockSize(for: 4_000_000))
            let view = x?[0]
            x = nil
            #expect(pool.counters.bytesInUse == held, "a view holds the block")
            #expect(view?.shape == [1_000])
            withExtendedLifetime(view) {}
        }
    }

    @Test func smallBlocksAreNotCounted() async {
        await #expect(processExitsWith: .success) {
            let small = Tensor<Float>.zeros([1_000])
            #expect(BufferPool.shared.counters == BufferPool.Counters())
            let block = BufferPool.shared.allocate(0)
            BufferPool.shared.release(block, byteCount: 0)
            #expect(small.elementCount == 1_000)
        }
    }

    @Test func trimsAndResetsThePeak() async {
        await #expect(processExitsWith: .success) {
            let pool = BufferPool.shared
            let kept = pool.allocate(8_192)
            for megabytes in 1...4 {
                pool.release(pool.allocate(megabytes << 20), byteCount: megabytes << 20)
            }
            #expect(pool.counters.reservedBytes == 10 << 20)
            pool.trim()
            #expect(pool.counters.reservedBytes == 0 && pool.counters.bytesInUse == 8_192)
            #expect(pool.counters.peakBytes == (10 << 20) + 8_192)
            pool.resetPeak()
            #expect(pool.counters.peakBytes == 8_192)
            pool.release(kept, byteCount: 8_192)
        }
    }

    @Test func reserveIsBounded() async {
        await #expect(processExitsWith: .success) {
            let pool = BufferPool.shared
            #expect(pool.reserveLimit >= 256 << 20)
            pool.reserveLimit = 5 << 20
            for megabytes in [1, 2, 3] {
                pool.release(pool.allocate(megabytes << 20), byteCount: megabytes << 20)
            }
            // 1 + 2 + 3 MiB is too much: the size used longest ago has gone.
            #expect(pool.counters.reservedBytes == 5 << 20)
            let allocations = pool.counters.systemAllocations
            let two = pool.allocate(2 << 20)
            let three = pool.allocate(3 << 20)
            #expect(pool.counters.systemAllocations == allocations)
            let one = pool.allocate(1 << 20)
            #expect(pool.counters.systemAllocations == allocations + 1)
            for (block, megabytes) in [(one, 1), (two, 2), (three, 3)] {
                pool.release(block, byteCount: megabytes << 20)
            }
            pool.reserveLimit = 0
            #expect(pool.counters.reservedBytes == 0)
            pool.release(pool.allocate(1 << 20), byteCount: 1 << 20)
            #expect(pool.counters.reservedBytes == 0)
        }
    }

    /// What was released longest ago goes first, whenever it was handed out.
    @Test func reserveDropsTheOldestRelease() async {
        await #expect(processExitsWith: .success) {
            let pool = BufferPool.shared
            let (one, two) = (pool.allocate(1 << 20), pool.allocate(2 << 20))
            pool.release(two, byteCount: 2 << 20)
            pool.release(one, byteCount: 1 << 20)
            pool.reserveLimit = 1 << 20
            #expect(pool.counters.reservedBytes == 1 << 20)
            let reuses = pool.counters.reuses
            #expect(pool.allocate(1 << 20) == one && pool.counters.reuses == reuses + 1)
        }
    }

    @Test func largeBlocksLieOnHugePages() {
        for bytes in [2 << 20, 5_000_000, 64 << 20] {
            let block = BufferPool.shared.allocate(bytes)
            #expect(UInt(bitPattern: block) % (2 << 20) == 0)
            block.storeBytes(of: 1, toByteOffset: bytes - 8, as: Int.self)
            BufferPool.shared.release(block, byteCount: bytes)
        }
        let block = BufferPool.shared.allocate(10_000)
        #expect(UInt(bitPattern: block) % 64 == 0)
        BufferPool.shared.release(block, byteCount: 10_000)
    }

    @Test func canBeSwitchedOff() async {
        await #expect(processExitsWith: .success) {
            setenv("RIDGELINE_POOL", "off", 1)
            let x = Tensor<Float>.ones([1_000, 1_000])
            #expect((x + x).sum().item == 2_000_000)
            #expect(BufferPool.shared.counters == BufferPool.Counters())
        }
    }
}
