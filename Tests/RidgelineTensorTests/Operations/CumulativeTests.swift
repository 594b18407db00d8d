// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Running sums and products, products, reductions of integers and truth values, adding at indices.
@Suite(.serialized) struct CumulativeTests {
    private func forms<Scalar: FloatingScalar>(_: Scalar.Type) {
        let x: Tensor<Scalar> = [[1, 2, 3], [4, 0, 6]]
        expect(x.cumulativeSum(axis: 1), [2, 3], [1, 3, 6, 4, 4, 10])
        expect(x.cumulativeSum(axis: 0), [2, 3], [1, 2, 3, 5, 2, 9])
        expect(x.cumulativeSum(axis: -1, exclusive: true), [2, 3], [0, 1, 3, 0, 4, 4])
        expect(x.cumulativeSum(axis: 1, reversed: true), [2, 3], [6, 5, 3, 10, 6, 6])
        expect(x.cumulativeSum(axis: 1, exclusive: true, reversed: true), [2, 3], [5, 3, 0, 6, 6, 0])
        expect(x.cumulativeProduct(axis: 1), [2, 3], [1, 2, 6, 4, 0, 0])
        expect(x.cumulativeProduct(axis: 1, exclusive: true), [2, 3], [1, 1, 2, 1, 4, 0])
        expect(x.cumulativeProduct(axis: 1, exclusive: true, reversed: true), [2, 3], [6, 3, 1, 0, 6, 1])
        expect(x.cumulativeSum(axis: 1).transposed().cumulativeSum(axis: 1), [3, 2], [1, 5, 3, 7, 6, 16])
        expect(x.product(), [], [0])
        expect(x.product(axis: 0, keepingDimensions: true), [1, 3], [4, 0, 18])
        expect(Tensor<Scalar>.zeros([2, 0]).product(axis: 1), [2], [1, 1])
        expect(Tensor<Scalar>.zeros([2, 0]).cumulativeProduct(axis: 1), [2, 0], [])
        expect(Tensor<Scalar>([1, .nan, 2]).cumulativeSum(axis: 0), [3], [1, .nan, .nan])
        // PyTorch's gradients at factors of 0.
        let z: Tensor<Scalar> = [2, 0, 3, 0, 4]
        let pullback = valueWithPullback(at: z) { $0.cumulativeProduct(axis: 0) }.pullback
        expect(pullback([1, 2, 3, 4, 5]), [5], [1, 22, 0, 0, 0])
        expect(
            valueAndGradient(at: Tensor<Scalar>([2, 0, 3, 4])) { $0.product() }.gradient, [4], [0, 24, 0, 0])
        expect(valueAndGradient(at: z) { $0.product() }.gradient, [5], [0, 0, 0, 0, 0])
    }

    @Test func everyForm() {
        forms(Float.self)
        forms(Double.self)
    }

    /// A running sum of 2²⁰ tenths is right to Float's rounding, and so is adding them at one index.
    @Test func longSums() {
        let count = 1 << 20
        let tenths = Tensor<Float>.full([count], 0.1)
        let wanted = Float(Double(Float(0.1)) * Double(count))
        #expect(tenths.cumulativeSum(axis: 0)[-1].item == wanted)
        let places = Tensor<Int64>.zeros([count])
        expect(Tensor<Float>.zeros([2]).scatterAdd(tenths, at: places, axis: 0), [2], [wanted, 0])
        expect(Tensor<Float>.zeros([2]).indexAdd(tenths, at: places), [2], [wanted, 0])
    }

    @Test func addingAtIndices() {
        let x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
        let values: Tensor<Float> = [[10, 20], [30, 40]]
        expect(x.scatterAdd(values, at: [[0, -1], [0, 0]], axis: 0), [2, 3], [41, 42, 3, 4, 25, 6])
        expect(
            x.transposed().scatterAdd(values, at: [[1, 1], [1, 0]], axis: 1), [3, 2], [1, 34, 42, 35, 3, 6])
        expect(x.indexAdd(values, at: [2, 2], axis: 1), [2, 3], [1, 2, 33, 4, 5, 76])
        expect(x.indexAdd([[100, 200, 300]], at: Tensor<Int64>([-1])), [2, 3], [1, 2, 3, 104, 205, 306])
        expect(x.indexAdd(.zeros([0, 3]), at: Tensor<Int32>([])), [2, 3], x.scalars)
    }

    @Test func integersAndTruths() {
        let x: Tensor<Int32> = [[3, -1, 2], [4, 0, 6]]
        expect(x.sum(axis: 0), [3], [7, -1, 8])
        expect(x.product(axis: 1), [2], [-6, 0])
        expect(x.max(axis: 1), [2], [3, 6])
        expect(x.min(), [], [-1])
        expect(x.mean(axis: 1), [2], [4.0 / 3, 10.0 / 3])
        expect(x.cumulativeSum(axis: 1), [2, 3], [3, 2, 4, 4, 4, 10])
        expect(x.cumulativeProduct(axis: 1, reversed: true), [2, 3], [-6, -2, 2, 0, 0, 6])
        expect(Tensor<UInt8>([200, 100]).cumulativeSum(axis: 0), [2], [200, 44])
        expect(Tensor<UInt64>([.max, 0]).mean(), [], [0x1p63])
        let mask: Tensor<Bool> = [[true, false], [true, true]]
        expect(mask.all(axis: 1), [2], [false, true])
        expect(mask.any(axis: 0, keepingDimensions: true), [1, 2], [true, true])
        expect(mask.all(axes: [0, 1]), [], [false])
        expect(mask.trueCount(axis: 0), [2], [2, 1])
        let none = Tensor<Bool>.zeros([2, 0])
        expect(none.all(axis: 1), [2], [true, true])
        expect(none.any(axis: 1), [2], [false, false])
    }

    @Test func oneAxis() {
        let x: Tensor<Double> = sample([3, 4])
        #expect(x.mean(axis: 1) == x.mean(axes: [1]))
        #expect(x.sum(axis: -2) == x.sum(axes: 0))
        #expect(x.max(axis: 0, keepingDimensions: true) == x.max(axes: 0, keepingDimensions: true))
        #expect(x.min(axis: 0) == x.min(axes: 0))
        #expect(x.variance(axis: 0, correction: 1) == x.variance(axes: 0, correction: 1))
        #expect(x.logSumExp(axis: 1) == x.logSumExp(axes: 1))
    }

    @Test func bothSpellings() {
        let x: Tensor<Double> = sample([3, 4], in: 0.1...0.9)
        let pairs: [(Tensor<Double>, Tensor<Double>)] = [
            (x.exp(), exp(x)), (x.expm1(), expm1(x)), (x.log(), log(x)), (x.log1p(), log1p(x)),
            (x.sin(), sin(x)),
            (x.cos(), cos(x)), (x.tan(), tan(x)), (x.erf(), erf(x)), (x.sqrt(), sqrt(x)), (x.abs(), abs(x)),
            (x.squareRoot(), squareRoot(x)), (x.absolute(), absolute(x)), (x.squared(), squared(x)),
            (x.reciprocal(), reciprocal(x)), (x.reciprocalSquareRoot(), reciprocalSquareRoot(x)),
            (x.sign(), sign(x)), (x.floor(), floor(x)), (x.ceiling(), ceiling(x)), (x.ceil(), ceil(x)),
            (x.rounded(), rounded(x)), (x.pow(2), pow(x, 2)), (x.power(x), power(x, x)),
            (x.clamped(0.3, 0.5), clamped(x, 0.3, 0.5)), (x.relu(), relu(x)), (x.gelu(), gelu(x)),
            (x.silu(), silu(x)), (x.sigmoid(), sigmoid(x)), (x.tanh(), tanh(x)),
            (x.softmax(axis: 0), softmax(x, axis: 0)), (x.softmin(), softmin(x)),
            (x.logSoftmax(), logSoftmax(x)),
        ]
        for (index, (method, function)) in pairs.enumerated() { #expect(method == function, "pair \(index)") }
        #expect(x.exp() != x && x.ceil() != x.floor())
    }

    @Test func literalsAndNegativeRanges() {
        var x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
        expect(x[.all, -2...], [2, 2], [2, 3, 5, 6])
        expect(x[-1...], [1, 3], [4, 5, 6])
        x[0] = 2
        x[1, -2...] = 0.5
        expect(x, [2, 3], [2, 2, 2, 4, 0.5, 0.5])
        x[0] += 1
        x[element: 1, 0] = x[element: 0, -1] * 2
        expect(x, [2, 3], [3, 3, 3, 6, 0.5, 0.5])
        var mask: Tensor<Bool> = [true, true]
        mask[0] = false
        expect(mask, [2], [false, true])
        var whole: Tensor<Int64> = [1, 2]
        whole[.ellipsis] = -9_223_372_036_854_775_808
        expect(whole, [2], [.min, .min])
        let gradient = valueAndGradient(at: x) { x in
            var y = x * x
            y[0] = 1
            return y.rows.reduce(Tensor(0)) { $0 + $1.sum() }
        }.gradient
        expect(gradient, [2, 3], [0, 0, 0, 12, 1, 1])
    }

    @Test func rows() {
        let x: Tensor<Float> = [[1, 2], [3, 4], [5, 6]]
        #expect(x.rows.map { $0.sum().item } == [3, 7, 11])
        #expect(x.rows.count == 3 && x.transposed().rows.last?.scalars == [2, 4, 6])
        #expect(Tensor<Float>.zeros([0, 2]).rows.isEmpty)
    }
}
