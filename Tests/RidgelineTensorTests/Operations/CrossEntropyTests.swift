// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

/// Losses and gradients to a few units of the last place, however large the logits are.
@Suite(.serialized) struct CrossEntropyTests {
    /// Rows of doubles, a label, and the loss and its gradient to 60 digits by mpmath.
    private static let exact: [(row: [Double], label: Int, loss: Double, gradient: [Double])] = [
        ([16.0, 0.0], 0, 1.1253516838717681e-07, [-1.12535162055095e-07, 1.12535162055095e-07]),
        ([16.0, 0.0], 1, 16.00000011253517, [0.9999998874648379, -0.9999998874648379]),
        (
            [40.0, 0.0, -3.0], 0, 4.459867359050697e-18,
            [-4.459867359050697e-18, 4.248354255291589e-18, 2.1151310375910805e-19]
        ),
        ([40.0, 0.0, -3.0], 1, 40.0, [1.0, -1.0, 2.1151310375910805e-19]),
        ([40.0, 0.0, -3.0], 2, 43.0, [1.0, 4.248354255291589e-18, -1.0]),
        ([100000000.0, 100000000.0], 0, 0.6931471805599453, [-0.5, 0.5]),
        ([100000000.0, 100000000.0], 1, 0.6931471805599453, [0.5, -0.5]),
        (
            [1e+16, 1e+16, 9999999999999992.0], 0, 0.6933148978085725,
            [-0.5000838515924378, 0.49991614840756216, 0.0001677031848757029]
        ),
        (
            [1e+16, 1e+16, 9999999999999992.0], 1, 0.6933148978085725,
            [0.49991614840756216, -0.5000838515924378, 0.0001677031848757029]
        ),
        (
            [1e+16, 1e+16, 9999999999999992.0], 2, 8.693314897808573,
            [0.49991614840756216, 0.49991614840756216, -0.9998322968151243]
        ),
        ([700.25, -700.5, 699.875], 0, 0.52312326413984, [-0.4073334000459302, 0.0, 0.4073334000459302]),
        ([700.25, -700.5, 699.875], 1, 1401.27312326414, [0.5926665999540698, -1.0, 0.4073334000459302]),
        ([700.25, -700.5, 699.875], 2, 0.89812326413984, [0.5926665999540698, 0.0, -0.5926665999540698]),
        (
            [0.1, 0.2, 0.30000000000000004], 0, 1.2019428482292442,
            [-0.6993903946442728, 0.3322249935333472, 0.3671654011109255]
        ),
        (
            [0.1, 0.2, 0.30000000000000004], 1, 1.1019428482292442,
            [0.3006096053557273, -0.6677750064666528, 0.3671654011109255]
        ),
        (
            [0.1, 0.2, 0.30000000000000004], 2, 1.001942848229244,
            [0.3006096053557273, 0.3322249935333472, -0.6328345988890746]
        ),
        ([-1e+300, 0.0, 1.0], 0, 1e+300, [-1.0, 0.2689414213699951, 0.7310585786300049]),
        ([-1e+300, 0.0, 1.0], 1, 1.3132616875182228, [0.0, -0.7310585786300049, 0.7310585786300049]),
        ([-1e+300, 0.0, 1.0], 2, 0.3132616875182228, [0.0, 0.2689414213699951, -0.2689414213699951]),
        (
            [1000000000000000.125, 1000000000000000.0, 999999999999979.5], 0, 0.632599035903229,
            [-0.4687906269375643, 0.4687906263515043, 5.860599452685696e-10]
        ),
        (
            [1000000000000000.125, 1000000000000000.0, 999999999999979.5], 1, 0.757599035903229,
            [0.5312093730624358, -0.5312093736484956, 5.860599452685696e-10]
        ),
        (
            [1000000000000000.125, 1000000000000000.0, 999999999999979.5], 2, 21.25759903590323,
            [0.5312093730624358, 0.4687906263515043, -0.99999999941394]
        ),
        (
            [36.7368005696771, 0.0, -0.0], 0, 2.2204460492503146e-16,
            [-2.220446049250314e-16, 1.110223024625157e-16, 1.110223024625157e-16]
        ),
        (
            [36.7368005696771, 0.0, -0.0], 1, 36.7368005696771,
            [0.9999999999999998, -0.9999999999999999, 1.110223024625157e-16]
        ),
        (
            [36.7368005696771, 0.0, -0.0], 2, 36.7368005696771,
            [0.9999999999999998, 1.110223024625157e-16, -0.9999999999999999]
        ),
        (
            [14.393914484395843, 25.339499799925022, -28.259686302983116, -2.0626407373136786], 0,
            10.945602951074678,
            [-0.9999823646112639, 0.9999823646100067, 5.274260570898011e-24, 1.257169723472277e-12]
        ),
        (
            [14.393914484395843, 25.339499799925022, -28.259686302983116, -2.0626407373136786], 1,
            1.763554549863246e-05,
            [1.7635388736144362e-05, -1.7635389993314084e-05, 5.274260570898011e-24, 1.257169723472277e-12]
        ),
        (
            [14.393914484395843, 25.339499799925022, -28.259686302983116, -2.0626407373136786], 2,
            53.59920373845364, [1.7635388736144362e-05, 0.9999823646100067, -1.0, 1.257169723472277e-12]
        ),
        (
            [14.393914484395843, 25.339499799925022, -28.259686302983116, -2.0626407373136786], 3,
            27.4021581727842,
            [1.7635388736144362e-05, 0.9999823646100067, 5.274260570898011e-24, -0.9999999999987428]
        ),
    ]

    @Test func doublesAgreeWithMultiplePrecision() {
        for (row, label, loss, gradient) in Self.exact {
            let logits = Tensor<Double>(row).reshaped(to: [1, row.count])
            for labels in [Tensor<Int64>([Int64(label)]), Tensor<Int64>(Tensor<UInt8>([UInt8(label)]))] {
                let found = valueAndGradient(at: logits) { softmaxCrossEntropy(logits: $0, labels: labels) }
                #expect(ulps(found.value.item, loss) <= 2, "\(row), \(label): \(found.value.item)")
                for (one, exact) in zip(found.gradient.scalars, gradient) where exact != 0 {
                    #expect(ulps(one, exact) <= 4, "\(row), \(label): \(found.gradient)")
                }
            }
        }
    }

    /// The same in floats, whose exact values doubles hold: m and sums as in the definition, a wider type.
    private func definition(_ row: [Float], _ label: Int) -> (loss: Double, gradient: [Double]) {
        let (largest, own) = (Double(row.max() ?? 0), Double(row[label]))
        let terms = row.map { Double.exp(Double($0) - largest) }
        let others = terms.indices.reduce(0) { $1 == label ? $0 : $0 + terms[$1] }
        let all = others + terms[label]
        let loss =
            own == largest ? Double.log(onePlus: others) : (largest - own) + Double.log(all)
        return (loss, terms.indices.map { $0 == label ? -others / all : terms[$0] / all })
    }

    @Test func floatsAgreeWithDoubles() {
        var worst = (loss: 0.0, gradient: 0.0)
        for (index, classes) in [1, 2, 3, 10, 17, 100, 1_000].enumerated() {
            for (spread, offset) in [(3.0, 0.0), (40, 0), (1, 1e4), (10, -1e6), (1e3, 0), (20, 1e8), (60, 7)]
            {
                let rows = 20
                let logits: Tensor<Float> =
                    sample([rows, classes], in: -spread...spread, seed: UInt64(index + 3)) + Float(offset)
                let labels = (0..<rows).map { Int32($0 * 7 % classes) }
                let (losses, pullback) = valueWithPullback(at: logits) {
                    softmaxCrossEntropy(logits: $0, labels: Tensor(labels), reduction: .none)
                }
                let gradient = pullback(.ones([rows])).scalars
                for row in 0..<rows {
                    let range = row * classes..<(row + 1) * classes
                    let exact = definition(Array(logits.scalars[range]), Int(labels[row]))
                    worst.loss = max(worst.loss, ulps(losses.scalars[row], exact.loss))
                    for (one, wanted) in zip(gradient[range], exact.gradient) where wanted.magnitude > 1e-37 {
                        worst.gradient = max(worst.gradient, ulps(one, wanted))
                    }
                    #expect(abs(gradient[range].reduce(0.0) { $0 + Double($1) }) < 2e-7)
                }
            }
        }
        #expect(worst.loss <= 2.5, "\(worst)")
        #expect(worst.gradient <= 5, "\(worst)")
    }

    @Test func commonOffsets() {
        func check<Scalar: FloatingScalar>(_ offset: Scalar) {
            let logits = Tensor([offset, offset]).reshaped(to: [1, 2])
            let (loss, gradient) = valueAndGradient(at: logits) {
                softmaxCrossEntropy(logits: $0, labels: [0])
            }
            expectClose(loss, [], [Double.log(2)], tolerance: roundoff(Scalar.self))
            expect(gradient, [1, 2], [-0.5, 0.5])
            // The log-sum-exp is as coarse as its operands, its gradient is not.
            for sums in [
                { $0.logSumExp(axes: 1) }, { $0.logSumExp() }, { $0.folded(.logSumExp, axis: 1) },
                { $0.transposed().logSumExp(axes: 0) },
            ] as [(Tensor<Scalar>) -> Tensor<Scalar>] {
                let gradient = valueAndGradient(at: logits) { sums($0) }.gradient
                expectClose(gradient, [1, 2], [0.5, 0.5], tolerance: roundoff(Scalar.self) / 2)
            }
        }
        for offset: Float in [1e4, 1e8, -1e8, 3e38] { check(offset) }
        for offset in [1e8, 1e17, -1e300] { check(offset) }
        let small = softmaxCrossEntropy(logits: [[16, 0]] as Tensor<Float>, labels: [0])
        #expect(ulps(small.item, 1.1253516838717681e-07) < 1)
    }

    /// As PyTorch answers for these rows.
    @Test func infinitiesAndNaN() {
        func check<Scalar: FloatingScalar>(_: Scalar.Type) {
            let (inf, nan) = (Scalar.infinity, Scalar.nan)
            let cases: [([Scalar], Int32, Scalar, [Scalar])] = [
                ([inf, 0], 0, nan, [nan, nan]), ([inf, 0], 1, nan, [nan, nan]),
                ([-inf, 0], 0, inf, [-1, 1]), ([-inf, 0], 1, 0, [0, 0]),
                ([-inf, -inf], 0, nan, [nan, nan]), ([nan, 0], 1, nan, [nan, nan]),
                ([inf, inf], 1, nan, [nan, nan]), ([3], 0, 0, [0]),
            ]
            for (row, label, loss, gradient) in cases {
                let logits = Tensor(row).reshaped(to: [1, row.count])
                let found = valueAndGradient(at: logits) {
                    softmaxCrossEntropy(logits: $0, labels: Tensor<Int32>([label]))
                }
                expect(found.value, [], [loss], "\(row)")
                expect(found.gradient, [1, row.count], gradient, "\(row)")
            }
            let sums: [([Scalar], Scalar, [Scalar])] = [
                ([inf, 0], inf, [nan, 0]), ([-inf, 0], 0, [0, 1]), ([-inf, -inf], -inf, [nan, nan]),
                ([nan, 0], nan, [nan, nan]),
            ]
            for (row, value, gradient) in sums {
                for found in [
                    valueAndGradient(at: Tensor(row)) { $0.logSumExp() },
                    valueAndGradient(at: Tensor(row)) { $0.folded(.logSumExp, axis: 0) },
                ] {
                    expect(found.value, [], [value], "\(row)")
                    expect(found.gradient, [2], gradient, "\(row)")
                }
            }
        }
        check(Float.self)
        check(Double.self)
    }

    /// Where every value of a row is −∞, masked, there is no distribution: NaN, forward and backward, as in PyTorch.
    @Test func maskedRows() {
        let x = Tensor<Float>(shape: [2, 2], scalars: [-.infinity, -.infinity, 0, 0])
        for function in [
            { softmax($0) }, { logSoftmax($0) }, { softmin(-$0) },
        ] as [(Tensor<Float>) -> Tensor<Float>] {
            let (y, pullback) = valueWithPullback(at: x, function)
            #expect(y[0].scalars.allSatisfy(\.isNaN) && y[1].isFinite().all())
            let dx = pullback(.ones([2, 2]))
            #expect(dx[0].scalars.allSatisfy(\.isNaN) && dx[1].isFinite().all())
        }
    }

    @Test func sameAtAnyNumberOfThreads() {
        let logits: Tensor<Float> = sample([3_000, 37])
        let labels =
            Tensor<Int64>.range(from: 0, to: 3_000) - Tensor<Int64>.range(from: 0, to: 3_000) / 37 * 37
        func all() -> [[Float]] {
            let (losses, pullback) = valueWithPullback(at: logits) {
                softmaxCrossEntropy(logits: $0, labels: labels, reduction: .none) + $0.logSumExp(axes: 1)
            }
            return [losses.scalars, pullback(.ones([3_000])).scalars]
        }
        let alone = withThreads(1, all)
        for threads in [2, 5] { #expect(withThreads(threads, all) == alone) }
    }
}
