// Part of Ridgeline. Licensed under the Apache License 2.0.

import COpenBLAS

/// The OpenBLAS that this process is linked with: what it is, and who decides how many threads it uses.
public enum OpenBLAS {
    /// Who spreads a matrix product over threads.
    public enum Threading: String, Sendable {
        /// Ridgeline cuts the product into tiles for its own threads and sets OpenBLAS to one thread. The
        /// setting is process-wide: other users of OpenBLAS in the process get one thread as well.
        case engine
        /// OpenBLAS keeps the host program's setting; Ridgeline multiplies tile after tile and lets OpenBLAS
        /// thread each. Slower, and results may then differ in the last bits with OpenBLAS's thread count.
        case host
    }

    private static let chosenThreading = Lock<Threading?>(nil)

    /// Who spreads products over threads: at first `RIDGELINE_BLAS_THREADS` (`engine` or `host`) from the
    /// environment, else `.engine`. Set `.host` before the first product where the host program uses
    /// OpenBLAS with several threads itself.
    public static var threading: Threading {
        get {
            chosenThreading.withLock { chosen in
                if let chosen { return chosen }
                let first = threadingSetting.value ?? .engine
                if first == .engine { openblas_set_num_threads(1) }
                chosen = first
                return first
            }
        }
        set {
            chosenThreading.withLock { $0 = newValue }
            if newValue == .engine { openblas_set_num_threads(1) }
        }
    }

    static let threadingSetting = EnvironmentSetting(
        "RIDGELINE_BLAS_THREADS", expected: "'engine' or 'host'", parse: Threading.init(rawValue:))

    /// OpenBLAS's own thread count. Setting it matters to `.host` threading and to programs that call
    /// OpenBLAS themselves; `.engine` expects 1.
    public static var libraryThreads: Int {
        get { Int(openblas_get_num_threads()) }
        set {
            // The first use of the engine sets one thread, which must not undo this later.
            _ = threading
            openblas_set_num_threads(Int32(clamping: newValue))
        }
    }

    /// The build's description: version, options, maximal threads.
    public static var configuration: String { String(cString: openblas_get_config()) }

    /// The version, as `0.3.21`.
    public static var version: String {
        let words = configuration.split(separator: " ")
        return words.count > 1 ? String(words[1]) : configuration
    }

    /// The core whose kernels OpenBLAS chose at start-up, as `Haswell` or `Cooperlake`.
    public static var core: String { String(cString: openblas_get_corename()) }

    /// One plain `cblas` product of `m×k` by `k×n`, both row-major, with OpenBLAS's own threads: the
    /// yardstick that our tiles are measured against.
    package static func plainProduct<Scalar: FloatingScalar>(
        transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, a: UnsafePointer<Scalar>,
        b: UnsafePointer<Scalar>, c: UnsafeMutablePointer<Scalar>
    ) {
        OpenBLASCheck.requireTrustworthy(calls: 1)
        Scalar._gemm(
            transposeA, transposeB, Int32(m), Int32(n), Int32(k), 1, a, Int32(transposeA ? m : k), b,
            Int32(transposeB ? k : n), 0, c, Int32(n))
    }
}
