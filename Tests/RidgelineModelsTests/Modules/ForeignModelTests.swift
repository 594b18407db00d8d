// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Models that PyTorch and Hugging Face's libraries wrote, and what they compute with them;
/// `Tests/Fixtures/safetensors/make_models.py`.
struct ForeignModelTests {
    private func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/safetensors/models/\(name).safetensors")
            .path
    }

    /// The model computes what the other library did, to single precision.
    private func expectSameResult(_ model: some Layer<Float>, _ name: String) throws {
        let results = try SafetensorsFile(contentsOf: path(name + ".results"))
        let difference = try model(results.tensor("x")) - results.tensor("y")
        let scale = try results.tensor("y", as: Float.self).absolute().max().item
        #expect(scale > 1)
        #expect(difference.absolute().max().item < 1e-6 * scale * 4, "\(name)")
    }

    private func sequential() -> Sequential<Float> {
        Sequential(Linear(6, 10, activation: .gelu), Linear(10, 6), LayerNormalization(6))
    }

    @Test(arguments: ["sequential", "sequential_half"]) func pyTorchsSequential(_ name: String) throws {
        let model = sequential()
        // Without the renaming, all that differs is listed and nothing changes.
        let error = try #require(throws: ModelLoadingError.self) { try model.load(from: path(name)) }
        #expect(
            error.problems == [
                .missing(name: "1.weight"), .missing(name: "1.bias"),
                .shape(name: "2.weight", found: [6, 10], expected: [6]), .unexpected(name: "3.bias"),
                .unexpected(name: "3.weight"),
            ])
        let report = try model.load(from: path(name), renaming: .prefixes(["2": "1", "3": "2"]))
        #expect(report == LoadingReport(missing: [], unexpected: []))
        try expectSameResult(model, name)
    }

    /// With the activation as a layer of its own the names are PyTorch's.
    @Test func sameLayersNeedNoRenaming() throws {
        let model = Sequential<Float>(
            Linear(6, 10), ActivationLayer(.gelu), Linear(10, 6), LayerNormalization(6))
        try model.load(from: path("sequential"))
        try expectSameResult(model, "sequential")
    }

    @Test(arguments: ["bert", "bert_tensorflow"]) func bertsFeedForward(_ name: String) throws {
        let block = FeedForward<Float>(
            width: 12, hiddenWidth: 20, activation: .gelu, residual: .postNormalized)
        try block.load(
            from: path(name), renaming: .below("bert.encoder.layer.1").then(.bertFeedForward))
        try expectSameResult(block, name)
    }

    @Test func gpt2sFeedForward() throws {
        let block = FeedForward<Float>(
            width: 12, hiddenWidth: 20, activation: .geluTanh, residual: .preNormalized)
        let renaming = ParameterRenaming.below("h.0").then(.gpt2FeedForward)
        let error = try #require(throws: ModelLoadingError.self) {
            try block.load(
                from: path("gpt2"), renaming: renaming, transposing: ["contract", "norm", "expan"])
        }
        #expect(
            error.problems == [
                .shape(name: "expand.weight", found: [12, 20], expected: [20, 12]),
                .nothingToTranspose(layer: "norm"), .nothingToTranspose(layer: "expan"),
            ])
        #expect(block.contract.weight.version == 0)
        try block.load(from: path("gpt2"), renaming: renaming, transposing: ["expand", "contract.weight"])
        try expectSameResult(block, "gpt2")
    }

    @Test func whatIsNotStrict() throws {
        let model = sequential()
        let before = try #require(model.parameter(named: "0.bias", as: Float.self)).value
        let renaming = ParameterRenaming.names(["0.bias": "another"]).then(.prefixes(["2": "1", "3": "2"]))
        let report = try model.load(from: path("sequential"), renaming: renaming, strict: false)
        #expect(report == LoadingReport(missing: ["0.bias"], unexpected: ["0.bias"]))
        expectIdentical(model.parameter(named: "0.bias")?.value, before, "0.bias")
        #expect(model.parameter(named: "2.bias", as: Float.self)?.version == 1)
        // Shapes are an error all the same, and two tensors for one parameter.
        let twice = ParameterRenaming.prefixes(["2": "1", "3": "2"]).then(.names(["0.bias": "2.bias"]))
        let error = try #require(throws: ModelLoadingError.self) {
            try model.load(from: path("sequential"), renaming: twice, strict: false)
        }
        #expect(
            error.problems == [
                .ambiguous(name: "2.bias", first: "0.bias", second: "3.bias"),
                .shape(name: "2.bias", found: [10], expected: [6]),
            ])
        #expect(model.parameter(named: "2.weight", as: Float.self)?.version == 1)
    }

    @Test func doublesAreRoundedOnRequest() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "model.safetensors").path
        let wide = Linear<Double>(weight: [[0.1, 2]], bias: [1e-50])
        try wide.save(to: file)
        let model = Linear<Float>(2, 1)
        try model.load(from: file, rounding: true)
        #expect(model.weight.value == [[0.1, 2]] && model.bias?.value == [0])
        // In reduced precision, in several files.
        let index = try model.save(to: file, as: .bfloat16, shardLimit: 4)
        #expect(index == file + ".index.json")
        let copy = Linear<Double>(2, 1)
        try copy.load(from: index)
        #expect(copy.weight.value == [[0x1.9Ap-4, 2]] && copy.bias?.value == [0])
    }

    @Test func rulesOfRenaming() {
        let parts = ParameterRenaming.parts([
            "layer1": "stages.0", "downsample.0": "projection.convolution", "downsample": "projection",
            "fc": "",
        ])
        let cases = [
            "layer1.0.downsample.0.weight": "stages.0.0.projection.convolution.weight",
            "layer1.0.downsample.1.bias": "stages.0.0.projection.1.bias", "layer10.x": "layer10.x",
            "fc.weight": "weight", "": "", "a..layer1": "a..stages.0",
        ]
        for (name, expected) in cases { #expect(parts(name) == expected) }
        let prefixes = ParameterRenaming.prefixes(["a.b": "x", "a": "y", "model": ""])
        #expect(
            ["a.b.c", "a.bc", "ab", "c.a.b", "model.w"].map { prefixes($0) } == [
                "x.c", "y.bc", "ab", "c.a.b", "w",
            ])
        let below = ParameterRenaming.below("h.1").then(.leavingOut(["attn", "ln.bias"]))
        #expect(
            ["h.1.w", "h.10.w", "h.1", "h.1.attn.w", "h.1.attn", "h.1.attns", "h.1.ln.bias", "h.1.ln.w"]
                .map { below($0) } == ["w", nil, nil, nil, nil, "attns", nil, "ln.w"])
    }
}
