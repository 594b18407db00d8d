// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Models written back under the names that they were loaded by.
struct ForeignNamesTests {
    private func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/safetensors/models/\(name).safetensors")
            .path
    }

    private func saved(
        _ model: some Module, renaming: ParameterRenaming = .none, transposing: [String] = []
    ) throws -> SafetensorsFile {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try model.save(to: path, renaming: renaming, transposing: transposing)
        return try SafetensorsFile(contentsOf: path)
    }

    /// Every tensor that was written is in the other library's file, with the same elements in the same order.
    private func expectParts(_ file: SafetensorsFile, of name: String, count: Int) throws {
        let original = try SafetensorsFile(contentsOf: path(name))
        #expect(file.names.count == count)
        for name in file.names {
            let expected = try original.tensor(name, as: Float.self)
            #expect(try file.tensor(name, as: Float.self) == expected, "\(name)")
        }
    }

    @Test func bert() throws {
        let names = ParameterRenaming.below("bert.encoder.layer.1").then(.bertFeedForward)
        for source in ["bert", "bert_tensorflow"] {
            let block = FeedForward<Float>(
                width: 12, hiddenWidth: 20, activation: .gelu, residual: .postNormalized)
            try block.load(from: path(source), renaming: names)
            // Under PyTorch's names, whichever were read.
            try expectParts(saved(block, renaming: names), of: "bert", count: 6)
        }
    }

    @Test func gpt2() throws {
        let names = ParameterRenaming.below("h.0").then(.gpt2FeedForward)
        let block = FeedForward<Float>(
            width: 12, hiddenWidth: 20, activation: .geluTanh, residual: .preNormalized)
        let layers = ["expand", "contract.weight"]
        try block.load(from: path("gpt2"), renaming: names, transposing: layers)
        let file = try saved(block, renaming: names, transposing: layers)
        #expect(file.info("h.0.mlp.c_fc.weight")?.shape == [12, 20])
        try expectParts(file, of: "gpt2", count: 6)
    }

    @Test func sequential() throws {
        let names = ParameterRenaming.prefixes(["2": "1", "3": "2"])
        let model = Sequential<Float>(Linear(6, 10, activation: .gelu), Linear(10, 6), LayerNormalization(6))
        try model.load(from: path("sequential"), renaming: names)
        try expectParts(saved(model, renaming: names), of: "sequential", count: 6)
    }

    /// Reduced precision and several files go with it.
    @Test func transposedInReducedPrecision() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = Linear<Double>(weight: [[1, 2, 3], [4, 5, 6]], bias: [7, 8])
        let index = try model.save(
            to: folder.appending(path: "m").path, renaming: .names(["w": "weight"]), transposing: ["weight"],
            as: .float16, shardLimit: 12)
        let file = try ShardedSafetensors(contentsOf: index)
        #expect(file.names == ["bias", "w"] && file.info("w")?.dataType == .float16)
        #expect(try file.tensor("w") == [[1, 4], [2, 5], [3, 6]] as Tensor<Float>)
    }

    @Test func whatCannotBeTurnedRound() throws {
        let model = Linear<Float>(3, 2)
        func problems(_ renaming: ParameterRenaming, _ layers: [String] = []) throws -> [ModelSavingError
            .Problem]
        {
            let error = #expect(throws: ModelSavingError.self) {
                try saved(model, renaming: renaming, transposing: layers)
            }
            #expect(error?.localizedDescription == error?.description)
            return error?.problems ?? []
        }
        let both: [ModelSavingError.Problem] = [.withoutName(path: "weight"), .withoutName(path: "bias")]
        #expect(try problems(ParameterRenaming { $0 }) == both)
        #expect(try problems(.parts(["module": ""])) == both)
        #expect(try problems(.leavingOut(["bias"])) == [.withoutName(path: "bias")])
        #expect(try problems(.names(["bias": "b"])) == [.withoutName(path: "bias")])
        #expect(
            try problems(.names(["a": "bias", "b": "bias"])) == [
                .ambiguous(path: "bias", first: "a", second: "b")
            ])
        #expect(
            try problems(.none, ["bias", "x"]) == [
                .nothingToTranspose(layer: "bias"), .nothingToTranspose(layer: "x"),
            ])
        // A rule that says how it is turned round, and one that is wrong about it.
        let upper = ParameterRenaming {
            $0.lowercased()
        } inverse: {
            $0.uppercased()
        }
        #expect(try saved(model, renaming: upper).names == ["BIAS", "WEIGHT"])
        #expect(
            try problems(
                ParameterRenaming {
                    $0.lowercased()
                } inverse: {
                    $0 + "?"
                }) == both)
    }

    /// The inverse of each kind of rule. Whatever it gives, the renaming brings back.
    @Test func inverses() {
        let parts = ParameterRenaming.parts([
            "layer1": "stages.0", "downsample.0": "projection.convolution", "downsample": "projection",
        ])
        let prefixes = ParameterRenaming.prefixes(["a.b": "x", "a": "y", "model": "", "c": "y.z"])
        let same = ParameterRenaming.prefixes(["p": "x", "q": "x", "r.s": "x.y"])
        let cases: [(ParameterRenaming, String, [String])] = [
            (parts, "stages.0.0.projection.convolution.weight", ["layer1.0.downsample.0.weight"]),
            (parts, "stages.0.0.projection.1.bias", ["layer1.0.downsample.1.bias"]),
            (parts, "stages.1.x", ["stages.1.x"]), (parts, "", [""]), (parts, "layer1.x", []),
            (.parts(["g": "w", "h": "w"]), "a.w", ["a.g", "a.h"]),
            (.parts(["g": "w", "h": "w"]), "a.v", ["a.v"]),
            (prefixes, "x.c", ["a.b.c"]), (prefixes, "y.c", ["a.c"]), (prefixes, "y.z.w", ["c.w"]),
            (prefixes, "w", ["model.w"]), (prefixes, "y.b", ["model.y.b"]),
            (same, "x.w", ["p.w", "q.w"]), (same, "x.y", ["r.s"]), (same, "q", []),
            (.below("h.1"), "w", ["h.1.w"]), (.none, "é", ["é"]),
            (.below("h.1").then(.leavingOut(["attn"])), "attn.w", []),
            (.below("h.1").then(.leavingOut(["attn"])), "mlp.w", ["h.1.mlp.w"]),
            (.names(["a": "b"]), "b", ["a"]), (.names(["a": "b"]), "c", ["c"]), (.names(["a": "b"]), "a", []),
        ]
        for (renaming, path, expected) in cases {
            #expect(renaming.inverse(path) == expected, "\(path)")
            for name in renaming.inverse(path) { #expect(renaming(name) == path) }
        }
    }
}
