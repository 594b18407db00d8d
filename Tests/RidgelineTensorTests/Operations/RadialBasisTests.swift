// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

/// What the golden values and finite differences do not reach: centres themselves, and points far away.
@Suite struct RadialBasisTests {
    private static let functions: [RadialFunction] =
        [.gaussian, .multiquadric, .inverseMultiquadric, .thinPlateSpline]
        + (1...5).map { .polyharmonicSpline(degree: $0) }

    /// At a centre the distance is exactly 0, the value exact, and the gradient exactly 0.
    @Test(arguments: functions) func atTheCentre(function: RadialFunction) {
        check(function, Float.self)
        check(function, Double.self)
    }

    private func check<Scalar: FloatingScalar>(_ function: RadialFunction, _: Scalar.Type) {
        let point: Tensor<Scalar> = sample([1, 5], in: 90...110)
        let expected: Scalar = function.hasWidth ? 1 : 0
        let (y, pullback) = valueWithPullback(at: [point, point]) {
            radialBasis($0[0], centres: $0[1], function: function)
        }
        expect(y, [1, 1], [expected], "\(function)")
        for gradient in pullback(.ones([1, 1])) {
            expect(gradient, [1, 5], Array(repeating: 0, count: 5), "\(function)")
        }
    }

    /// Far from the origin ‖x‖² + ‖c‖² − 2·x·c alone would have no correct digit in single precision.
    @Test func distancesFarFromTheOrigin() {
        let (rows, count, inputs) = (40, 30, 6)
        let x = Tensor<Float>(sample([rows, inputs]) as Tensor<Double>) + 1_000
        let near = x[0..<5] + Tensor<Float>(sample([5, inputs], in: -1e-2...1e-2, seed: 3) as Tensor<Double>)
        let centres = Tensor.concatenated([
            near, Tensor<Float>(sample([count - 5, inputs], seed: 5) as Tensor<Double>) + 1_000,
        ])
        let found = SquaredDistances(x, centres).values.scalars
        let (a, b) = (x.scalars.map(Double.init), centres.scalars.map(Double.init))
        var worst = 0.0
        for row in 0..<rows {
            for column in 0..<count {
                var exact = 0.0
                for input in 0..<inputs {
                    let difference = a[row * inputs + input] - b[column * inputs + input]
                    exact += difference * difference
                }
                worst = max(worst, abs(Double(found[row * count + column]) / exact - 1))
            }
        }
        #expect(worst < 2e-5, "\(worst)")
    }

    @Test func namesRoundTrip() {
        for function in Self.functions { #expect(RadialFunction(named: function.name) == function) }
        #expect(RadialFunction(named: "polyharmonic-spline-0") == nil)
        for gate in Gate.allCases { #expect(Gate(named: gate.name) == gate) }
        #expect(Gate(named: "swish") == .silu && Gate(named: "linear") == nil)
        #expect(Gate.names.count == 9)
        #expect(Fold.names == ["mean", "minimum", "maximum", "logsumexp"])
        #expect(Fold(named: "median") == nil)
    }

    /// E[alphaDropout(x)] and its variance are those of x, and PyTorch's constants hold element by element.
    @Test func alphaDropoutKeepsMeanAndVariance() {
        let x = Tensor<Double>.normal([400_000], using: RandomGenerator(seed: 1))
        let y = alphaDropout(x, probability: 0.2, using: RandomGenerator(seed: 2))
        #expect(abs(y.mean().item) < 0.01)
        #expect(abs(y.variance().item - 1) < 0.02)
        // torch: a = ((α′²·p + 1)·(1 − p))^−½, x·mask·a + (mask − 1)·α·a + α·a·p
        let alpha = 1.7580993408473766
        let a = 1 / ((alpha * alpha * 0.2 + 1) * 0.8).squareRoot()
        var kept = 0
        for (one, other) in zip(x.scalars, y.scalars) {
            if abs(other - (one * a + alpha * a * 0.2)) < 1e-14 * (1 + abs(one)) {
                kept += 1
            } else {
                #expect(abs(other + alpha * a * 0.8) < 1e-14)
            }
        }
        #expect(abs(Double(kept) / 400_000 - 0.8) < 0.005)
        expect(alphaDropout(Tensor<Float>.ones([5]), probability: 1), [5], [0, 0, 0, 0, 0])
        expect(alphaDropout(Tensor<Float>.ones([5]), probability: 0), [5], [1, 1, 1, 1, 1])
    }

    @Test func lecunHasVarianceOneOverFanIn() {
        for draw in [Tensor<Double>.lecunNormal, Tensor<Double>.lecunUniform] {
            let weight = draw([500, 40, 5], RandomGenerator(seed: 6))
            #expect(abs(weight.mean().item) < 0.001)
            #expect(abs(weight.variance().item * 200 - 1) < 0.02)
        }
    }
}
