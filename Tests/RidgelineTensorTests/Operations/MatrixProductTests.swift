// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite(.serialized) struct MatrixProductTests {
    /// NumPy's rule by plain loops on at least two axes each.
    private func naive(_ a: Naive<Double>, _ b: Naive<Double>, _ shape: Shape) -> [Double] {
        multiIndices(shape).map { index in
            let (row, column) = (index[index.count - 2], index[index.count - 1])
            let batch = Array(index.dropLast(2))
            return (0..<a.shape[-1]).reduce(0.0) { $0 + a[batch + [row, $1]] * b[batch + [$1, column]] }
        }
    }

    @Test(
        arguments: [
            ([3, 4], [4, 5], [3, 5]), ([2, 3, 4], [4, 5], [2, 3, 5]), ([3, 4], [2, 4, 5], [2, 3, 5]),
            ([2, 1, 3, 4], [5, 4, 2], [2, 5, 3, 2]), ([1, 4], [4, 1], [1, 1]), ([7, 1], [1, 6], [7, 6]),
            ([0, 4], [4, 5], [0, 5]), ([3, 0], [0, 5], [3, 5]), ([3, 4], [4, 0], [3, 0]),
            ([2, 3, 0], [0, 4], [2, 3, 4]), ([0, 3, 4], [0, 4, 2], [0, 3, 2]),
            ([0, 3, 4], [4, 2], [0, 3, 2]),
            ([2, 2, 3, 4], [2, 2, 4, 3], [2, 2, 3, 3]), ([67, 33], [33, 70], [67, 70]),
        ] as [([Int], [Int], [Int])])
    func againstPlainLoops(left: [Int], right: [Int], expected: [Int]) {
        let (leftShape, rightShape, shape) = (Shape(left), Shape(right), Shape(expected))
        for first in Arrangement.allCases {
            for second in Arrangement.allCases {
                let a: Tensor<Double> = first.tensor(leftShape, sampled(leftShape.elementCount))
                let b: Tensor<Double> = second.tensor(rightShape, sampled(rightShape.elementCount, seed: 2))
                let wanted = naive(Naive(a), Naive(b), shape)
                expectClose(matmul(a, b), shape, wanted, tolerance: 1e-13, "\(first) \(second)")
                let (x, y) = (Tensor<Float>(a), Tensor<Float>(b))
                expectClose(matmul(x, y), shape, wanted, tolerance: 3e-5, "\(first) \(second)")
            }
        }
    }

    @Test func vectors() {
        let a: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
        let v: Tensor<Float> = [1, 0, -1]
        expect(matmul(a, v), [2], [-2, -2])
        expect(matmul(v, a.transposed()), [2], [-2, -2])
        expect(matmul(v, v), [], [2])
        expect(matmul(Tensor.stacked([a, -a]), v), [2, 2], [-2, -2, 2, 2])
        expect(matmul(v, Tensor.stacked([a.transposed(), a.transposed()])), [2, 2], [-2, -2, -2, -2])
        expect(matmul(v[.strided(by: -1)], v), [], [-2])
        expect(matmul(Tensor<Float>.zeros([0]), .zeros([0])), [], [0])
    }

    /// Transposes and slices of a matrix reach BLAS where they lie.
    @Test func readsTransposesInPlace() throws {
        let x: Tensor<Float> = sample([8, 6])
        for view in [x, x.transposed(), x[2..<7], x[.all, 1..<4], x.transposed()[1..<3], x[.strided(by: 2)]] {
            #expect(view.readableByBLAS().storage === x.storage)
            let found = try #require(view.matrixView())
            #expect(found.rows == view.shape[0] && found.columns == view.shape[1])
        }
        for view in [x[.all, .strided(by: 2)], x.flipped(), x[0].broadcast(to: [3, 6])] {
            #expect(view.readableByBLAS().storage !== x.storage)
        }
    }

    @Test func linearIsProductBiasActivation() {
        for arrangement in Arrangement.allCases {
            let x: Tensor<Double> = arrangement.tensor([2, 5, 7], sampled(70))
            let weight: Tensor<Double> = arrangement.tensor([3, 7], sampled(21, seed: 2))
            let bias: Tensor<Double> = arrangement.tensor([3], sampled(3, seed: 3))
            for activation in Activation.smooth {
                let plain = matmul(x, weight.transposed())
                expectClose(
                    linear(x, weight: weight, bias: bias, activation: activation), [2, 5, 3],
                    (plain + bias).activated(activation).scalars, tolerance: 1e-13, "\(activation)")
                expectClose(
                    linear(x, weight: weight, activation: activation), [2, 5, 3],
                    plain.activated(activation).scalars, tolerance: 1e-13, "\(activation)")
            }
        }
        let weight: Tensor<Float> = sample([3, 4])
        expect(linear(Tensor<Float>.zeros([2, 0, 4]), weight: weight, bias: [1, 2, 3]), [2, 0, 3], [])
        expect(linear([1, 2, 3, 4], weight: weight), [3], matmul(weight, [1, 2, 3, 4]).scalars)
        expect(
            linear(
                Tensor<Float>.zeros([2, 0]), weight: .zeros([3, 0]), bias: [-1, 0, 2], activation: .relu),
            [2, 3],
            [0, 0, 2, 0, 0, 2])
        expect(linear(Tensor<Float>.ones([2, 4]), weight: .zeros([0, 4]), bias: .zeros([0])), [2, 0], [])
    }

    @Test func activationsByTheirFormulas() {
        let x: Tensor<Double> = Arrangement.transposed.tensor([40, 5], sampled(200, in: -5...5))
        let root = Double.sqrt(2)
        expect(x.activated(.identity), [40, 5], x.scalars)
        expect(x.activated(.relu), [40, 5], x.scalars.map { Swift.max($0, 0) })
        expectClose(x.activated(.gelu), [40, 5], (x * 0.5 * (erf(x / root) + 1)).scalars, tolerance: 1e-13)
        let inner = (x + 0.044715 * x * x * x) * (2 / Double.pi).squareRoot()
        expectClose(x.activated(.geluTanh), [40, 5], (x * 0.5 * (tanh(inner) + 1)).scalars, tolerance: 1e-13)
    }

    /// Bitwise: forward, and the gradients that GEMM accumulates.
    @Test func sameAtAnyNumberOfThreads() {
        func all<Scalar: FloatingScalar>(_: Scalar.Type) -> [[Scalar]] {
            let x: Tensor<Scalar> = sample([301, 203])
            let weight: Tensor<Scalar> = sample([517, 203], seed: 2)
            let bias: Tensor<Scalar> = sample([517], seed: 3)
            let (value, gradients) = valueAndGradients(at: [x, weight, bias]) { inputs in
                let y = linear(inputs[0], weight: inputs[1], bias: inputs[2], activation: .gelu)
                return (y * matmul(inputs[0], inputs[1].transposed())).sum()
            }
            let batch: Tensor<Scalar> = sample([7, 33, 45], seed: 4)
            return
                ([
                    value, matmul(x, weight.transposed()), matmul(weight, x.transposed()),
                    matmul(x, weight[0]),
                    matmul(x[0], weight.transposed()), matmul(batch, batch.transposed()),
                ] + gradients).map(\.scalars)
        }
        let single = withThreads(1) { all(Float.self) }
        let double = withThreads(1) { all(Double.self) }
        for threads in [2, 3, 5] {
            #expect(withThreads(threads) { all(Float.self) } == single, "\(threads) threads")
            #expect(withThreads(threads) { all(Double.self) } == double, "\(threads) threads")
        }
    }
}
