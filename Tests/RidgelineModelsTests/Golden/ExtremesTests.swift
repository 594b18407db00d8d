// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Activations over zeros, subnormals, tails, huge values, infinities and NaN, against exact values from
/// `extremes.safetensors`.
struct ExtremesTests {
    private struct Comparison {
        var worst = 0
        var place: Float = 0

        mutating func add(_ x: Float, _ actual: Float, _ exact: Double) {
            // An infinite distance where only one is NaN; correctly rounded otherwise is a distance of 0.
            let distance = distanceInUlps(actual, Float(exact))
            if distance > worst { (worst, place) = (distance, x) }
        }
    }

    @Test(arguments: [("gelu", Activation.gelu), ("gelu_tanh", .geluTanh)])
    func smoothActivations(_ name: String, _ activation: Activation) throws {
        let fixture = try Fixture("extremes")
        let x: Tensor<Float> = try fixture.tensor("input")
        let exact: Tensor<Double> = try fixture.tensor("exact/\(name)")
        let slope: Tensor<Double> = try fixture.tensor("exact/\(name).derivative")
        let (value, pullback) = valueWithPullback(at: x) { $0.activated(activation) }
        let derivative = pullback(.ones(x.shape))
        #expect(value.shape == exact.shape && derivative.shape == slope.shape)
        var (values, derivatives) = (Comparison(), Comparison())
        for index in 0..<x.elementCount {
            let at = x.scalars[index]
            values.add(at, value.scalars[index], exact.scalars[index])
            derivatives.add(at, derivative.scalars[index], slope.scalars[index])
        }
        #expect(values.worst <= 2, "\(name) is \(values.worst) ulp off at \(values.place)")
        #expect(derivatives.worst <= 3, "\(name)′ is \(derivatives.worst) ulp off at \(derivatives.place)")
    }

    /// The same through the fused path, which must agree bit by bit with the plain one.
    @Test(arguments: [Activation.relu, .gelu, .geluTanh]) func fused(_ activation: Activation) throws {
        let x: Tensor<Float> = try Fixture("extremes").tensor("input").reshaped([-1, 1])
        let finite = which(x.isFinite(), x, .zeros([]))
        let weight = Tensor<Float>.ones([1, 1])
        let fused = valueWithPullback(at: finite) { linear($0, weight: weight, activation: activation) }
        let plain = valueWithPullback(at: finite) { $0.activated(activation) }
        #expect(fused.value == plain.value)
        #expect(fused.pullback(.ones(x.shape)) == plain.pullback(.ones(x.shape)))
    }

    @Test func relu() throws {
        let fixture = try Fixture("extremes")
        let x: Tensor<Float> = try fixture.tensor("input")
        let expected: Tensor<Float> = try fixture.tensor("torch/relu")
        let (value, pullback) = valueWithPullback(at: x) { $0.activated(.relu) }
        let slopes: Tensor<Float> = try fixture.tensor("torch/relu.derivative")
        let derivative = pullback(.ones(x.shape))
        #expect(value.shape == expected.shape && derivative.shape == slopes.shape)
        for index in 0..<x.elementCount {
            let at = x.scalars[index]
            #expect(distanceInUlps(value.scalars[index], expected.scalars[index]) == 0, "at \(at)")
            #expect(distanceInUlps(derivative.scalars[index], slopes.scalars[index]) == 0, "at \(at)")
        }
    }

    @Test func infinitiesAndNaN() throws {
        let x = Tensor<Float>([.infinity, -.infinity, .nan])
        for activation in [Activation.relu, .gelu, .geluTanh] {
            let (value, pullback) = valueWithPullback(at: x) { $0.activated(activation) }
            let derivative = pullback(.ones([3]))
            #expect(value.scalars[0] == .infinity && derivative.scalars[0] == 1, "\(activation)")
            #expect(value.scalars[1] == 0 && derivative.scalars[1] == 0, "\(activation)")
            #expect(value.scalars[2].isNaN, "\(activation)")
            if activation != .relu { #expect(derivative.scalars[2].isNaN, "\(activation)") }
        }
    }

    /// Where PyTorch's own result is nan or infinite, ours is the limit.
    @Test func betterThanPyTorchWhereItOverflows() throws {
        let fixture = try Fixture("extremes")
        let x: Tensor<Float> = try fixture.tensor("input")
        let theirs: Tensor<Float> = try fixture.tensor("torch/gelu_tanh.derivative")
        let ours = valueWithPullback(at: x) { $0.activated(.geluTanh) }.pullback(.ones(x.shape))
        let lost = (theirs.isNaN() .& .!x.isNaN())
        #expect(lost.trueCount() > 0)
        #expect(!(lost .& ours.isNaN()).any())
    }
}
