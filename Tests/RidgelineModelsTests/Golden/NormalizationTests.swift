// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Normalisations by channels, their gradients and running statistics, against PyTorch's.
struct NormalizationTests {
    private static let activations: [String: Activation] = [
        "identity": .identity, "relu": .relu, "gelu": .gelu, "sigmoid": .sigmoid,
    ]

    @Test func everyStoredOperationIsCompared() throws {
        let expected = ["batch", "batch.residual", "batch.given"].flatMap { kind in
            Self.activations.keys.map { "\(kind)/\($0)" }
        }
        #expect(
            try Set(Fixture("normalization").groups(endingIn: "output"))
                == Set(expected + ["group.1", "group.2", "group.6", "instance"]))
    }

    @Test(arguments: activations.keys.sorted()) func batch(_ name: String) throws {
        let activation = try #require(Self.activations[name])
        try compare("batch/\(name)", ["x", "weight", "bias"]) {
            batchNormalization(
                $0[0], scale: $0[1], offset: $0[2], epsilon: 1e-3, activation: activation
            ).output
        } and: {
            batchNormalization(
                $0[0], scale: $0[1], offset: $0[2], epsilon: 1e-3, activation: activation
            ).output
        }
        try compare("batch.residual/\(name)", ["x", "weight", "bias", "residual"]) {
            batchNormalization(
                $0[0], scale: $0[1], offset: $0[2], epsilon: 1e-3, residual: $0[3], activation: activation
            ).output
        } and: {
            batchNormalization(
                $0[0], scale: $0[1], offset: $0[2], epsilon: 1e-3, residual: $0[3], activation: activation
            ).output
        }
        let fixture = try Fixture("normalization")
        let mean = try fixture.tensor("bias", as: Double.self)
        let variance = abs(try fixture.tensor("weight", as: Double.self)) + 0.5
        try compare("batch.given/\(name)", ["x", "weight", "bias", "residual"]) {
            batchNormalization(
                $0[0], mean: mean, variance: variance, scale: $0[1], offset: $0[2], epsilon: 1e-3,
                residual: $0[3], activation: activation)
        } and: {
            batchNormalization(
                $0[0], mean: Tensor(mean), variance: Tensor(variance), scale: $0[1], offset: $0[2],
                epsilon: 1e-3, residual: $0[3], activation: activation)
        }
    }

    @Test(arguments: [1, 2, 6]) func group(_ groups: Int) throws {
        try compare("group.\(groups)", ["x", "weight", "bias"]) {
            groupNormalization($0[0], groups: groups, scale: $0[1], offset: $0[2])
        } and: {
            groupNormalization($0[0], groups: groups, scale: $0[1], offset: $0[2])
        }
    }

    @Test func instance() throws {
        try compare("instance", ["x", "weight", "bias"]) {
            instanceNormalization($0[0], scale: $0[1], offset: $0[2])
        } and: {
            instanceNormalization($0[0], scale: $0[1], offset: $0[2])
        }
    }

    private func compare(
        _ name: String, _ inputs: [String], _ double: ([Tensor<Double>]) -> Tensor<Double>,
        and float: ([Tensor<Float>]) -> Tensor<Float>
    ) throws {
        try compare(name, inputs, within: 4e-14, double)
        try compare(name, inputs, within: 1e-5, float)
    }

    private func compare<Scalar: FloatingScalar>(
        _ name: String, _ names: [String], within tolerance: Double,
        _ function: ([Tensor<Scalar>]) -> Tensor<Scalar>
    ) throws {
        let fixture = try Fixture("normalization")
        let inputs = try names.map { try fixture.converted($0, to: Scalar.self) }
        let expected = try fixture.converted("\(name)/output", to: Scalar.self)
        expectClose(function(inputs), expected, within: tolerance, "\(name), unrecorded")
        let (value, pullback) = valueWithPullback(at: inputs, function)
        expectClose(value, expected, within: tolerance, name)
        let gradients = pullback(try fixture.converted("upstream", to: Scalar.self))
        for (input, gradient) in zip(names, gradients) {
            expectClose(
                gradient, try fixture.converted("\(name)/\(input).gradient", to: Scalar.self),
                within: tolerance, "\(name), \(input)")
        }
    }

    @Test(arguments: [0.1, nil]) func runningStatisticsAreThoseOfPyTorch(_ momentum: Double?) throws {
        try track(momentum, "float64", within: 1e-14, Double.self)
        try track(momentum, "float32", within: 1e-6, Float.self)
    }

    private func track<Scalar: FloatingScalar>(
        _ momentum: Double?, _ precision: String, within tolerance: Double, _: Scalar.Type
    ) throws {
        let fixture = try Fixture("normalization")
        let name = "running/\(momentum.map { "\($0)" } ?? "cumulative")/\(precision)"
        let x = try fixture.converted("x", to: Scalar.self)
        let layer = BatchNormalization<Scalar>(6, momentum: momentum)
        for step in 0..<3 {
            _ = withMode(.training) { layer(x * Scalar(fromDouble: Double(step + 1))) }
            expectClose(
                layer.runningMean.value, try fixture.tensor("\(name)/mean.\(step)"), within: tolerance, name)
            expectClose(
                layer.runningVariance.value, try fixture.tensor("\(name)/var.\(step)"), within: tolerance,
                name)
            #expect(layer.batchesTracked.value.item == Int64(step + 1))
        }
        expectClose(layer(x), try fixture.tensor("\(name)/inference"), within: tolerance, name)
        let (scale, shift) = layer.inferenceAffine()
        expectClose(x * scale + shift, layer(x), within: tolerance, "\(name), folded")
        #expect(layer.version == 6)
    }

    /// A batch whose variance Float cannot hold leaves the running one finite, and is forgotten.
    @Test func wildBatchesAreForgotten() {
        let layer = BatchNormalization<Float>(2, momentum: 0.5)
        let x: Tensor<Float> = [[-1, 2], [1, -2], [3, 0.5]]
        let y = withMode(.training) { layer(x * 1e20) }
        expectClose(y, withMode(.training) { layer(x * 4) }, within: 2e-6, "of any magnitude")
        for _ in 0..<3 { _ = withMode(.training) { layer(x * 1e37) } }
        #expect(layer.runningVariance.value.scalars.allSatisfy { $0.isFinite && $0 > 1e38 })
        #expect(layer(x).scalars.allSatisfy { $0.isFinite })
        for _ in 0..<400 { _ = withMode(.training) { layer(x) } }
        expectClose(
            layer.runningVariance.value, [4, 4.0833333], within: 1e-5, "variance")
    }

    /// PyTorch's file loads as it is, with its statistics, and is saved under the same names again.
    @Test func aNetworkOfPyTorchLoads() throws {
        let fixture = try Fixture("normalized_network")
        let model = Sequential<Float>(
            Linear(4, 5), BatchNormalization(5), ActivationLayer(.relu), Linear(5, 3), BatchNormalization(3))
        let path = repository.appending(path: "Tests/Fixtures/normalized_network.safetensors").path
        let report = try model.load(from: path, renaming: .below("model"))
        #expect(report.missing.isEmpty && report.unexpected.isEmpty)
        expectClose(
            model(try fixture.tensor("x")), try fixture.tensor("y"), within: 1e-6, "inference")
        #expect(model.buffer(named: "1.num_batches_tracked", as: Int64.self)?.value.item == 2)
        #expect(
            Set(model.tensorNames.map { "model." + $0 }) == fixture.keys.filter { $0.hasPrefix("model.") })
    }
}
