// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Convolutions of sequences, transposed convolutions and padding modes as PyTorch has them, values and gradients, in
/// both precisions.
struct ConvolutionVariantTests {
    private typealias Inputs<Scalar: FloatingScalar> = [String: Tensor<Scalar>]

    private static let activations: [String: Activation] = [
        "identity": .identity, "relu": .relu, "gelu": .gelu, "tanh": .tanh,
    ]
    private static let modes: [String: PaddingMode] = [
        "zeros": .zero, "reflect": .reflect, "replicate": .replicate, "circular": .circular,
    ]

    @Test(
        arguments: [
            ("sequence", 22), ("transposed", 12), ("transposed-sequence", 12), ("edges-1", 20),
            ("edges-2", 20),
        ])
    func agreesWithPyTorch(kind: String, count: Int) throws {
        let fixture = try Fixture("convolution_variants")
        let names = fixture.groups(endingIn: "output")
            .filter { $0.hasPrefix(kind + "/") && !$0.hasSuffix("/single") }
        #expect(names.count == count)
        for name in names {
            let options = try fixture.tensor("\(name)/options", as: Double.self).scalars.map { Int($0) }
            let parts = name.split(separator: "/").map(String.init)
            let exact = try run(fixture, name, as: Double.self) { try apply($0, parts, options) }
            let single = try run(fixture, name, as: Float.self) { try apply($0, parts, options) }
            for (key, value) in exact {
                let expected: Tensor<Double> = try fixture.tensor("\(name)/\(key)")
                expectClose(value, expected, within: 1e-12, "\(name), \(key)")
                // As near to it as PyTorch's own single precision, or to the last bits.
                let theirs: Tensor<Float> = try fixture.tensor("\(name)/single/\(key)")
                let ours = try #require(single[key])
                #expect(ours.shape == expected.shape, "\(name), \(key)")
                let difference = (Tensor<Double>(ours) - expected).norm().item
                let theirDifference = (Tensor<Double>(theirs) - expected).norm().item
                #expect(
                    difference <= max(2 * theirDifference, 2e-7 * expected.norm().item),
                    "\(name), \(key): off by \(difference), PyTorch by \(theirDifference)")
            }
        }
    }

    /// The result, unrecorded to the bit the same, and the gradients of all inputs, by the fixture's names.
    private func run<Scalar: FloatingScalar>(
        _ fixture: Fixture, _ name: String, as: Scalar.Type,
        _ operation: (Inputs<Scalar>) throws -> Tensor<Scalar>
    ) throws -> [String: Tensor<Scalar>] {
        let names = ["x", "weight", "bias", "residual"].filter { fixture.keys.contains("\(name)/\($0)") }
        let inputs = try names.map { try fixture.converted("\(name)/\($0)", to: Scalar.self) }
        func named(_ inputs: [Tensor<Scalar>]) -> Inputs<Scalar> {
            Dictionary(uniqueKeysWithValues: zip(names, inputs))
        }
        let (output, pullback) = try valueWithPullback(at: inputs) { try operation(named($0)) }
        expectIdentical(try operation(named(inputs)), output, "\(name), unrecorded")
        var results = ["output": output]
        let gradients = pullback(try fixture.converted("\(name)/upstream", to: Scalar.self))
        for (key, gradient) in zip(names, gradients) { results["\(key).gradient"] = gradient }
        return results
    }

    private func apply<Scalar: FloatingScalar>(
        _ inputs: Inputs<Scalar>, _ parts: [String], _ options: [Int]
    ) throws -> Tensor<Scalar> {
        let (x, weight, bias) = (inputs["x"]!, inputs["weight"]!, inputs["bias"]!)
        if parts[0].hasPrefix("edges") {
            let mode = try #require(Self.modes[parts[1]])
            let (stride, padding, dilation, groups) = (options[1], options[2], options[3], options[4])
            return parts[0] == "edges-1"
                ? convolution1D(
                    x, weight: weight, bias: bias, stride: stride,
                    padding: padding < 0 ? .same : .symmetric(padding), paddingMode: mode, dilation: dilation,
                    groups: groups)
                : convolution2D(
                    x, weight: weight, bias: bias, stride: Size2D(stride),
                    padding: padding < 0 ? .same : .symmetric(Size2D(padding)), paddingMode: mode,
                    dilation: Size2D(dilation), groups: groups)
        }
        let activation = try #require(Self.activations[parts[2]])
        switch parts[0] {
        case "sequence":
            return convolution1D(
                x, weight: weight, bias: bias, stride: options[0],
                padding: .each(before: options[1], after: options[2]), dilation: options[3],
                groups: options[4], residual: inputs["residual"], activation: activation)
        case "transposed-sequence":
            return transposedConvolution1D(
                x, weight: weight, bias: bias, stride: options[0], padding: .symmetric(options[1]),
                outputPadding: options[2], dilation: options[3], groups: options[4], activation: activation)
        default:
            return transposedConvolution2D(
                x, weight: weight, bias: bias, stride: Size2D(options[0], options[1]),
                padding: .symmetric(Size2D(options[2], options[3])),
                outputPadding: Size2D(options[4], options[5]), dilation: Size2D(options[6], options[7]),
                groups: options[8], activation: activation)
        }
    }
}
