// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Calls `body` with memory from the pool for `count` elements, whose content is undefined.
@inline(__always)
func withScratch<Scalar>(
    of type: Scalar.Type, count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void
) {
    let storage = Storage(byteCount: count * MemoryLayout<Scalar>.stride)
    body(storage.pointer(as: Scalar.self))
    withExtendedLifetime(storage) {}
}

/// The engine's parallel loop around calls of BLAS: on its own threads, or one after another where BLAS uses
/// threads of its own.
@inline(__always)
func forEachProduct(_ count: Int, _ body: (Int) -> Void) {
    OpenBLASCheck.requireTrustworthy(calls: count)
    if OpenBLAS.threading == .engine {
        Parallelism.forEach(count, body)
    } else {
        for index in 0..<count { body(index) }
    }
}

/// Copies elements by their bytes, which is one call of memcpy where the scalar is not known when it is compiled.
@inline(__always)
func copyElements<Scalar: FloatingScalar>(
    _ source: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, _ count: Int
) {
    UnsafeMutableRawPointer(target).copyMemory(
        from: source, byteCount: count * MemoryLayout<Scalar>.size)
}
