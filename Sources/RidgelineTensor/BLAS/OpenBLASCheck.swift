// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Whether the installed BLAS multiplies rightly, found out before it is relied on.
///
/// OpenBLAS has computed wrong products on real processors (its issues 1147, 5243, 6013, 6021), most often
/// in the ragged edges of a kernel or in one transposition. The check multiplies small and odd-sized
/// matrices of small integers, whose products are exact in either precision, and compares every element
/// with a plain loop.
package enum OpenBLASCheck {
    /// A product that came out wrong.
    package struct Failure: DescribedError {
        package let routine: String
        package let m: Int
        package let n: Int
        package let k: Int
        package let transposeA: Bool
        package let transposeB: Bool

        package var description: String {
            "\(routine) m=\(m) n=\(n) k=\(k)\(transposeA ? " Aᵀ" : "")\(transposeB ? " Bᵀ" : "") is wrong"
        }
    }

    /// How many products a check compared, and those that were wrong.
    package struct Verdict: Sendable {
        package var products = 0
        package var failures: [Failure] = []
        package var passed: Bool { failures.isEmpty }
    }

    /// Stops the program at first use where BLAS fails the quick check, or where it would wait for memory for ever.
    ///
    /// - Parameter calls: How many calls of BLAS are about to run at once, at most.
    @inline(__always)
    package static func requireTrustworthy(calls: Int) {
        OpenBLASMemory.require(calls: min(calls, Parallelism.threads))
        trustworthy
    }

    private static let trustworthy: Void = {
        let verdict = run(sizes: quickSizes)
        if let failure = verdict.failures.first {
            stop(failure, verdict)
        }
    }()

    /// Sizes around the edges of every kernel's register block and vector, a few milliseconds in all.
    package static let quickSizes: [(m: Int, n: Int, k: Int)] = [
        (1, 1, 1), (2, 3, 4), (5, 7, 3), (8, 8, 8), (13, 17, 19), (16, 48, 5), (33, 31, 9), (1, 67, 29),
        (65, 1, 37), (63, 65, 33), (24, 129, 64),
    ]

    /// The quick sizes and larger ones, past the blocks into which products are packed.
    package static let thoroughSizes: [(m: Int, n: Int, k: Int)] =
        quickSizes + [
            (97, 101, 103), (128, 256, 385), (257, 129, 511), (1, 1031, 769), (771, 1, 513), (200, 769, 65),
            (513, 515, 449),
        ]

    package static func run(sizes: [(m: Int, n: Int, k: Int)]) -> Verdict {
        // With the threads that the engine will use.
        _ = OpenBLAS.threading
        OpenBLASMemory.require(calls: 1)
        var verdict = Verdict()
        for size in sizes {
            for flags in 0..<4 {
                let (a, b) = (flags & 1 != 0, flags & 2 != 0)
                check(Float.self, "s", size, a, b, &verdict)
                check(Double.self, "d", size, a, b, &verdict)
            }
        }
        return verdict
    }

    private static func check<Scalar: FloatingScalar>(
        _ type: Scalar.Type, _ letter: String, _ size: (m: Int, n: Int, k: Int), _ transposeA: Bool,
        _ transposeB: Bool, _ verdict: inout Verdict
    ) {
        let (m, n, k) = size
        // Entries from −4 to 4: sums of up to thousands of products are whole numbers below 2²⁴.
        func entry(_ index: Int, _ salt: Int) -> Scalar { Scalar((index * 7 + index / 5 * 3 + salt) % 9 - 4) }
        // As the engine calls: parts of wider matrices, and β = 0 over memory that was never written.
        let (lda, ldb, ldc) = ((transposeA ? m : k) + 3, (transposeB ? k : n) + 2, n + 1)
        let a = (0..<(transposeA ? k : m) * lda).map { entry($0, 1) }
        let b = (0..<(transposeB ? n : k) * ldb).map { entry($0, 5) }
        let fresh = (m + n + k) % 2 == 0
        let (alpha, beta): (Scalar, Scalar) = fresh ? (1, 0) : (2, -1)
        let before = (0..<m * ldc).map { fresh ? Scalar.nan : entry($0, 3) }
        var c = before
        let routine: String
        if n == 1 {
            routine = letter + "gemv"
            Scalar._gemv(
                transposeA, Int32(transposeA ? k : m), Int32(transposeA ? m : k), alpha, a, Int32(lda), b,
                transposeB ? 1 : Int32(ldb), beta, &c, Int32(ldc))
        } else if m == 1 {
            routine = letter + "gemv"
            Scalar._gemv(
                !transposeB, Int32(transposeB ? n : k), Int32(transposeB ? k : n), alpha, b, Int32(ldb), a,
                transposeA ? Int32(lda) : 1, beta, &c, 1)
        } else {
            routine = letter + "gemm"
            Scalar._gemm(
                transposeA, transposeB, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb),
                beta,
                &c, Int32(ldc))
        }
        verdict.products += 1
        let right = a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                (0..<m).allSatisfy { row in
                    (0..<n).allSatisfy { column in
                        var sum: Scalar = 0
                        for inner in 0..<k {
                            let left = a[transposeA ? inner * lda + row : row * lda + inner]
                            let right = b[transposeB ? column * ldb + inner : inner * ldb + column]
                            sum += left * right
                        }
                        let place = row * ldc + column
                        return c[place] == (fresh ? sum : 2 * sum - before[place])
                    }
                }
            }
        }
        if !right {
            verdict.failures.append(
                Failure(
                    routine: routine, m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB))
        }
    }

    private static func stop(_ failure: Failure, _ verdict: Verdict) -> Never {
        let core =
            environmentText("OPENBLAS_CORETYPE")
            .map { " (OPENBLAS_CORETYPE=\(withEscapedControls($0)))" } ?? ""
        fatalError(
            "the installed BLAS computes wrong products: \(failure) (\(verdict.failures.count) of "
                + "\(verdict.products) checks). OpenBLAS \(OpenBLAS.version), core \(OpenBLAS.core)\(core). "
                + "Set OPENBLAS_CORETYPE=Haswell (or another core that passes `ridgeline doctor`), or "
                + "install another OpenBLAS.")
    }
}
