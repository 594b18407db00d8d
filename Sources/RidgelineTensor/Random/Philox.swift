// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Philox4x32-10: a bijection of 128-bit counters keyed by 64 bits whose outputs are random numbers.
///
/// Being a function of the counter, any part of a stream can be made on any thread, and the state of a
/// generator is a key and a count. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011); the published known answers are in the tests.
public struct Philox: Sendable, Hashable {
    /// The key: which stream.
    public var key: UInt64

    /// The generator of a stream.
    public init(key: UInt64) { self.key = key }

    /// The four random words at a counter of four words, `counter[0]` the least significant.
    public func words(at counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        var x = counter
        var k0 = UInt32(truncatingIfNeeded: key)
        var k1 = UInt32(truncatingIfNeeded: key >> 32)
        for _ in 0..<10 {
            let p0 = UInt64(0xD251_1F53) * UInt64(x[0])
            let p1 = UInt64(0xCD9E_8D57) * UInt64(x[2])
            x = SIMD4(
                UInt32(truncatingIfNeeded: p1 >> 32) ^ x[1] ^ k0, UInt32(truncatingIfNeeded: p1),
                UInt32(truncatingIfNeeded: p0 >> 32) ^ x[3] ^ k1, UInt32(truncatingIfNeeded: p0))
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return x
    }

    /// The four random words at a position of the stream.
    @inline(__always)
    func words(at position: UInt64) -> SIMD4<UInt32> {
        words(
            at: SIMD4(UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), 0, 0))
    }
}
