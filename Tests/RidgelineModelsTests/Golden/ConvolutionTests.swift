// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Convolutions against PyTorch's in Double, forward and every gradient, by every algorithm that can compute them.
struct ConvolutionTests {
    private static let names = [
        "depthwise", "dilated", "grouped", "plain", "pointwise", "same", "stem", "strided", "uneven",
    ]

    @Test func everyStoredConvolutionIsCompared() throws {
        #expect(try Fixture("convolution").groups(endingIn: "steps") == Self.names)
    }

    @Test(arguments: names)
    func agreesWithPyTorch(name: String) throws {
        let fixture = try Fixture("convolution")
        func golden(_ what: String) throws -> Tensor<Double> { try fixture.tensor("\(name)/\(what)") }
        let steps = try golden("steps").scalars.map { Int($0) }
        let padding: Padding2D =
            steps[2] < 0 ? .same : .each(top: steps[2], bottom: steps[3], left: steps[4], right: steps[5])
        let hasBias = fixture.keys.contains("\(name)/bias")
        let inputs = try ["input", "weight"].map(golden) + (hasBias ? [golden("bias")] : [])
        for algorithm in algorithms(name) {
            let (y, pullback) = valueWithPullback(at: inputs) {
                convolution2D(
                    $0[0], weight: $0[1], bias: hasBias ? $0[2] : nil, stride: Size2D(steps[0], steps[1]),
                    padding: padding, dilation: Size2D(steps[6], steps[7]), groups: steps[8],
                    algorithm: algorithm)
            }
            // Winograd's transforms cost a few digits.
            let tolerance = algorithm == .gathered || algorithm == .depthwise ? 1e-13 : 1e-11
            let label = "\(name) \(algorithm)"
            expectClose(y, try golden("output"), within: tolerance, label)
            let found = pullback(try golden("upstream"))
            expectClose(found[0], try golden("input.gradient"), within: tolerance, label + " dx")
            expectClose(found[1], try golden("weight.gradient"), within: tolerance, label + " dW")
            if hasBias {
                expectClose(found[2], try golden("bias.gradient"), within: tolerance, label + " db")
            }
        }
    }

    private func algorithms(_ name: String) -> [ConvolutionAlgorithm] {
        switch name {
        case "plain": [.automatic, .gathered, .winograd2, .winograd4]
        case "depthwise": [.automatic, .gathered, .depthwise]
        default: [.automatic, .gathered]
        }
    }
}
