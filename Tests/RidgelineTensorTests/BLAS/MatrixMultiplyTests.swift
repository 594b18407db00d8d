// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Products of small whole numbers, exact in both precisions, against a plain loop.
@Suite struct MatrixMultiplyTests {
    /// A matrix stored with gaps: `rows`×`columns` of what is stored, `padding` NaNs after each row.
    private struct Stored<Scalar: FloatingScalar> {
        var values: [Scalar]
        let leading: Int

        init(_ rows: Int, _ columns: Int, padding: Int, seed: UInt64) {
            leading = max(1, columns + padding)
            values = Array(repeating: .nan, count: max(1, rows * leading))
            let numbers: [Scalar] = sampled(rows * columns, in: -4.99...4.99, seed: seed)
            for row in 0..<rows {
                for column in 0..<columns {
                    values[row * leading + column] = numbers[row * columns + column].rounded(.towardZero)
                }
            }
        }
    }

    private func check<Scalar: FloatingScalar>(
        _: Scalar.Type, m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool, padding: Int,
        alpha: Scalar, beta: Scalar
    ) {
        let a = Stored<Scalar>(transposeA ? k : m, transposeA ? m : k, padding: padding, seed: 1)
        let b = Stored<Scalar>(transposeB ? n : k, transposeB ? k : n, padding: 2 * padding, seed: 2)
        var c = Stored<Scalar>(m, n, padding: 3 * padding, seed: 3)
        // With β = 0, C is not read.
        if beta == 0 { for index in c.values.indices { c.values[index] = .nan } }
        let ldc = c.leading
        var wanted = c.values
        for row in 0..<m {
            for column in 0..<n {
                var sum: Scalar = 0
                for inner in 0..<k {
                    sum +=
                        a.values[transposeA ? inner * a.leading + row : row * a.leading + inner]
                        * b.values[transposeB ? column * b.leading + inner : inner * b.leading + column]
                }
                let old = beta == 0 ? 0 : beta * wanted[row * ldc + column]
                wanted[row * ldc + column] = alpha * sum + old
            }
        }
        MatrixMultiply.gemm(
            transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a: a.values,
            lda: a.leading, b: b.values, ldb: b.leading, beta: beta, c: &c.values, ldc: ldc)
        let same = zip(c.values, wanted).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
        #expect(
            same,
            "\(Scalar.self) \(m)×\(n)×\(k) \(transposeA) \(transposeB) padding \(padding) α \(alpha) β \(beta)"
        )
    }

    private func checkAll(_ m: Int, _ n: Int, _ k: Int, padding: Int, alpha: Int, beta: Int) {
        for flags in 0..<4 {
            check(
                Float.self, m: m, n: n, k: k, transposeA: flags & 1 != 0, transposeB: flags & 2 != 0,
                padding: padding, alpha: Float(alpha), beta: Float(beta))
            check(
                Double.self, m: m, n: n, k: k, transposeA: flags & 1 != 0, transposeB: flags & 2 != 0,
                padding: padding, alpha: Double(alpha), beta: Double(beta))
        }
    }

    @Test(arguments: [0, 1, 2, 3, 17, 33])
    func everySmallSize(m: Int) {
        for n in [0, 1, 2, 5, 31, 34] {
            for k in [0, 1, 2, 7, 32] {
                checkAll(m, n, k, padding: 0, alpha: 1, beta: 0)
                checkAll(m, n, k, padding: 3, alpha: -2, beta: 0)
                checkAll(m, n, k, padding: 1, alpha: 2, beta: 3)
                checkAll(m, n, k, padding: 1, alpha: 0, beta: -1)
                checkAll(m, n, k, padding: 0, alpha: 0, beta: 0)
            }
        }
    }

    /// Cut into several tiles.
    @Test func largerSizes() {
        #if DEBUG
            let sizes = [(129, 70, 33), (1, 515, 65), (515, 1, 65)]
        #else
            let sizes = [(257, 259, 63), (513, 70, 129), (70, 513, 129), (1, 1_031, 257), (1_031, 1, 257)]
        #endif
        for (m, n, k) in sizes {
            checkAll(m, n, k, padding: 0, alpha: 1, beta: 0)
            checkAll(m, n, k, padding: 5, alpha: -1, beta: 2)
        }
    }

    @Test func vectors() {
        for transposed in [false, true] {
            for (m, n) in [(0, 3), (3, 0), (1, 1), (5, 8), (33, 70)] {
                let a: [Double] = sampled(max(m * n, 1))
                let x: [Double] = sampled(max(n, 1), seed: 2)
                var y = [Double](repeating: .nan, count: m + 1)
                MatrixMultiply.gemv(
                    transposeA: transposed, m: m, n: n, alpha: 3, a: a, lda: max(1, transposed ? m : n), x: x,
                    y: &y)
                let wanted = (0..<m).map { row in
                    3 * (0..<n).reduce(0.0) { $0 + a[transposed ? $1 * m + row : row * n + $1] * x[$1] }
                }
                expectClose(Tensor(Array(y.dropLast())), [m], wanted, tolerance: 1e-13, "\(m)×\(n)")
                #expect(y[m].isNaN)
                MatrixMultiply.gemv(
                    transposeA: transposed, m: m, n: n, a: a, lda: max(1, transposed ? m : n), x: x, beta: -1,
                    y: &y)
                expectClose(Tensor(Array(y.dropLast())), [m], wanted.map { -$0 * 2 / 3 }, tolerance: 1e-13)
            }
        }
    }

    @Test func batches() {
        let (count, m, n, k) = (3, 5, 4, 6)
        let a: [Float] = sampled(count * m * k)
        let b: [Float] = sampled(k * n, seed: 2)
        var c = [Float](repeating: 1, count: count * (m * n + 2))
        MatrixMultiply.batchedGemm(
            count: count, transposeB: true, m: m, n: n, k: k, a: a, lda: k, strideA: m * k, b: b, ldb: k,
            strideB: 0, beta: 2, c: &c, ldc: n, strideC: m * n + 2)
        var wanted = [Double](repeating: 1, count: c.count)
        for index in 0..<count * m * n {
            let (batch, row, column) = (index / (m * n), index / n % m, index % n)
            let sum = (0..<k).reduce(0.0) {
                $0 + Double(a[(batch * m + row) * k + $1]) * Double(b[column * k + $1])
            }
            wanted[batch * (m * n + 2) + row * n + column] = sum + 2
        }
        expectClose(Tensor(c), [c.count], wanted, tolerance: 1e-5)
        let before = c
        MatrixMultiply.batchedGemm(
            count: 0, m: m, n: n, k: k, a: a, lda: k, strideA: 0, b: b, ldb: n, strideB: 0, c: &c, ldc: n,
            strideC: 0)
        #expect(c == before)
    }

    /// The self-check compares what it says it does, and this machine's BLAS passes.
    @Test func selfCheck() {
        let verdict = OpenBLASCheck.run(sizes: OpenBLASCheck.quickSizes)
        #expect(verdict.products == 8 * OpenBLASCheck.quickSizes.count)
        #expect(verdict.failures.map(\.description) == [])
        #expect(OpenBLASCheck.run(sizes: []).products == 0)
    }
}
