// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Tensors of a model that are not learnt, the names of its parts, and the layer that needs both.
struct BufferTests {
    private struct Model: Module, NamedParts {
        let first = BatchNormalization<Float>(3)
        let inner = Sequential<Float>(Linear(3, 2), BatchNormalization(2))
        let count = Buffer<Int32>([1, 2])
        var partNames: [String: String] { ["first": "bn1", "inner": ""] }
    }

    @Test func buffersAreNamedButNotLearnt() throws {
        let model = Model()
        #expect(
            model.tensorNames == [
                "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked",
                "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
                "1.num_batches_tracked", "count",
            ])
        #expect(
            model.parameterNames == ["bn1.weight", "bn1.bias", "0.weight", "0.bias", "1.weight", "1.bias"])
        #expect(model.parameterCount == 6 + 8 + 4)
        #expect(
            model.buffers(of: Float.self).map(\.name) == [
                "bn1.running_mean", "bn1.running_var", "1.running_mean", "1.running_var",
            ])
        #expect(model.buffers(of: Float.self).first?.buffer === model.first.runningMean)
        #expect(model.buffers(of: Int32.self).map(\.name) == ["count"])
        #expect(model.buffers(of: Double.self).isEmpty)
        #expect(model.buffer(named: "bn1.running_mean", as: Float.self) === model.first.runningMean)
        #expect(model.buffer(named: "bn1.running_mean", as: Double.self) == nil)
        #expect(model.buffer(named: "bn1.weight", as: Float.self) == nil)
        let x = Tensor<Float>.normal([8, 3])
        var optimizer = SGD(for: model, learningRate: 0.1)
        let (_, gradients) = valueAndGradients(of: model) { $0.inner($0.first(x)).squared().sum() }
        #expect(gradients.count == 6)
        let before = model.first.runningMean.value
        optimizer.update(model, with: gradients)
        #expect(model.first.runningMean.value == before && model.first.weight.version == 1)
    }

    private func withPath(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appending(path: "model.safetensors").path)
    }

    @Test func filesHaveThemAndMayLackTheCount() throws {
        try withPath { path in
            let model = Model()
            _ = withMode(.training) { model.first(.normal([5, 3])) }
            model.count.value = [7, -7]
            try model.save(to: path)
            let file = try SafetensorsFile(contentsOf: path)
            #expect(Set(file.names) == Set(model.tensorNames))
            #expect(file.info("bn1.num_batches_tracked")?.dataType == .int64)
            #expect(file.info("bn1.num_batches_tracked")?.shape == [])
            let copy = Model()
            try copy.load(from: path)
            #expect(copy.first.runningMean.value == model.first.runningMean.value)
            #expect(copy.first.runningVariance.value == model.first.runningVariance.value)
            #expect(copy.first.batchesTracked.value.item == 1 && copy.count.value == [7, -7])

            // Rounded, the numbers that are not floating-point stay what they are.
            try model.save(to: path, as: .bfloat16)
            let rounded = try SafetensorsFile(contentsOf: path)
            #expect(rounded.info("bn1.running_var")?.dataType == .bfloat16)
            #expect(rounded.info("count")?.dataType == .int32)

            var writer = SafetensorsWriter()
            for name in file.names where !name.hasSuffix("num_batches_tracked") && name != "count" {
                try writer.add(
                    model.parameter(named: name, as: Float.self)?.value
                        ?? model.buffer(named: name, as: Float.self)?.value ?? [], named: name)
            }
            try writer.write(to: path)
            let error = try #require(throws: ModelLoadingError.self) { try Model().load(from: path) }
            #expect(error.problems == [.missing(name: "count")])
            try writer.add(model.count.value, named: "count")
            try writer.write(to: path)
            let report = try copy.load(from: path)
            #expect(report.missing == ["bn1.num_batches_tracked", "1.num_batches_tracked"])
            #expect(copy.first.batchesTracked.value.item == 1)
        }
    }

    @Test func anotherShapeTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Buffer<Float>([1, 2]).update { $0 = [1, 2, 3] }
        }
        #expect(message(result).contains("Buffer: a value of shape [3]; expected [2]"))
    }

    @Test func recomputationMovesTheStatisticsOnce() {
        let layer = BatchNormalization<Float>(3)
        let x = Tensor<Float>.normal([8, 3])
        let (_, gradients) = valueAndGradients(of: layer) { layer in
            withRecomputation(at: x) { layer($0).squared() }.sum()
        }
        #expect(gradients.count == 2 && layer.batchesTracked.value.item == 1)
        #expect(layer.runningMean.version == 1 && layer.runningVariance.version == 1)
    }

    @Test func nothingMovesInInferenceAndNothingIsMovedByNothing() {
        let layer = BatchNormalization<Float>(3)
        #expect(layer(.ones([1, 3])).shape == [1, 3] && layer.version == 0)
        let (_, gradients) = valueAndGradients(of: layer) { $0(.zeros([0, 2, 3])).sum() }
        #expect(gradients[layer.weight] == Tensor<Float>.zeros([3]))
        #expect(layer.version == 0 && layer.batchesTracked.value.item == 1)
    }

    @Test func aBatchOfOneValueTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = withMode(.training) { BatchNormalization<Float>(3)(.ones([1, 1, 1, 3])) }
        }
        #expect(message(result).contains("input [1, 1, 1, 3] has 1 value for each channel"))
    }

    @Test func layersOfGroupsAndInstancesHavePyTorchsNames() {
        #expect(GroupNormalization<Float>(groups: 2, channels: 4).parameterNames == ["weight", "bias"])
        #expect(GroupNormalization<Float>(groups: 2, channels: 4, affine: false).parameterNames == [])
        #expect(InstanceNormalization<Float>(4, affine: true).parameterNames == ["weight", "bias"])
        #expect(InstanceNormalization<Float>(4).tensorNames == [])
        let x = Tensor<Float>.normal([2, 3, 3, 4])
        #expect(GroupNormalization<Float>(groups: 4, channels: 4)(x) == InstanceNormalization<Float>(4)(x))
    }

    /// Many tasks train and run one layer: no batch is lost, and the mean stays within what it is moved by.
    @Test func tasksShareTheStatistics() async {
        let layer = BatchNormalization<Float>(2, momentum: nil)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let x =
                        Tensor<Float>([Float(task), Float(task) + 2]).reshaped([2, 1])
                        + Tensor<Float>.zeros([2, 2])
                    for _ in 0..<25 {
                        _ = withMode(.training) { layer(x) }
                        _ = layer(x)
                    }
                }
            }
        }
        #expect(layer.batchesTracked.value.item == 200)
        expectClose(layer.runningMean.value, [4.5, 4.5], within: 1e-4, "the mean of all")
    }
}
