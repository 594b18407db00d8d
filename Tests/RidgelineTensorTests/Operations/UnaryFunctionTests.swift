// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

@Suite struct UnaryFunctionTests {
    private typealias Function<Scalar: FloatingScalar> = (Tensor<Scalar>) -> Tensor<Scalar>

    /// Each function with its double-precision twin and where it is defined.
    private func table<Scalar: FloatingScalar>(
        _: Scalar.Type
    ) -> [(String, Function<Scalar>, (Double) -> Double, ClosedRange<Double>)] {
        let (real, positive) = (-3.0...3.0, 0.1...4.0)
        return [
            ("negate", { -$0 }, { -$0 }, real), ("abs", { abs($0) }, { Swift.abs($0) }, real),
            ("sign", { $0.sign() }, { $0 > 0 ? 1 : -1 }, real),
            ("squared", { $0.squared() }, { $0 * $0 }, real),
            ("sqrt", { sqrt($0) }, { $0.squareRoot() }, positive),
            ("reciprocalSquareRoot", { $0.reciprocalSquareRoot() }, { 1 / $0.squareRoot() }, positive),
            ("reciprocal", { $0.reciprocal() }, { 1 / $0 }, positive),
            ("exp", { exp($0) }, { .exp($0) }, real),
            ("expm1", { expm1($0) }, { .expMinusOne($0) }, real),
            ("log", { log($0) }, { .log($0) }, positive),
            ("log1p", { log1p($0) }, { .log(onePlus: $0) }, positive),
            ("sin", { sin($0) }, { .sin($0) }, real),
            ("cos", { cos($0) }, { .cos($0) }, real), ("tan", { tan($0) }, { .tan($0) }, -1.4...1.4),
            ("tanh", { tanh($0) }, { .tanh($0) }, real), ("erf", { erf($0) }, { .erf($0) }, real),
            ("sigmoid", { sigmoid($0) }, { 1 / (1 + .exp(-$0)) }, real),
            ("floor", { $0.floor() }, { $0.rounded(.down) }, real),
            ("ceiling", { $0.ceiling() }, { $0.rounded(.up) }, real),
            ("rounded", { $0.rounded() }, { $0.rounded(.toNearestOrEven) }, real),
        ]
    }

    private func check<Scalar: FloatingScalar>(_ type: Scalar.Type) {
        let cases = table(type)
        // Tanh and sigmoid are activations, the others unary operations.
        #expect(cases.count == UnaryKind.allCases.count + 2)
        for (name, function, reference, range) in cases {
            for arrangement in Arrangement.allCases {
                let x: Tensor<Scalar> = arrangement.tensor([5, 7, 3], sampled(105, in: range))
                let wanted = Naive(x).elements.map { reference($0.asDouble) }
                let tolerance = 8 * Scalar.ulpOfOne.asDouble
                expectClose(function(x), [5, 7, 3], wanted, tolerance: tolerance, "\(name) \(arrangement)")
            }
            expect(function(.zeros([2, 0])), [2, 0], [], name)
        }
    }

    @Test func everyFunction() {
        check(Float.self)
        check(Double.self)
    }

    @Test func edges() {
        let x = Tensor<Float>([0, -0.0, .infinity, -.infinity, .nan])
        expect(exp(x), [5], [1, 1, .infinity, 0, .nan])
        expect(log(x), [5], [-.infinity, -.infinity, .infinity, .nan, .nan])
        expect(sigmoid(x), [5], [0.5, 0.5, 1, 0, .nan])
        expect(tanh(x), [5], [0, 0, 1, -1, .nan])
        expect(x.sign(), [5], [0, 0, 1, -1, .nan])
        expect(x.reciprocal(), [5], [.infinity, -.infinity, 0, 0, .nan])
        expect(([0.5, 1.5, 2.5, -0.5] as Tensor<Double>).rounded(), [4], [0, 2, 2, 0])
        expect(sigmoid([200, -200] as Tensor<Double>), [2], [1, .exp(-200)])
        expect(log1p([1e-20] as Tensor<Double>), [1], [1e-20])
        expect(expm1([1e-20] as Tensor<Double>), [1], [1e-20])
    }

    @Test func powers() {
        let x: Tensor<Double> = [[1, 2], [3, 4]]
        expectClose(x.power([2, 0.5]), [2, 2], [1, 2.0.squareRoot(), 9, 2], tolerance: 1e-15)
        expect(x.power(0), [2, 2], [1, 1, 1, 1])
        expect(([0, -2, -2] as Tensor<Float>).power([0, 3, 0.5]), [3], [1, -8, .nan])
        let turned = x.transposed().power([[1], [2]])
        expectClose(turned, [2, 2], [1, 3, 4, 16], tolerance: 1e-15)
    }

    /// Past one piece of the parallel loop and past the scratch of strided runs.
    @Test func longRuns() {
        let x: Tensor<Float> = sample([2, 70_001])
        expect(x.squared(), x.shape, x.scalars.map { $0 * $0 })
        let turned = x.transposed()
        expect(turned.squared(), turned.shape, turned.scalars.map { $0 * $0 })
    }
}
