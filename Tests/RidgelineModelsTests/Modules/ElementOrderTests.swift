// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// A convolution's weight keeps PyTorch's shape on channels-last elements, whatever is done to it.
struct ElementOrderTests {
    private struct Single: Module {
        let parameter: Parameter<Float>
    }

    private static let shape: Shape = [6, 5, 3, 2]

    private func weight(seed: UInt64 = 1) -> Tensor<Float> {
        withRandomSeed(seed) { .normal(Self.shape) }
    }

    private func channelsLast(_ tensor: Tensor<Float>) -> Tensor<Float> {
        tensor.permuted([0, 2, 3, 1]).contiguous().permuted([0, 3, 1, 2])
    }

    /// The elements as they lie in memory.
    private func memory(_ parameter: Parameter<Float>) -> [Float] {
        parameter.value.withUnsafeElements(inOrder: [0, 2, 3, 1]) { Array($0) }
    }

    private func address(_ parameter: Parameter<Float>) -> UInt {
        parameter.value.withUnsafeElements(inOrder: parameter.order) { UInt(bitPattern: $0.baseAddress) }
    }

    @Test func aWeightStartsChannelsLast() {
        let layer = Convolution2D<Float>(5, 6, kernel: Size2D(3, 2))
        #expect(layer.weight.shape == Self.shape && layer.weight.order == [0, 2, 3, 1])
        #expect(layer.weight.value.permuted([0, 2, 3, 1]).layout.isContiguous)
    }

    @Test func valuesTakeOnTheOrder() {
        let parameter = Parameter(channelsLast(weight()))
        #expect(parameter.order == [0, 2, 3, 1] && parameter.value == weight())
        let values = [
            weight(seed: 2), channelsLast(weight(seed: 3)), weight(seed: 4).flipped(),
            Tensor<Float>([2]).broadcast(to: Self.shape),
            withRandomSeed(5) { Tensor<Float>.normal([2, 3, 5, 6]) }.permuted([3, 2, 1, 0]),
        ]
        for (index, value) in values.enumerated() {
            if index % 2 == 0 { parameter.value = value } else { parameter.update { $0 = value } }
            #expect(parameter.value == value, "\(index)")
            #expect(parameter.value.permuted([0, 2, 3, 1]).layout.isContiguous, "\(index)")
            #expect(memory(parameter) == value.permuted([0, 2, 3, 1]).scalars, "\(index)")
            #expect(parameter.version == index + 1)
        }
        // One that began in rows stays so.
        let rows = Parameter(weight())
        rows.value = channelsLast(weight(seed: 2))
        #expect(rows.order == [0, 1, 2, 3] && rows.value.layout.isContiguous)
        #expect(rows.value == weight(seed: 2))
    }

    /// A value that lies so already is taken as it is, and changed where it lies.
    @Test func nothingIsCopiedThatLiesSo() {
        let parameter = Parameter(channelsLast(weight()))
        let value = channelsLast(weight(seed: 2))
        parameter.value = value
        #expect(parameter.value.storage === value.storage)
        let own = Parameter(channelsLast(weight()))
        let before = address(own)
        own.update { value in
            value.withUnsafeMutableElements(inOrder: [0, 2, 3, 1]) { $0[1] = 7 }
        }
        #expect(address(own) == before)
        #expect(own.value[0, 1, 0, 0].item == 7)
    }

    /// PyTorch's bytes: outputs, inputs, rows, columns.
    @Test func filesHaveRowsAsPyTorchDoes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "layer.safetensors").path
        let golden: Tensor<Double> = try Fixture("convolution").tensor("dilated/weight")
        let layer = Convolution2D<Double>(3, 4, kernel: 3, bias: false)
        layer.weight.value = golden
        try layer.save(to: path)
        // Eight bytes of the header's length, the header, the elements.
        let bytes = try Data(contentsOf: URL(filePath: path))
        let header = bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let stored = bytes.dropFirst(8 + header)
        #expect(stored.count == golden.elementCount * 8)
        #expect(golden.scalars.withUnsafeBytes { stored.elementsEqual($0) })
        let loaded = Convolution2D<Double>(3, 4, kernel: 3, bias: false)
        try loaded.load(from: path)
        expectIdentical(loaded.weight.value, golden, "loaded")
        #expect(loaded.weight.value.permuted([0, 2, 3, 1]).layout.isContiguous)
    }

    /// Steps on channels-last elements are those on rows, to the bit, and change them where they lie, whatever way
    /// the gradient lies.
    @Test(arguments: ["sgd", "momentum", "nesterov", "adamw"], [false, true])
    func stepsAreThoseOnRows(name: String, gradientLiesChannelsLast: Bool) {
        let (rows, last) = (
            Single(parameter: Parameter(weight())), Single(parameter: Parameter(channelsLast(weight())))
        )
        func optimizer(_ model: Single) -> any Optimizer {
            switch name {
            case "sgd": SGD(for: model, learningRate: 0.1, weightDecay: 0.01)
            case "momentum": SGD(for: model, learningRate: 0.1, momentum: 0.9)
            case "nesterov": SGD(for: model, learningRate: 0.1, momentum: 0.9, isNesterov: true)
            default: AdamW(for: model, learningRate: 0.1)
            }
        }
        var optimizers = [optimizer(rows), optimizer(last)]
        let place = address(last.parameter)
        for step in 0..<4 {
            let gradient = weight(seed: UInt64(step) + 7)
            let before = last.parameter.value.copied()
            for (index, model) in [rows, last].enumerated() {
                var (_, gradients) = valueAndGradients(of: model) { $0.parameter.value.sum() }
                gradients[model.parameter] = gradientLiesChannelsLast ? channelsLast(gradient) : gradient
                optimizers[index].update(model, with: gradients)
            }
            expectIdentical(last.parameter.value, rows.parameter.value, "\(name), step \(step)")
            #expect(last.parameter.value != before)
            #expect(address(last.parameter) == place, "step \(step)")
        }
        #expect(memory(last.parameter) == rows.parameter.value.permuted([0, 2, 3, 1]).scalars)
    }

    /// A convolution's own gradient lies as its weight: a step copies neither.
    @Test(.enabled(if: poolIsOn)) func aStepAllocatesNothing() async {
        await #expect(processExitsWith: .success) {
            let model = Convolution2D<Float>(32, 32, kernel: 3, padding: 1)
            var optimizers: [any Optimizer] = [
                AdamW(for: model), SGD(for: model, learningRate: 0.1, momentum: 0.9),
            ]
            let (_, gradients) = valueAndGradients(of: model) { $0(.ones([1, 8, 8, 32])).sum() }
            for index in optimizers.indices {
                // The first makes the moments.
                optimizers[index].update(model, with: gradients)
                let before = BufferPool.shared.counters
                optimizers[index].update(model, with: gradients)
                let after = BufferPool.shared.counters
                #expect(after.reuses + after.systemAllocations == before.reuses + before.systemAllocations)
            }
        }
    }
}
