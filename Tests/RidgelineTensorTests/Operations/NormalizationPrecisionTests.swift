// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Every normalisation at means up to 2^20 times the deviation and at all magnitudes, forward and backward, against twice
/// Double's precision.
///
/// Float's results and gradients are the exact values rounded once, unless terms cancel by more than 2^-20: the error is
/// at most half an ulp of the exact value and 2^-45 of its largest term. Double's are within 4 ulp of the largest term.
/// Terms of an output are x̂·scale, scale and offset; those of the input's gradient scale·dy/deviation, the mean of its
/// magnitude, and x̂ times the mean magnitude of its products with x̂; those of the parameters' gradients all that is summed.
@Suite struct NormalizationPrecisionTests {
    /// What is normalised over what.
    enum Kind: String, CaseIterable, Sendable {
        case layer, batch, given, group, instance
    }

    /// The mean, in deviations, and the magnitude of the values.
    struct Place: Sendable, CustomStringConvertible {
        let ratio: Double
        let size: Double
        let epsilon: Double
        var description: String { "mean/deviation \(ratio), |x| \(size), ε \(epsilon)" }
    }

    static let ratios: [Double] = [0, 1, 37, 1_000, 1_048_576]
    static let places: [Place] = ratios.flatMap { ratio in
        [1e-30, 1e-8, 1, 80_003, 1e19, 1e37].flatMap { size in
            [Place(ratio: ratio, size: size, epsilon: 1e-5), Place(ratio: ratio, size: size, epsilon: 0)]
        }
    }

    @Test(arguments: Kind.allCases)
    func float(kind: Kind) {
        for place in Self.places {
            for shape: Shape in [[2, 9, 11, 12], [3, 2, 4, 36], [2, 40, 4]] {
                check(Float.self, kind, shape, place, ulps: 0.501, terms: 0x1p-45)
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func double(kind: Kind) {
        let far = [1e-280, 1e-160, 1e160, 1e300].map { Place(ratio: 3, size: $0, epsilon: 0) }
        for place in Self.places + far {
            // Squares of what is given are its giver's.
            if kind == .given && (place.size > 1e150 || place.size < 1e-150) { continue }
            for shape: Shape in [[2, 9, 11, 12], [3, 2, 4, 36], [2, 40, 4]] {
                check(Double.self, kind, shape, place, ulps: 4, terms: 4 * 0x1p-52)
            }
        }
    }

    private func check<Scalar: FloatingScalar>(
        _: Scalar.Type, _ kind: Kind, _ shape: Shape, _ place: Place, ulps: Double, terms: Double
    ) {
        let deviation = place.ratio == 0 ? place.size : place.size / max(1, place.ratio)
        let width: Shape = [shape[-1]]
        let noise: [Double] = sampled(shape.elementCount, in: -1.5...1.5, seed: 3)
        let center = place.ratio == 0 ? 0 : place.size
        let x = Tensor<Scalar>(shape: shape, scalars: noise.map { Scalar(center + deviation * $0) })
        let scale: Tensor<Scalar> = sample(width, seed: 4)
        let offset: Tensor<Scalar> = sample(width, seed: 5)
        let dy: Tensor<Scalar> = sample(shape, seed: 6)
        let given = (
            mean: Tensor<Scalar>.full(width, Scalar(center)),
            // What overflows a variance is not given.
            variance: Tensor<Scalar>.full(
                width, Scalar(min(deviation * deviation, Double(Scalar.greatestFiniteMagnitude) / 2)))
        )
        let (y, pullback) = valueWithPullback(at: [x, scale, offset]) { inputs in
            switch kind {
            case .layer:
                layerNormalization(inputs[0], scale: inputs[1], offset: inputs[2], epsilon: place.epsilon)
            case .batch:
                batchNormalization(
                    inputs[0], scale: inputs[1], offset: inputs[2], epsilon: place.epsilon
                ).output
            case .given:
                batchNormalization(
                    inputs[0], mean: given.mean, variance: given.variance, scale: inputs[1],
                    offset: inputs[2], epsilon: max(place.epsilon, 1e-30))
            case .group:
                groupNormalization(
                    inputs[0], groups: shape[-1] / 4, scale: inputs[1], offset: inputs[2],
                    epsilon: place.epsilon)
            case .instance:
                instanceNormalization(inputs[0], scale: inputs[1], offset: inputs[2], epsilon: place.epsilon)
            }
        }
        let gradients = pullback(dy)
        var exact = ExactNormalization(
            x: x.scalars.map(DoubleDouble.init), scale: scale.scalars.map(DoubleDouble.init),
            offset: offset.scalars.map(DoubleDouble.init), dy: dy.scalars.map(DoubleDouble.init),
            epsilon: DoubleDouble(kind == .given ? max(place.epsilon, 1e-30) : place.epsilon))
        let channels = shape[-1]
        let perBlock = shape.elementCount / max(1, shape[0])
        switch kind {
        case .layer: exact.run { $0 / channels }
        case .batch: exact.run { $0 % channels }
        case .given:
            exact.run(
                given: (
                    given.mean.scalars.map(DoubleDouble.init), given.variance.scalars.map(DoubleDouble.init)
                )
            ) { $0 % channels }
        case .group: exact.run { $0 / perBlock * channels + $0 % channels / 4 }
        case .instance: exact.run { $0 / perBlock * channels + $0 % channels }
        }
        let name = "\(kind) \(shape), \(place)"
        expect(y, exact.y, ulps, terms, "\(name): output")
        expect(gradients[0], exact.dx, ulps, terms, "\(name): input's gradient")
        expect(gradients[1], exact.dScale, ulps, terms, "\(name): scale's gradient")
        expect(gradients[2], exact.dOffset, ulps, terms, "\(name): offset's gradient")
    }

    private func expect<Scalar: FloatingScalar>(
        _ found: Tensor<Scalar>, _ exact: [ExactNormalization.Value], _ ulps: Double, _ terms: Double,
        _ name: String
    ) {
        var worst = 0.0
        for (value, exact) in zip(found.scalars, exact) {
            let unit = Double(Scalar(exact.value.high).ulp)
            let error = (DoubleDouble(value) - exact.value).magnitude
            let part = error / (ulps * unit + terms * exact.largest)
            worst = part.isNaN ? .infinity : max(worst, part)
        }
        #expect(worst <= 1, "\(name): \(worst) of what is allowed")
    }

    /// The examples as they were met, against mpmath's values.
    @Test func valuesAtLargeMeansAndScales() {
        let four: Tensor<Float> = [[[80_000], [80_001], [80_002], [80_003]]]
        expectClose(
            groupNormalization(four, groups: 1), four.shape,
            [-1.341635419968927, -0.44721180665630899, 0.44721180665630899, 1.341635419968927],
            tolerance: 1e-7)
        let wide: Tensor<Float> = [[1e19], [-1e19], [5e18], [2.5e18]]
        expectClose(
            batchNormalization(wide).output, wide.shape,
            [1.1026456085839622, -1.6115589663919448, 0.42409446483998547, 0.084818892967997093],
            tolerance: 2e-7)
        let near: Tensor<Float> = [[100_000, 100_000.0078125]]
        let (_, pullback) = valueWithPullback(at: [near, [1, 1]]) { layerNormalization($0[0], scale: $0[1]) }
        expectClose(
            pullback([[1, 1]])[1], [2], [-0.77723754554431441, 0.77723754554431441], tolerance: 1e-7)
    }

    /// Sums over many rows lose nothing: 2^20 times 0.1, which Float alone would make 0.8 % too much or too little.
    @Test func parameterGradientsOverManyRows() {
        let rows = 1 << 20
        let x: Tensor<Float> = sample([rows, 4], seed: 1)
        let dy = Tensor<Float>.full([rows, 4], 0.1)
        let expected = [Double](repeating: Double(rows) * Double(Float(0.1)), count: 4)
        let ones = Tensor<Float>.ones([4])
        for (name, function) in [
            ("layer", { layerNormalization($0[0], scale: $0[1], offset: $0[2]) }),
            ("batch", { batchNormalization($0[0], scale: $0[1], offset: $0[2]).output }),
            (
                "group",
                {
                    groupNormalization(
                        $0[0].reshaped(to: [1, rows, 4]), groups: 2, scale: $0[1], offset: $0[2]
                    ).reshaped(to: [rows, 4])
                }
            ),
        ] as [(String, ([Tensor<Float>]) -> Tensor<Float>)] {
            let (_, pullback) = valueWithPullback(at: [x, ones, ones], function)
            expectClose(pullback(dy)[2], [4], expected, tolerance: 6e-8 * expected[0], name)
            // The upstream gradient x̂ makes the scale's Σ x̂².
            let (y, again) = valueWithPullback(at: [x, ones, .zeros([4])], function)
            let squares = (Tensor<Double>(y) * Tensor<Double>(y)).sum(axes: 0).scalars
            expectClose(again(y)[1], [4], squares, tolerance: 2e-7 * squares[0], name)
        }
        let wide = Tensor<Double>(x)
        let (_, pullback) = valueWithPullback(at: [wide, Tensor<Double>.zeros([4])]) {
            layerNormalization($0[0], offset: $0[1])
        }
        let exact = Double(rows) * 0.1
        expectClose(
            pullback(.full([rows, 4], 0.1))[1], [4], [Double](repeating: exact, count: 4),
            tolerance: 4 * exact.ulp)
    }

    /// A constant is normalised to nothing, however large, and has no gradient but what ε leaves.
    @Test func constantsVanish() {
        for value in [Float(0.1), 1e-30, 12_345.678, 1e37, -3e38] {
            let x = Tensor<Float>.full([3, 8, 4], value)
            #expect(layerNormalization(x).scalars.allSatisfy { $0 == 0 })
            #expect(batchNormalization(x).output.scalars.allSatisfy { $0 == 0 })
            #expect(groupNormalization(x, groups: 2).scalars.allSatisfy { $0 == 0 })
        }
    }
}
