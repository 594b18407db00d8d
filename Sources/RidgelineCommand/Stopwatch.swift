// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// Times of repeated work.
enum Stopwatch {
    /// The milliseconds that each of `count` runs took.
    static func milliseconds(_ count: Int, _ work: () -> Void) -> [Double] {
        let clock = ContinuousClock()
        return (0..<count).map { _ in
            let time = clock.measure(work).components
            return Double(time.seconds) * 1e3 + Double(time.attoseconds) / 1e15
        }
    }

    /// Runs the work untimed for at least 60 ms: after a pause it takes some 10 ms until the system has spread the threads
    /// over the cores again, and short passes would be timed on one.
    static func warmUp(_ work: () -> Void) {
        let end = ContinuousClock.now + .milliseconds(60)
        repeat { work() } while ContinuousClock.now < end
    }

    /// The middle value, or the mean of the two in the middle.
    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// What single precision products cost at best: the yardstick of every pass.
enum GemmYardstick {
    /// One product of a pass: (m×k)·(k×n), either factor possibly stored transposed.
    struct Product {
        var m: Int
        var n: Int
        var k: Int
        var transposeA = false
        var transposeB = false
    }

    /// The products of a linear layer's forward pass, and of forward and backward.
    static func products(rows: Int, inputs: Int, outputs: Int) -> [Product] {
        [
            Product(m: rows, n: outputs, k: inputs, transposeB: true),
            Product(m: outputs, n: inputs, k: rows, transposeA: true),
            Product(m: rows, n: inputs, k: outputs),
        ]
    }

    /// Operands for products, made once and used again.
    struct Operands {
        private let a: Tensor<Float>
        private let b: Tensor<Float>
        private var c: Tensor<Float>

        init(for products: [Product]) {
            a = .uniform([products.map { $0.m * $0.k }.max() ?? 0], in: -1..<1)
            b = .uniform([products.map { $0.k * $0.n }.max() ?? 0], in: -1..<1)
            c = .zeros([products.map { $0.m * $0.n }.max() ?? 0])
        }

        /// The milliseconds of each run of the products with OpenBLAS's own `threads`.
        ///
        /// OpenBLAS's workers stay awake for some 30 ms after a product and would take time from what is
        /// measured next, so this ends with a pause.
        mutating func milliseconds(_ products: [Product], repeats: Int, threads: Int) -> [Double] {
            OpenBLAS.libraryThreads = threads
            run(products)
            let times = Stopwatch.milliseconds(repeats) { run(products) }
            if OpenBLAS.threading == .engine { OpenBLAS.libraryThreads = 1 }
            usleep(80_000)
            return times
        }

        /// Runs the products by plain calls of BLAS with its own threads.
        mutating func run(_ products: [Product]) {
            let (a, b) = (a, b)
            c.withUnsafeMutableBufferPointer { c in
                a.withUnsafeBufferPointer { a in
                    b.withUnsafeBufferPointer { b in
                        guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else {
                            return
                        }
                        for product in products {
                            OpenBLAS.plainProduct(
                                transposeA: product.transposeA, transposeB: product.transposeB, m: product.m,
                                n: product.n, k: product.k, a: a, b: b, c: c)
                        }
                    }
                }
            }
        }
    }

    /// The milliseconds of each run of the products with OpenBLAS's own `threads`.
    static func milliseconds(_ products: [Product], repeats: Int, threads: Int) -> [Double] {
        var operands = Operands(for: products)
        return operands.milliseconds(products, repeats: repeats, threads: threads)
    }

    /// The rate of a 2048³ product in GFLOP/s, the best of a few runs.
    static func peak(threads: Int, side: Int = 2_048) -> Double {
        let product = Product(m: side, n: side, k: side)
        let best = milliseconds([product], repeats: 5, threads: threads).min() ?? .infinity
        return 2 * Double(side) * Double(side) * Double(side) / best / 1e6
    }
}
