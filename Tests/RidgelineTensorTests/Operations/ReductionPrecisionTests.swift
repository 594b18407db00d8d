// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite(.serialized) struct ReductionPrecisionTests {
    /// A running float sum of these stops at 2²⁴ · 0.1 and is off by more than a tenth.
    @Test func longSums() {
        #if DEBUG
            let count = 3_000_000
        #else
            let count = 100_000_000
        #endif
        let x = Tensor<Float>.full([count], 0.1)
        let exact = Double(Float(0.1)) * Double(count)
        #expect(abs(Double(x.sum().item) / exact - 1) < 1e-7)
        #expect(abs(Double(x.reshaped(to: [count / 4, 4]).sum().item) / exact - 1) < 1e-7)
        #expect(abs(x.mean().item - 0.1) < 1e-7)
    }

    @Test func longSumsOfRandomValues() {
        let count = 1_000_003
        let x: Tensor<Float> = sample([count], in: 0...1)
        let exact = x.scalars.reduce(0.0) { $0 + Double($1) }
        #expect(abs(Double(x.sum().item) / exact - 1) < 1e-7)
        let turned = x[..<1_000_000].reshaped(to: [1_000, 1_000]).transposed()
        let part = x.scalars[..<1_000_000].reduce(0.0) { $0 + Double($1) }
        #expect(abs(Double(turned.sum().item) / part - 1) < 1e-7)
    }

    @Test func columnSumsOfManyRows() {
        #if DEBUG
            let rows = 50_000
        #else
            let rows = 1_000_000
        #endif
        let scale: Tensor<Float> = [0.1, 1, 3, -0.7, 0.3]
        let x = Tensor<Float>.ones([rows, 5]) * scale
        let wanted = scale.scalars.map { Double($0) * Double(rows) }
        for sums in [
            x.sum(axes: 0), x.transposed().sum(axes: 1),
            x.reshaped(to: [rows / 10, 10, 5]).sum(axes: [0, 1]),
        ] {
            #expect(sums.shape == [5])
            for (sum, exact) in zip(sums.scalars, wanted) { #expect(abs(Double(sum) / exact - 1) < 1e-6) }
        }
    }

    @Test func wideColumnSums() {
        let (rows, columns) = (77, 1_300)
        let x: Tensor<Float> = sample([rows, columns])
        let values = x.scalars
        let wanted = (0..<columns).map { column in
            (0..<rows).reduce(0.0) { $0 + Double(values[$1 * columns + column]) }
        }
        // A part in 10⁷ of Σ|x|, which is about 77.
        expectClose(x.sum(axes: 0), [columns], wanted, tolerance: 77e-7)
    }

    /// E[x²] − E[x]² in floats would lose every digit.
    @Test func varianceOfLargeMeans() {
        let x = sample([100_000], in: -1...1) as Tensor<Float> + 10_000
        let values = x.scalars.map { Double($0) }
        let mean = values.reduce(0, +) / Double(values.count)
        let exact = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        #expect(abs(Double(x.variance().item) / exact - 1) < 1e-5)
        let columns = x.reshaped(to: [1_000, 100]).variance(axes: [0])
        for (column, variance) in columns.scalars.enumerated() {
            let part = stride(from: column, to: values.count, by: 100).map { values[$0] }
            let middle = part.reduce(0, +) / 1_000
            let wanted = part.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / 1_000
            #expect(abs(Double(variance) / wanted - 1) < 1e-4)
        }
    }

    @Test(arguments: [2, 3, 5])
    func sameAtAnyNumberOfThreads(threads: Int) {
        let x: Tensor<Float> = sample([3, 100_003])
        let y: Tensor<Float> = sample([1_003, 300], seed: 2)
        func all() -> [[Float]] {
            [
                x.sum(), x.sum(axes: 1), x.sum(axes: 0), x.mean(), x.variance(), x.logSumExp(), x.max(),
                y.sum(axes: 0), y.variance(axes: [1]), softmax(y), x.transposed().sum(axes: 0),
            ].map(\.scalars)
        }
        let alone = withThreads(1, all)
        #expect(withThreads(threads, all) == alone)
    }
}
