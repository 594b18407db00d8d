// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Layers of convolutions: first weights, names, what they compute, and files.
struct ConvolutionLayerTests {
    private struct Four: Module {
        let rows = Convolution1D<Float>(
            6, 8, kernel: 5, stride: 2, padding: .causal(width: 5), paddingMode: .replicate, groups: 2,
            activation: .parametricReLU(isPerChannel: true))
        let images = Convolution2D<Float>(
            6, 4, kernel: 3, padding: 2, paddingMode: .reflect, dilation: 2, activation: .silu)
        let wider = TransposedConvolution1D<Float>(
            6, 9, kernel: 4, stride: 3, padding: 1, outputPadding: 2, dilation: 2, groups: 3,
            activation: .gelu)
        let larger = TransposedConvolution2D<Float>(
            6, 5, kernel: Size2D(3, 2), stride: 2, padding: .same, bias: false, activation: .relu)
    }

    @Test func areTheirFunctions() throws {
        let model = Four()
        let (row, image) = (Tensor<Float>.normal([2, 11, 6]), Tensor<Float>.normal([2, 5, 7, 6]))
        let (rows, images, wider, larger) = (model.rows, model.images, model.wider, model.larger)
        // Again with the transforms that the first call kept, and after the weight has changed.
        for step in 0..<3 {
            if step == 2 {
                rows.weight.value = rows.weight.value * 2
                images.weight.value = images.weight.value * 2
            }
            expectIdentical(
                rows(row),
                convolution1D(
                    row, weight: rows.weight.value, bias: rows.bias?.value, stride: 2,
                    padding: .each(before: 4, after: 0), paddingMode: .replicate, groups: 2,
                    activation: rows.activation, slope: rows.slope?.value), "rows")
            expectIdentical(
                images(image),
                convolution2D(
                    image, weight: images.weight.value, bias: images.bias?.value, padding: 2,
                    paddingMode: .reflect, dilation: 2, activation: .silu), "images")
        }
        expectIdentical(
            wider(row),
            transposedConvolution1D(
                row, weight: wider.weight.value, bias: wider.bias?.value, stride: 3, padding: 1,
                outputPadding: 2, dilation: 2, groups: 3, activation: .gelu), "wider")
        #expect(wider(row).shape == [2, 37, 9])
        expectIdentical(
            larger(image),
            transposedConvolution2D(
                image, weight: larger.weight.value, stride: 2, padding: .same, activation: .relu), "larger")
        #expect(larger(image).shape == [2, 10, 14, 5])
        #expect(rows(row[0..<0]).shape == [0, 6, 8] && larger(image[0..<0]).shape == [0, 10, 14, 5])
    }

    /// Shapes and bounds are PyTorch's: kaiming_uniform with a = √5, which is ±1/√fan.
    @Test func startAsPyTorchDoes() throws {
        // The largest of four draws is below half of the bound once in sixteen times, but not from this seed.
        let model = withRandomSeed(1) { Four() }
        let expected: [(String, Shape, fan: Int)] = [
            ("rows.weight", [8, 3, 5], 15), ("rows.bias", [8], 15), ("rows.slope", [8], 0),
            ("images.weight", [4, 6, 3, 3], 54), ("images.bias", [4], 54),
            ("wider.weight", [6, 3, 4], 12), ("wider.bias", [9], 12), ("larger.weight", [6, 5, 3, 2], 30),
        ]
        #expect(model.parameterNames == expected.map(\.0))
        for (name, shape, fan) in expected {
            let value = try #require(model.parameter(named: name, as: Float.self)).value
            #expect(value.shape == shape, "\(name)")
            if fan == 0 { continue }
            let bound = 1 / Float(fan).squareRoot()
            let largest = value.absolute().scalars.max() ?? 0
            #expect(largest < bound && largest > bound * 0.5, "\(name)")
            // Stored channels last, as the algorithms read it.
            if value.rank > 1 {
                #expect(value.permuted([0] + Array(2..<value.rank) + [1]).layout.isContiguous, "\(name)")
            }
        }
        #expect(model.rows.padding == .each(before: 4, after: 0) && model.rows.paddingMode == .replicate)
        #expect(model.rows.stride == 2 && model.rows.dilation == 1 && model.rows.groups == 2)
        #expect(model.images.paddingMode == .reflect && model.images.padding == 2)
    }

    @Test func areSavedAndLoaded() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (model, other) = (Four(), Four())
        try model.save(to: path)
        try other.load(from: path)
        let x = Tensor<Float>.normal([2, 9, 6])
        expectIdentical(other.rows(x), model.rows(x), "rows")
        expectIdentical(other.wider(x), model.wider(x), "wider")
        let image = Tensor<Float>.normal([1, 3, 4, 6])
        expectIdentical(other.larger(image), model.larger(image), "larger")
    }

    /// In inference a block's normalisation is folded into the weight, with the same edges around the image.
    @Test func blocksTakeEdges() {
        let block = ConvolutionBlock<Double>(
            3, 4, kernel: 3, padding: 1, paddingMode: .circular, activation: .relu)
        let x = Tensor<Double>.normal([2, 4, 5, 3])
        for _ in 0..<2 { _ = withMode(.training) { block(x) } }
        let z = convolution2D(
            padded(x, 1, mode: .circular), weight: block.convolution.weight.value)
        expectClose(block(x), relu(block.normalization(z)), within: 1e-12, "folded")
        let training = withMode(.training) { block(x) }
        expectClose(
            training, withMode(.training) { relu(block.normalization(z)) }, within: 1e-12, "training")
    }

    @Test func wrongCountsTrap() async {
        let inputs = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Convolution1D<Float>(0, 3, kernel: 2)
        }
        #expect(message(inputs).contains("Convolution1D: 0 inputs, 3 outputs, kernel 2; expected 1 or more"))
        let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = TransposedConvolution2D<Float>(4, 3, kernel: Size2D(2, 0))
        }
        #expect(
            message(kernel).contains("TransposedConvolution2D: 4 inputs, 3 outputs, kernel 2×0; expected 1"))
        let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = TransposedConvolution1D<Float>(6, 4, kernel: 3, groups: 3)
        }
        #expect(
            message(groups).contains("TransposedConvolution1D: 3 groups do not divide 6 inputs and 4 outputs")
        )
    }
}
