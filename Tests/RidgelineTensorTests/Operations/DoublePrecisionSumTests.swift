// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

/// What floats lose in sums, squares and means, where the engine adds in double precision.
@Suite(.serialized) struct DoublePrecisionSumTests {
    private func gradient(
        _ shape: Shape, _ upstream: Float, _ function: (Tensor<Float>) -> Tensor<Float>
    ) -> Tensor<Float> {
        let (y, pullback) = valueWithPullback(at: .ones(shape), function)
        return pullback(.full(y.shape, upstream))
    }

    /// A running float sum of 2²⁰ times 0.1 is off by a hundredth.
    @Test func repeatedTaking() {
        let count = 1 << 20
        let exact = Float(Double(Float(0.1)) * Double(count))
        let indices = Tensor<Int64>.full([count], 1)
        expect(gradient([3], 0.1) { $0.taking(indices) }, [3], [0, exact, 0])
        expect(gradient([3], 0.1) { $0.gathered(indices, axis: 0) }, [3], [0, exact, 0])
        let few = Tensor<Int32>.full([count / 4], -1)
        let part = Float(Double(Float(0.1)) * Double(count / 4))
        expect(
            gradient([2, 2, 2], 0.1) { $0.taking(few, axis: 1) }, [2, 2, 2],
            [0, 0, part, part, 0, 0, part, part])
        expect(
            gradient([2, 2], 0.1) { $0.transposed().taking(few, axis: 1) }, [2, 2], [0, 0, part, part])
    }

    /// Every index type, negative ones, any arrangement; values and gradients as those of subscripts.
    @Test(arguments: Arrangement.allCases)
    func taking(arrangement: Arrangement) {
        let x: Tensor<Double> = arrangement.tensor([4, 3, 5], sampled(60))
        let places = [2, -1, 0, 2]
        for axis in 0..<3 {
            func slices(_ x: Tensor<Double>) -> Tensor<Double> {
                Tensor.stacked(
                    places.map { place in
                        axis == 0 ? x[place] : axis == 1 ? x[.all, place] : x[.all, .all, place]
                    }, axis: axis)
            }
            let (expected, pullback) = valueWithPullback(at: x, slices)
            for taken in [
                { $0.taking(Tensor<Int32>(places.map { Int32($0) }), axis: axis) },
                { $0.taking(Tensor<Int64>(places.map { Int64($0) }), axis: axis) },
                { $0.taking(Tensor<Int8>(places.map { Int8($0) }), axis: axis) },
            ] as [(Tensor<Double>) -> Tensor<Double>] {
                let (y, pull) = valueWithPullback(at: x, taken)
                expect(y, expected.shape, expected.scalars)
                expect(withoutGradients { taken(x) }, expected.shape, expected.scalars)
                let upstream: Tensor<Double> = sample(y.shape, seed: 3)
                expectClose(pull(upstream), x.shape, pullback(upstream).scalars, tolerance: 1e-15)
            }
        }
        let three = Tensor<UInt8>([3, 0, 3, 3, 1, 2, 0, 3, 3, 1, 2, 1, 0, 0, 3]).reshaped(to: [1, 3, 5])
        let (y, pull) = valueWithPullback(at: x) { $0.gathered(three, axis: 0) }
        let naive = Naive(x)
        let chosen = three.scalars
        expect(
            y, [1, 3, 5],
            multiIndices([1, 3, 5]).enumerated().map { naive[[Int(chosen[$0]), $1[1], $1[2]]] })
        let dx = Naive(pull(.ones([1, 3, 5])))
        #expect(dx.elements.reduce(0, +) == 15 && dx.elements.allSatisfy { $0 == 0 || $0 == 1 })
    }

    @Test func oneHotOfAnyInteger() {
        expect(Tensor<Float>.oneHot(Tensor<Int64>([1, 0]), depth: 2), [2, 2], [0, 1, 1, 0])
        expect(Tensor<Int32>.oneHot(Tensor<UInt8>([2]), depth: 3), [1, 3], [0, 0, 1])
        expect(Tensor<Double>.oneHot([0], depth: 1), [1, 1], [1])
    }

    @Test func sameAtAnyNumberOfThreads() {
        let indices = Tensor<Int32>((0..<50_000).map { Int32($0 * $0 % 997) })
        let x: Tensor<Float> = sample([997, 7])
        func all() -> [[Float]] {
            let (y, pullback) = valueWithPullback(at: x) { $0.taking(indices) }
            let (norms, pull) = valueWithPullback(at: x) {
                $0.norm() + $0.variance() + $0.norm(axes: 0).sum()
            }
            return [
                y.scalars, pullback(sample(y.shape, seed: 2)).scalars, norms.scalars, pull(.ones([])).scalars,
            ]
        }
        let alone = withThreads(1, all)
        for threads in [2, 5] { #expect(withThreads(threads, all) == alone) }
    }

    @Test func norms() {
        func check<Scalar: FloatingScalar>(_ sizes: [Scalar]) {
            for size in sizes {
                let x = Tensor<Scalar>([3 * size, -4 * size])
                let found = valueAndGradient(at: x) { $0.norm() }
                // Of the least numbers 5·size is as exact as they are.
                #expect((found.value.item - 5 * size).magnitude <= (5 * size).ulp, "\(size)")
                expectClose(
                    found.gradient, [2], [0.6, -0.8], tolerance: 2 * roundoff(Scalar.self), "\(size)")
            }
        }
        check([1, 1e-30, .leastNonzeroMagnitude, 1e30, 6e37] as [Float])
        check([1, 1e-300, .leastNonzeroMagnitude, 1e-160, 1e200, 3e307] as [Double])
        let diagonal = ([1e200, 1e200] as Tensor<Double>).norm().item
        #expect(ulps(diagonal, 1e200 * 2.0.squareRoot()) <= 1)
        let x: Tensor<Float> = [[3, 4], [0, 0], [5, 12]]
        let (y, pullback) = valueWithPullback(at: x) { $0.norm(axes: 1) }
        expect(y, [3], [5, 0, 13])
        expect(
            pullback([5, 7, 13]), [3, 2], [3, 4, 0, 0, 5, 12])
        #expect(x.norm(axes: -1, keepingDimensions: true).shape == [3, 1])
        #expect(Tensor<Double>.zeros([0]).norm().item == 0)
        for (row, norm) in [([Double.infinity, 1], Double.infinity), ([1, .nan, .infinity], .nan)] {
            expect(Tensor(row).norm(), [], [norm])
            expect(Tensor<Float>(Tensor(row)).norm(), [], [Float(norm)])
        }
        // Squares of floats fit doubles: nothing is lost over many.
        let many = Tensor<Float>.full([1 << 20], 0.1)
        #expect(ulps(many.norm().item, Double(Float(0.1)) * 1_024) <= 0.5)
    }

    @Test func variances() {
        let found = valueAndGradient(at: [16_777_216, 16_777_218] as Tensor<Float>) { $0.variance() }
        expect(found.value, [], [1])
        expect(found.gradient, [2], [-1, 1])
        let far = valueAndGradient(at: Tensor<Double>([0x1p53, 0x1p53 + 2])) { $0.variance() }
        expect(far.value, [], [1])
        expect(far.gradient, [2], [-1, 1])
        // About means of any size, in any layout: small multiples of a power of 2, whose variance is exact.
        func check<Scalar: FloatingScalar>(_ mean: Scalar, _ unit: Scalar) {
            let steps: [Scalar] = [0, 1, 3, 2, 0, 7, 1, 2]
            let x = Tensor(steps.map { mean + $0 * unit })
            let exact = (68.0 / 8 - 4) * (unit * unit).asDouble
            for variance in [
                x.variance(), x.reshaped(to: [8, 1]).variance(axes: 0),
                x.reshaped(to: [1, 8]).variance(axes: 1),
                x.reshaped(to: [2, 4]).transposed().variance(),
            ] {
                #expect(ulps(variance.scalars[0], exact) <= 1, "\(mean)")
            }
        }
        for mean: Float in [0, 1, 1e4, 0x1p23, -0x1p23] { check(mean, 1) }
        for mean in [0, 1e8, 0x1p52, -0x1p52] { check(mean, 1) }
        check(Float(0x1p-100), 0x1p-120)
        expect(([1, 5] as Tensor<Float>).variance(correction: 1), [], [8])
        expect(([1] as Tensor<Float>).variance(correction: 1), [], [.nan])
        expect(Tensor<Float>.zeros([2, 0]).variance(axes: 1), [2], [.nan, .nan])
    }

    /// Means are divided before they are rounded: their sums may be none that a float holds.
    @Test func means() {
        let large: Tensor<Float> = [[3e38, 3e38], [3e38, 1e38]]
        for found in [large.mean(axes: 0).scalars, large.mean(axes: 1).scalars] {
            #expect(found.allSatisfy { $0.isFinite && $0 >= 1.99e38 })
        }
        expect(large.mean(axes: 0), [2], [3e38, 2e38])
        expect(Tensor<Float>.full([3, 4], 3e38).transposed().mean(), [], [3e38])
        let (_, pullback) = valueWithPullback(at: large) { $0.mean(axes: 0) }
        expect(pullback([1, 3]), [2, 2], [0.5, 1.5, 0.5, 1.5])
    }

    /// What cancels in a column leaves what is small beside it, as in a row.
    @Test func cancellingColumns() {
        for columns in [1, 3, 40, 3_000] {
            let x = Tensor.concatenated(
                [1e8, 1, -1e8, 0.25, 0, 0, 3, 0, 1e12, -1e12].map { Tensor<Float>.full([1, columns], $0) })
            expect(x.sum(axes: 0), [columns], Array(repeating: 4.25, count: columns))
            expect(x.transposed().sum(axes: 1), [columns], Array(repeating: 4.25, count: columns))
            expect(
                x.transposed().contiguous().sum(axes: 1), [columns], Array(repeating: 4.25, count: columns))
        }
    }

    /// Gradients that are sums over rows: of biases, slopes, widths and what was broadcast, 2¹⁸ times 0.1.
    @Test func gradientsOverManyRows() {
        let rows = 1 << 18
        let exact = Double(Float(0.1)) * Double(rows)
        let ones = Tensor<Float>.ones([rows, 1])
        func check(_ name: String, _ parameter: Tensor<Float>, _ function: (Tensor<Float>) -> Tensor<Float>) {
            let (y, pullback) = valueWithPullback(at: parameter, function)
            for found in pullback(.full(y.shape, 0.1)).scalars {
                #expect(abs(Double(found.magnitude) / exact - 1) < 2e-7, "\(name): \(found)")
            }
        }
        for activation in [Activation.identity, .relu, .parametricReLU(initial: 0.25)] {
            check("bias, \(activation)", [1]) {
                linear(ones, weight: [[0]], bias: $0, activation: activation, slope: [0.25])
            }
        }
        check("slope", [0.25]) {
            linear(-ones, weight: [[1]], activation: .parametricReLU(initial: 0.25), slope: $0)
        }
        check("broadcast", [1]) { $0 + ones }
        check("broadcast factor", [1]) { ones * $0 }
        check("mean", Tensor<Float>([2])) { $0.broadcast(to: [rows, 1]).contiguous() }
    }

    @Test func uniformStaysBelowItsEnd() {
        let values = Tensor<Float>.uniform([1 << 21], in: 100..<101, using: RandomGenerator(seed: 1))
        #expect(values.max().item == Float(101).nextDown && values.min().item >= 100)
        let signed = Tensor<Float>.uniform([1 << 21], in: -0.001..<1_000, using: RandomGenerator(seed: 1))
        #expect(signed.max().item < 1_000 && signed.min().item >= -0.001)
        let narrow = Tensor<Double>.uniform([1_000], in: 1..<(1.0).nextUp, using: RandomGenerator(seed: 1))
        #expect(narrow.scalars.allSatisfy { $0 == 1 })
        expect(Tensor<Float>.uniform([2], in: 5..<5, using: RandomGenerator(seed: 1)), [2], [5, 5])
    }
}
