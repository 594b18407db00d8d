// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A block of bytes that tensors share.
///
/// `@unchecked Sendable` under one invariant, that of Swift's own arrays: bytes are written only by a holder
/// of the sole reference (`isKnownUniquelyReferenced`) or before the storage is first shared; while it is
/// shared, it is only read. `StorageConcurrencyTests` runs this under the thread sanitizer.
package final class Storage: @unchecked Sendable {
    package let base: UnsafeMutableRawPointer
    package let byteCount: Int

    /// Gives back a block that is not the pool's.
    private let release: (@Sendable (UnsafeMutableRawPointer) -> Void)?

    /// A block of uninitialised bytes from the buffer pool.
    package init(byteCount: Int) {
        self.byteCount = byteCount
        base = BufferPool.shared.allocate(byteCount)
        release = nil
    }

    /// The same, or nil where the system has no memory for it: for sizes that come from outside.
    package init?(ifAvailable byteCount: Int) {
        guard let block = BufferPool.shared.allocate(ifAvailable: byteCount) else { return nil }
        self.byteCount = byteCount
        base = block
        release = nil
    }

    /// A writable block made elsewhere, such as a private mapping of a file, with what gives it back.
    package init(
        foreign base: UnsafeMutableRawPointer, byteCount: Int,
        release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
    ) {
        self.base = base
        self.byteCount = byteCount
        self.release = release
    }

    deinit {
        if let release { release(base) } else { BufferPool.shared.release(base, byteCount: byteCount) }
    }

    @inline(__always)
    package func pointer<Scalar>(as type: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
        base.assumingMemoryBound(to: Scalar.self)
    }
}
