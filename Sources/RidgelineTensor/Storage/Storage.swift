// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A block of bytes that tensors share.
///
/// `@unchecked Sendable` under one invariant, that of Swift's own arrays: bytes are written only by a holder
/// of the sole reference (`isKnownUniquelyReferenced`) or before the storage is first shared; while it is
/// shared, it is only read. `StorageConcurrencyTests` runs this under the thread sanitizer.
package final class Storage: @unchecked Sendable {
    package let base: UnsafeMutableRawPointer
    package let byteCount: Int

    /// A block of uninitialised bytes from the buffer pool.
    package init(byteCount: Int) {
        self.byteCount = byteCount
        base = BufferPool.shared.allocate(byteCount)
    }

    deinit { BufferPool.shared.release(base, byteCount: byteCount) }

    @inline(__always)
    package func pointer<Scalar>(as type: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
        base.assumingMemoryBound(to: Scalar.self)
    }
}
