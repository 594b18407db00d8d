// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Single blocks against PyTorch's in Double: output, running statistics, every gradient in full.
@Suite struct ResidualBlockTests {
    static let cases = (try? Fixture("vision_blocks").groups(endingIn: "dx")) ?? []

    @Test func thereAreGoldenValues() { #expect(Self.cases.count == 18) }

    @Test(arguments: cases)
    func passesArePyTorchs(_ key: String) throws {
        let fixture = try Fixture("vision_blocks")
        func golden(_ name: String) throws -> Tensor<Double> { try fixture.tensor(key + "/" + name) }
        let model: any Layer<Double> = try Self.block(key)
        model.weigh(as: Double.self)
        let dx = try golden("dx")
        let x: Tensor<Double> = Formula.images(dx.shape)
        let found = Pass(model, x)
        expectClose(found.y, try golden("y"), within: 1e-11, "y")
        expectClose(found.dx, dx, within: 1e-10, "dx")
        for (name, gradient) in found.gradients {
            expectClose(gradient, try golden(name + ".gradient"), within: 1e-9, name)
        }
        let expected = fixture.keys.filter { $0.hasPrefix(key + "/") && $0.hasSuffix(".gradient") }.count
        #expect(found.gradients.count == expected)
        for (name, tensor) in model.namedTensors {
            guard let buffer = tensor as? Buffer<Double> else { continue }
            expectClose(buffer.value, try golden(name + ".after"), within: 1e-12, name)
        }
        expectClose(model(x), try golden("y.inference"), within: 1e-11, "inference")
    }

    /// In Float, where the fast algorithms and fused passes may differ.
    @Test(arguments: cases)
    func floatIsClose(_ key: String) throws {
        let fixture = try Fixture("vision_blocks")
        let model: any Layer<Float> = try Self.block(key)
        model.weigh(as: Float.self)
        let dx = try fixture.converted(key + "/dx", to: Float.self)
        let x: Tensor<Float> = Formula.images(dx.shape)
        let found = Pass(model, x)
        expectClose(found.y, try fixture.converted(key + "/y", to: Float.self), within: 1e-4, "y")
        expectClose(found.dx, dx, within: 1e-3, "dx")
        let inference = try fixture.converted(key + "/y.inference", to: Float.self)
        expectClose(model(x), inference, within: 1e-4, "inference")
    }

    /// The block of a key as `bottleneck/gelu/projection`.
    private static func block<Scalar: FloatingScalar>(_ key: String) throws -> any Layer<Scalar> {
        let parts = key.split(separator: "/").map(String.init)
        let activation = try Activation(named: parts[1])
        let (inputs, stride) = parts[2] == "identity" ? (8, 1) : (6, 2)
        let shortcut = parts[2] == "zeros" ? ImageShortcutKind.zeroPadding : .projection
        switch parts[0] {
        case "basic":
            return ResidualBlock<Scalar>(
                inputs, outputs: 8, stride: stride, activation: activation, shortcut: shortcut)
        case "bottleneck":
            return BottleneckBlock<Scalar>(
                inputs, hidden: 4, outputs: 8, stride: stride, activation: activation)
        case "basic-v2":
            return PreActivationBlock<Scalar>(inputs, outputs: 8, stride: stride, activation: activation)
        default:
            return PreActivationBlock<Scalar>(
                inputs, bottleneck: 4, outputs: 8, stride: stride, activation: activation)
        }
    }

    /// A pass in training mode with the golden values' upstream gradient.
    private struct Pass<Scalar: FloatingScalar> {
        let y: Tensor<Scalar>
        let dx: Tensor<Scalar>
        let gradients: [(String, Tensor<Scalar>?)]

        init(_ model: some Layer<Scalar>, _ x: Tensor<Scalar>) {
            let (y, pullback) = valueWithPullback(of: model, at: x) { $0($1) }
            let (dx, found) = pullback(Formula.images(y.shape, name: "upstream"))
            self.y = y
            self.dx = dx
            gradients = model.parameters(of: Scalar.self).map { ($0.name, found[$0.parameter]) }
        }
    }
}
