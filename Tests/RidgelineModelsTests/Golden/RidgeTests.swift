// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Every activation that PyTorch has too, values and gradients, kinks included.
struct RidgeTests {
    private static func names() throws -> [String] {
        try Fixture("ridge").groups(endingIn: "output").filter { $0 != "prelu" }
    }

    @Test(arguments: try names())
    func agreesWithPyTorch(_ name: String) throws {
        // PyTorch 2.13 multiplies by a sixth in single precision here, whatever the tensor's type.
        try compare(name, Double.self, within: name == "hard-sigmoid" ? 4e-8 : 4e-15)
        try compare(name, Float.self, within: 8e-7)
    }

    private func compare<Scalar: FloatingScalar>(
        _ name: String, _ type: Scalar.Type, within tolerance: Double
    ) throws {
        let fixture = try Fixture("ridge")
        let activation = try Activation(named: name)
        let input = try fixture.converted("input", to: type)
        let (value, pullback) = withMode(.inference) {
            valueWithPullback(at: input) { $0.activated(activation) }
        }
        expectClose(
            value, try fixture.converted("\(name)/output", to: type), within: tolerance, "\(name) \(type)")
        expectClose(
            pullback(try fixture.converted("upstream", to: type)),
            try fixture.converted("\(name)/gradient", to: type), within: tolerance, "\(name) \(type) gradient"
        )
    }

    @Test func parametricSlopesAreLearntAsPyTorchs() throws {
        let fixture = try Fixture("ridge")
        let slope: Tensor<Double> = try fixture.tensor("prelu/slope")
        let (value, pullback) = try valueWithPullback(at: fixture.tensor("input"), slope) {
            $0.activated(.parametricReLU(isPerChannel: true), slope: $1)
        }
        expectClose(value, try fixture.tensor("prelu/output"), within: 1e-15, "output")
        let (dx, dSlope) = pullback(try fixture.tensor("upstream"))
        expectClose(dx, try fixture.tensor("prelu/gradient"), within: 1e-15, "gradient")
        expectClose(dSlope, try fixture.tensor("prelu/slope.gradient"), within: 1e-14, "slopes")
    }

    /// Nothing of the family is left out: what PyTorch lacks is named here.
    @Test func everyFunctionIsCompared() throws {
        let compared = Set(try Self.names().map { try Activation(named: $0).baseName })
        let others = Set(Activation.family.map(\.baseName)).subtracting(compared)
        #expect(
            others == ["step", "parametric-relu", "squared-relu", "gelu-sigmoid"],
            "what is new belongs into Tests/Fixtures/make_ridge_fixtures.py, or, where PyTorch lacks it, here and below"
        )
    }

    /// Functions PyTorch has no operator for, by their definitions.
    @Test func otherFunctionsAreTheirDefinitions() {
        let x: Tensor<Double> = [-3, -0.5, -0.0, 0, 0.25, 2]
        let (step, through) = valueWithPullback(at: x) { $0.activated(.step) }
        #expect(step == [0, 0, 0, 0, 1, 1])
        #expect(through(x) == x)
        let (squared, slope) = valueWithPullback(at: x) { $0.activated(.squaredReLU) }
        #expect(squared == [0, 0, 0, 0, 0.0625, 4])
        #expect(slope(.ones([6])) == [0, 0, 0, 0, 0.5, 4])
        let quick = x * sigmoid(x * 1.702)
        #expect(x.activated(.geluSigmoid).isAlmostEqual(to: quick, relative: 1e-14, absolute: 0))
    }
}
