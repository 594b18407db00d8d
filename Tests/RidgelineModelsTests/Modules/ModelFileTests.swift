// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Saving and loading models.
struct ModelFileTests {
    private struct Mixed: Module {
        let block = FeedForward<Float>(width: 3, hiddenWidth: 5, residual: .postNormalized)
        let scale = Parameter<Double>(.normal([2, 2]))
    }

    /// Calls `body` with the path of a file that does not exist yet, in a folder that is removed afterwards.
    private func withPath(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appending(path: "model.safetensors").path)
    }

    private func write(_ tensors: [String: Tensor<Float>], to path: String) throws {
        var writer = SafetensorsWriter()
        for (name, tensor) in tensors { try writer.add(tensor, named: name) }
        try writer.write(to: path)
    }

    @Test func aRoundTripKeepsEveryBit() throws {
        try withPath { path in
            let (saved, loaded) = (Mixed(), Mixed())
            // A transposed value, a subnormal and a NaN come back as they were.
            saved.block.expand.weight.value = Tensor<Float>.normal([3, 5]).transposed()
            saved.scale.value = Tensor(
                shape: [2, 2], scalars: [.nan, .leastNonzeroMagnitude, -0.0, .infinity])
            try saved.save(to: path, metadata: ["epoch": "3"])
            try loaded.load(from: path)
            for (name, parameter) in saved.parameters(of: Float.self) {
                expectIdentical(loaded.parameter(named: name)?.value, parameter.value, name)
            }
            expectIdentical(loaded.scale.value, saved.scale.value, "scale")
            let file = try SafetensorsFile(contentsOf: path)
            #expect(file.metadata == ["epoch": "3"])
            #expect(Set(file.names) == Set(saved.parameterNames) && file.names.count == 7)
            #expect(file.info("scale")?.dataType == .float64)
            #expect(file.info("block.norm.bias")?.dataType == .float32)
        }
    }

    @Test func floatsWidenToDoubles() throws {
        try withPath { path in
            try Linear<Float>(weight: [[0.1, 2]], bias: [3]).save(to: path)
            let model = Linear<Double>(2, 1)
            try model.load(from: path)
            #expect(model.weight.value.scalars == [Double(Float(0.1)), 2] && model.bias?.value == [3])
        }
    }

    @Test func allThatDiffersIsListedAndNothingChanges() throws {
        try withPath { path in
            var writer = SafetensorsWriter()
            try writer.add(Tensor<Float>.ones([5, 3]), named: "block.expand.weight")
            try writer.add(Tensor<Float>.ones([4]), named: "block.expand.bias")
            try writer.add(Tensor<Float>.ones([5, 3]), named: "block.contract.weight")
            try writer.add(Tensor<Double>.ones([3]), named: "block.contract.bias")
            try writer.add(Tensor<Bool>(shape: [2, 2], scalars: [true, true, true, true]), named: "scale")
            try writer.add(Tensor<Float>.ones([1]), named: "block.extra")
            try writer.add(Tensor<Float>.ones([1]), named: "another")
            try writer.write(to: path)
            let model = Mixed()
            let before = model.parameters(of: Float.self).map(\.parameter.value)
            let error = try #require(throws: ModelLoadingError.self) { try model.load(from: path) }
            #expect(error.path == path)
            #expect(
                error.problems == [
                    .shape(name: "block.expand.bias", found: [4], expected: [5]),
                    .shape(name: "block.contract.weight", found: [5, 3], expected: [3, 5]),
                    .dataType(name: "block.contract.bias", found: "F64", expected: .float32),
                    .missing(name: "block.norm.weight"), .missing(name: "block.norm.bias"),
                    .dataType(name: "scale", found: "BOOL", expected: .float64),
                    .unexpected(name: "another"), .unexpected(name: "block.extra"),
                ])
            #expect(
                "\(error)" == """
                    \(path) does not fit the model:
                      block.expand.bias: has shape [4]; expected [5]
                      block.contract.weight: has shape [5, 3]; expected [3, 5]; transposing: ["block.contract"] would make it fit
                      block.contract.bias: has elements of type F64; expected F32
                      block.norm.weight: missing in the file
                      block.norm.bias: missing in the file
                      scale: has elements of type BOOL; expected F64
                      another: not a parameter of the model
                      block.extra: not a parameter of the model
                    """)
            for (old, new) in zip(before, model.parameters(of: Float.self)) {
                #expect(new.parameter.value == old && new.parameter.version == 0)
            }
            #expect(model.scale.version == 0)
        }
    }

    @Test func eachProblemAloneIsEnough() throws {
        let whole: [String: Tensor<Float>] = ["weight": .ones([1, 2]), "bias": .ones([1])]
        let cases: [([String: Tensor<Float>], ModelLoadingError.Problem)] = [
            (["weight": .ones([1, 2])], .missing(name: "bias")),
            (whole.merging(["x": [1]]) { $1 }, .unexpected(name: "x")),
            (whole.merging(["bias": [1, 1]]) { $1 }, .shape(name: "bias", found: [2], expected: [1])),
        ]
        for (tensors, problem) in cases {
            try withPath { path in
                try write(tensors, to: path)
                let model = Linear<Float>(2, 1)
                let error = try #require(throws: ModelLoadingError.self) { try model.load(from: path) }
                #expect(error.problems == [problem] && model.weight.version == 0)
            }
        }
        try withPath { path in
            try Linear<Double>(weight: [[1, 1]], bias: nil).save(to: path)
            let model = Linear<Float>(2, 1, bias: false)
            let error = try #require(throws: ModelLoadingError.self) { try model.load(from: path) }
            #expect(error.problems == [.dataType(name: "weight", found: "F64", expected: .float32)])
            #expect(model.weight.version == 0)
        }
        try withPath { path in
            try write(whole, to: path)
            let model = Linear<Float>(2, 1)
            try model.load(from: path)
            #expect(model.weight.value == [[1, 1]] && model.weight.version == 1)
        }
    }

    /// Another model's file altogether: the text stays readable, `problems` has all.
    @Test func veryManyProblems() throws {
        try withPath { path in
            var tensors: [String: Tensor<Float>] = [:]
            for number in 0..<300 { tensors["other.\(1000 + number)"] = [1] }
            try write(tensors, to: path)
            let model = Sequential<Float>((0..<15).map { _ in Linear<Float>(2, 2) })
            let error = try #require(throws: ModelLoadingError.self) { try model.load(from: path) }
            #expect(error.problems.count == 330)
            let lines = error.description.split(separator: "\n")
            #expect(lines.count == 1 + 20 + 20 + 2)
            #expect(lines[1] == "  0.weight: missing in the file")
            #expect(lines[21] == "  other.1000: not a parameter of the model")
            #expect(lines[41] == "  … and 10 more missing in the file")
            #expect(lines[42] == "  … and 280 more that are no parameters of the model")
        }
    }

    /// Where the other order of axes would fit, the text says so.
    @Test func transposedMatrices() throws {
        try withPath { path in
            try write(["a.weight": .ones([2, 3]), "a.bias": [1, 1, 1], "b": .ones([2, 3])], to: path)
            struct Two: Module {
                let a = Linear<Float>(2, 3)
                let b = Parameter<Float>(.ones([3, 2]))
            }
            let error = try #require(throws: ModelLoadingError.self) {
                try Two().load(from: path, transposing: ["b"])
            }
            #expect(error.problems == [.shape(name: "a.weight", found: [2, 3], expected: [3, 2])])
            #expect(error.description.hasSuffix("; transposing: [\"a\"] would make it fit"))
            let model = Two()
            try model.load(from: path, transposing: ["a", "b"])
            #expect(model.a.weight.version == 1)
            // What is transposed without need is told as well.
            try model.save(to: path)
            let other = try #require(throws: ModelLoadingError.self) {
                try model.load(from: path, transposing: ["a"])
            }
            #expect(
                other.problems == [
                    .shape(name: "a.weight", found: [3, 2], expected: [2, 3], isTransposed: true)
                ])
            #expect(other.description.hasSuffix("; it would fit without being transposed"))
        }
    }

    @Test func theFilesOwnErrorsArePassedOn() throws {
        try withPath { path in
            let model = Linear<Float>(2, 1)
            #expect(throws: FormatError.self) { try model.load(from: path) }
            try Data("not a safetensors file".utf8).write(to: URL(filePath: path))
            #expect(throws: FormatError.self) { try model.load(from: path) }
            #expect(throws: FormatError.self) { try model.save(to: path + "/below-a-file") }
            #expect(model.weight.version == 0)
        }
    }

    @Test func aHostileNameIsPrintedEscaped() throws {
        try withPath { path in
            try write(["weight": .ones([1, 2]), "bias": [1], "\u{1B}[2J\n": [1]], to: path)
            let error = try #require(throws: ModelLoadingError.self) {
                try Linear<Float>(2, 1).load(from: path)
            }
            #expect("\(error)".hasSuffix("  \\u{1B}[2J\\n: not a parameter of the model"))
        }
    }

    @Test func aModelCanBeSavedWhileItIsDifferentiated() throws {
        try withPath { path in
            let model = Linear<Float>(2, 1)
            let (_, gradients) = try valueAndGradients(of: model) { model in
                try model.save(to: path)
                return model([[1, 1]]).sum()
            }
            #expect(gradients.count == 2)
            let copy = Linear<Float>(2, 1)
            try copy.load(from: path)
            #expect(copy.weight.value == model.weight.value)
        }
    }
}
