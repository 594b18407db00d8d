// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

@Suite struct DifferentiationTests {
    private let x: Tensor<Double> = [[1, 2], [3, 4]]

    @Test func valueAndGradientOfOneInput() {
        let (value, gradient) = valueAndGradient(at: x) { ($0 * $0).sum() }
        expect(value, [], [30])
        expect(gradient, [2, 2], [2, 4, 6, 8])
        // A result of one element may have axes.
        let kept = valueAndGradient(at: x) { $0.sum(keepingDimensions: true) }
        expect(kept.value, [1, 1], [10])
        expect(kept.gradient, [2, 2], [1, 1, 1, 1])
    }

    @Test func twoInputs() {
        let y: Tensor<Double> = [10, 20]
        let (value, gradient) = valueAndGradient(at: x, y) { ($0 * $1).sum() }
        expect(value, [], [160])
        expect(gradient.0, [2, 2], [10, 20, 10, 20])
        expect(gradient.1, [2], [4, 6])
        let (product, pullback) = valueWithPullback(at: x, y) { $0 * $1 }
        expect(product, [2, 2], [10, 40, 30, 80])
        let (dx, dy) = pullback([[1, 0], [0, 0]])
        expect(dx, [2, 2], [10, 0, 0, 0])
        expect(dy, [2], [1, 0])
    }

    @Test func pullbackIsReusable() {
        let (_, pullback) = valueWithPullback(at: x) { exp($0) * $0.sum() }
        let upstream: Tensor<Double> = [[1, 2], [0, -1]]
        let first = pullback(upstream)
        expect(pullback(upstream), [2, 2], first.scalars)
        // It is linear in the upstream gradient, and leaves that alone.
        expectClose(pullback(upstream * 3), [2, 2], first.scalars.map { $0 * 3 }, tolerance: 1e-14)
        expect(upstream, [2, 2], [1, 2, 0, -1])
        expect(pullback(.zeros([2, 2])), [2, 2], [0, 0, 0, 0])
    }

    /// A step owns its gradients: what the caller gives up is written over, what it keeps is not.
    @Test func upstreamGivenUpIsOverwritten() {
        let x: Tensor<Float> = [[-1, 2], [3, -4]]
        for upstreamIsKept in [false, true] {
            let (_, pullback) = valueWithPullback(at: x) { relu($0) }
            let upstream: Tensor<Float> = [[1, 2], [3, 4]]
            let block = upstream.pointer
            if upstreamIsKept {
                let dx = pullback(upstream)
                #expect(dx.pointer != block)
                #expect(upstream.scalars == [1, 2, 3, 4])
                #expect(dx.scalars == [0, 2, 3, 0])
            } else {
                let dx = pullback(consume upstream)
                #expect(dx.pointer == block)
                #expect(dx.scalars == [0, 2, 3, 0])
            }
        }
    }

    @Test func usesAddUp() {
        let gradient = valueAndGradient(at: x) { x in
            let y = x * 2
            return (x + y + y * y + matmul(x, y) + x.transposed()).sum()
        }.gradient
        // The sum of x + 2x + 4x² + 2·x·x + xᵀ: 1 + 2 + 8x + 2·(row sums + column sums, crossed) + 1.
        let (rows, columns) = (x.sum(axes: 1), x.sum(axes: 0))
        let crossed = rows.expandingDimension(at: 0) + columns.expandingDimension(at: 1)
        expectClose(gradient, [2, 2], (4 + 8 * x + 2 * crossed).scalars, tolerance: 1e-14)
    }

    @Test func sharedGradientsAreNotWrittenOver() {
        // Both terms of the sum get the same upstream tensor; one is then added to.
        let (_, pullback) = valueWithPullback(at: [x, x]) { inputs in (inputs[0] + inputs[1]) + inputs[0] }
        let gradients = pullback(.ones([2, 2]))
        expect(gradients[0], [2, 2], [2, 2, 2, 2])
        expect(gradients[1], [2, 2], [1, 1, 1, 1])
    }

    @Test func constantsGetNoGradient() {
        let stopped = valueAndGradient(at: x) { ($0 * stopGradient($0)).sum() }
        expect(stopped.gradient, [2, 2], x.scalars)
        let without = valueAndGradient(at: x) { x in (x * withoutGradients { x * x }).sum() }
        expect(without.gradient, [2, 2], x.scalars.map { $0 * $0 })
        let constant = valueAndGradient(at: x) { _ in Tensor<Double>(3) }
        expect(constant.value, [], [3])
        expect(constant.gradient, [2, 2], [0, 0, 0, 0])
        let suspended = withoutGradients { valueAndGradient(at: x) { $0.sum() }.gradient }
        expect(suspended, [2, 2], [1, 1, 1, 1])
    }

    @Test func unusedInputsGetZeros() {
        let (_, gradients) = valueAndGradients(at: [x, [1, 2, 3]]) { inputs in inputs[0].sum() }
        expect(gradients[1], [3], [0, 0, 0])
        let (_, pullback) = valueWithPullback(at: x) { $0 }
        expect(pullback([[1, 2], [3, 4]]), [2, 2], [1, 2, 3, 4])
    }

    @Test func nothingIsRecordedOutside() {
        let plain = x * x + 1
        #expect(plain.trace.isNone)
        #expect(Recording.current == nil)
        var entries = 0
        _ = valueAndGradient(at: x) { y in
            // Operations on constants alone are not recorded.
            _ = self.x * 2 + self.x
            entries = Recording.current?.entries.count ?? 0
            return y.sum()
        }
        #expect(entries == 1)
        #expect(Recording.current == nil)
    }

    @Test func errorsLeaveNoRecordingOpen() {
        struct Stop: Error {}
        var escaped: Tensor<Double>?
        #expect(throws: Stop.self) {
            try valueAndGradient(at: x) { x -> Tensor<Double> in
                escaped = x * 2
                throw Stop()
            }
        }
        expect((escaped ?? x) + 1, [2, 2], [3, 5, 7, 9])
    }

    @Test func genericOverScalars() {
        func gradient<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            valueAndGradient(at: x) { tanh($0).squared().mean() }.gradient
        }
        let double = gradient(x)
        expectClose(gradient(Tensor<Float>(x)), [2, 2], double.scalars, tolerance: 1e-6)
        let wanted = x.scalars.map { 0.5 * Double.tanh($0) * (1 - Double.tanh($0) * Double.tanh($0)) }
        expectClose(double, [2, 2], wanted, tolerance: 1e-14)
    }

    /// A float input whose loss is computed in double.
    @Test func mixedPrecision() {
        let single = Tensor<Float>(x)
        let (value, gradient) = valueAndGradient(at: single) { x in (Tensor<Double>(x) * 0.1).squared().sum()
        }
        expectClose(value, [], [0.3], tolerance: 1e-15)
        expectClose(gradient, [2, 2], [0.02, 0.04, 0.06, 0.08], tolerance: 1e-8)
        let (_, back) = valueWithPullback(at: x) { Tensor<Float>($0 * 3) }
        expect(back(.ones([2, 2])), [2, 2], [3, 3, 3, 3])
    }

    @Test func customOperations() {
        // A backward of its own: the gradient is what it says, not what the forward would give.
        let gradient = valueAndGradient(at: x) { x in
            customOperation(x) { x in (x * x, { upstream in upstream * 100 }) }.sum()
        }.gradient
        expect(gradient, [2, 2], [100, 100, 100, 100])
        let partial = valueAndGradients(at: [x, x]) { inputs in
            customOperation(inputs) { inputs in (inputs[0] + inputs[1], { [nil, $0 * 5] }) }.sum()
        }.gradients
        expect(partial[0], [2, 2], [0, 0, 0, 0])
        expect(partial[1], [2, 2], [5, 5, 5, 5])
        let plain = customOperation(x) { x in (x * 2, { $0 }) }
        #expect(plain.trace.isNone)
        expect(plain, [2, 2], [2, 4, 6, 8])
    }

    /// The check itself finds what is wrong and where.
    @Test func checkGradientsCanFail() throws {
        func wrong(at element: Int) -> ([Tensor<Double>]) -> Tensor<Double> {
            { inputs in
                customOperation(inputs[0]) { x in
                    let slip = Tensor<Double>.oneHot(Tensor(Int32(element)), depth: 4).reshaped(to: [2, 2])
                    return (x * x, { $0 * (2 * x + slip * 1e-3) })
                }
            }
        }
        let found = #expect(throws: GradientDiscrepancy.self) {
            try checkGradients(at: [x], of: wrong(at: 2))
        }
        #expect(found?.input == 0 && found?.element == 2)
        let nan = #expect(throws: GradientDiscrepancy.self) {
            try checkGradients(at: [x]) { inputs in
                customOperation(inputs[0]) { x in (x, { $0 * Double.nan }) }
            }
        }
        #expect(nan?.recorded.isNaN == true)
        // One NaN among good elements is not forgotten for those that follow it.
        #expect(throws: GradientDiscrepancy.self) {
            try checkGradients(at: [x]) { inputs in
                customOperation(inputs[0]) { x in
                    (x, { $0 * Tensor<Double>([.nan, 1, 1, 1]).reshaped(to: [2, 2]) })
                }
            }
        }
        let largest = try checkGradients(at: [x]) { exp($0[0] * 0.3) }
        #expect(largest > 0 && largest < 1e-7)
    }
}
