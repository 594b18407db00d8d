// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Forward and all gradients of the blocks in `feed_forward.safetensors` and `residual.safetensors`.
struct BlockTests {
    private static let activations: [(name: String, activation: Activation)] = [
        ("relu", .relu), ("gelu", .gelu), ("gelu_tanh", .geluTanh),
    ]

    /// Compares `model`, with the fixture's parameters, at the fixture's x and upstream gradient.
    private func compare<Model: Layer>(
        _ model: Model, with fixture: Fixture, _ prefix: String, within tolerance: Double,
        rename: (String) -> String = { $0 }
    ) throws {
        try model.adopt(fixture, prefix, as: Model.Scalar.self, rename: rename)
        let x = try fixture.tensor(prefix + "/x", as: Model.Scalar.self)
        let y = try fixture.tensor(prefix + "/y", as: Model.Scalar.self)
        expectClose(model(x), y, within: tolerance, "\(prefix), unrecorded")
        let (value, pullback) = valueWithPullback(of: model, at: x) { $0($1) }
        expectClose(value, y, within: tolerance, prefix)
        let (dx, gradients) = pullback(try fixture.tensor(prefix + "/upstream"))
        expectClose(dx, try fixture.tensor(prefix + "/dx"), within: tolerance, "\(prefix), input")
        let parameters = model.parameters(of: Model.Scalar.self)
        for (name, parameter) in parameters {
            expectClose(
                gradients[parameter], try fixture.tensor("\(prefix)/\(rename(name)).gradient"),
                within: tolerance, "\(prefix), \(name)")
        }
        // Nothing in the fixture is left out.
        let stored = fixture.keys.filter { $0.hasPrefix(prefix + "/") && $0.hasSuffix(".gradient") }
            .filter { !$0.dropFirst(prefix.count + 1).contains("/") }
        #expect(stored.count == parameters.count && gradients.count == parameters.count)
    }

    @Test(arguments: activations)
    func feedForwardDouble(_ name: String, _ activation: Activation) throws {
        let fixture = try Fixture("feed_forward")
        let variants: [(String, FeedForward<Double>.Residual)] = [
            ("", .none), ("/prenorm", .preNormalized), ("/postnorm", .postNormalized),
        ]
        for (suffix, residual) in variants {
            try compare(
                FeedForward<Double>(width: 12, hiddenWidth: 40, activation: activation, residual: residual),
                with: fixture, "\(name)/f64\(suffix)", within: 1e-14)
        }
    }

    @Test(arguments: activations)
    func feedForwardFloat(_ name: String, _ activation: Activation) throws {
        try compare(
            FeedForward<Float>(width: 12, hiddenWidth: 40, activation: activation),
            with: Fixture("feed_forward"), "\(name)/f32", within: 2e-6)
    }

    @Test func everyFeedForwardVariantIsCompared() throws {
        let prefixes = try Fixture("feed_forward").groups(endingIn: "y")
        let expected = Self.activations.flatMap { name, _ in
            ["\(name)/f32", "\(name)/f64", "\(name)/f64/postnorm", "\(name)/f64/prenorm"]
        }
        #expect(prefixes == expected.sorted())
    }

    @Test(arguments: activations.prefix(2), ["", "/bottleneck", "/projection"])
    func residual(_ activation: (name: String, activation: Activation), _ variant: String) throws {
        let fixture = try Fixture("residual")
        #expect(fixture.groups(endingIn: "y").count == 6)
        let block = DenseResidualBlock<Double>(
            variant == "/projection" ? 9 : 12, outputs: 12, hidden: variant == "/bottleneck" ? 5 : 12,
            activation: activation.activation)
        try compare(block, with: fixture, "\(activation.name)/f64\(variant)", within: 1e-14) { name in
            name.replacing("body.0", with: "expand").replacing("body.1", with: "contract")
                .replacing("shortcut", with: "projection")
        }
    }
}
