// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Mistakes with pooling and the padding of images.
enum PoolingMistake: String, CaseIterable, Codable, Sendable {
    case rank, noPixels, tooMuchPadding, oneSide, window, noWindow, noOutput, reflection, samePadding
    case hugeStride, hugeDilation, hugeWindow, hugePadding, hugeOutput, hugeAverage, hugeEdges
    case sequences, unpooledShape, unpooledIndex, noFrames, longFrames, hugeStep, frameExtent, lastAxis,
        columns
    case mirrored, widths, noEdge
    case channelsFirst, channelsFirstEdges, channelsFirstNorm, channelsFirstInference

    func make() {
        let x = Tensor<Float>.zeros([2, 4, 5, 3])
        switch self {
        case .rank: _ = maximumPooling2D(Tensor<Float>.zeros([4, 5, 3]), window: 2)
        case .noPixels: _ = globalAveragePooling(Tensor<Float>.zeros([2, 0, 5, 3]))
        case .tooMuchPadding: _ = maximumPooling2D(x, window: 3, padding: 2)
        case .oneSide:
            _ = averagePooling2D(x, window: 2, padding: .each(top: 0, bottom: 2, left: 0, right: 0))
        case .window: _ = averagePooling2D(x, window: Size2D(2, 6))
        case .noWindow: _ = maximumPooling2D(x, window: 0)
        case .noOutput: _ = adaptiveMaximumPooling2D(x, outputSize: Size2D(2, 0))
        case .reflection: _ = padded(x, .each(top: 4, bottom: 0, left: 1, right: 1), mode: .reflect)
        case .samePadding: _ = padded(x, .same, mode: .replicate)
        case .hugeStride: _ = maximumPooling2D(x, window: 2, stride: Size2D(.max, 1), ceilMode: true)
        case .hugeDilation: _ = maximumPooling2D(x, window: 2, dilation: Size2D(1, .max))
        case .hugeWindow: _ = averagePooling2D(x, window: Size2D(.max, .max), padding: .same)
        case .hugePadding:
            _ = averagePooling2D(x, window: 2, padding: .each(top: .max, bottom: .max, left: 0, right: 0))
        case .hugeOutput: _ = adaptiveMaximumPooling2D(x, outputSize: Size2D(1, .max))
        case .hugeAverage: _ = adaptiveAveragePooling2D(x, outputSize: Size2D(1 << 40))
        case .hugeEdges:
            _ = padded(x, .each(top: 0, bottom: .max, left: .max, right: 0), mode: .replicate)
        case .sequences: _ = averagePooling1D(x, window: 2)
        case .unpooledShape: _ = maximumUnpooling2D(x, indices: .zeros([2, 4, 5, 1]), outputSize: 9)
        case .unpooledIndex: _ = maximumUnpooling2D(x, indices: .full(x.shape, 20), outputSize: Size2D(4, 5))
        case .noFrames: _ = x.unfolded(axis: 1, size: 0)
        case .longFrames: _ = x.unfolded(axis: 1, size: 3, dilation: 2)
        case .hugeStep: _ = x.unfolded(axis: 1, size: 3, step: .max)
        case .frameExtent: _ = x.overlapAdded(axis: 1, step: 2, extent: 11)
        case .lastAxis: _ = x.overlapAdded(axis: 3)
        case .columns: _ = fold2D(x.reshaped([2, 6, 10]), outputSize: Size2D(3, 4), kernel: 2)
        case .mirrored: _ = x.padded([(0, 0), (4, 0), (0, 0), (0, 0)], mode: .reflect)
        case .widths: _ = x.padded([(0, 0), (4, 0)], mode: .circular)
        case .noEdge: _ = Tensor<Float>.zeros([2, 0]).padded([(0, 0), (1, 0)], mode: .replicate)
        case .channelsFirst: _ = maximumPooling2D(Tensor<Float>.zeros([8, 3, 32, 32]), window: 7)
        case .channelsFirstEdges: _ = padded(Tensor<Float>.zeros([8, 3, 32, 32]), 3, mode: .reflect)
        case .channelsFirstNorm:
            _ = batchNormalization(
                Tensor<Float>.zeros([2, 6, 4, 5]), scale: .ones([6]), offset: .zeros([6]), epsilon: 1e-5)
        case .channelsFirstInference:
            _ = batchNormalization(
                Tensor<Float>.zeros([2, 6, 4, 5]), mean: .zeros([6]), variance: .ones([6]), epsilon: 1e-5)
        }
    }

    var message: [String] {
        switch self {
        case .rank: ["maximumPooling2D: input [4, 5, 3]; expected (images, height, width, channels)"]
        case .noPixels: ["globalAveragePooling: input [2, 0, 5, 3]", "1 or more"]
        case .tooMuchPadding:
            ["maximumPooling2D: padding 2 before and 2 after a window that spans 3; expected at most half, 1"]
        case .oneSide: ["averagePooling2D: padding 0 before and 2 after a window that spans 2"]
        case .window: ["averagePooling2D: the kernel 2×6", "more than the padded input 4×5"]
        case .noWindow: ["maximumPooling2D: kernel 0×0"]
        case .noOutput: ["adaptiveMaximumPooling2D: output size 2×0; expected 1 or more"]
        case .reflection: ["padded: reflecting 4, 0, 1, 1 pixels", "of images of 4×5; expected fewer"]
        case .samePadding: ["padded: padding .same"]
        case .hugeStride: ["maximumPooling2D: kernel 2×2, stride 9223372036854775807×1", "less than 2³¹"]
        case .hugeDilation: ["maximumPooling2D", "dilation 1×9223372036854775807", "less than 2³¹"]
        case .hugeWindow: ["averagePooling2D: kernel 9223372036854775807×", "less than 2³¹"]
        case .hugePadding: ["averagePooling2D", "padding 9223372036854775807, 9", "less than 2³¹"]
        case .hugeOutput: ["adaptiveMaximumPooling2D: output size 1×9223372036854775807", "at most 67108864"]
        case .hugeAverage: ["adaptiveAveragePooling2D: output size 1099511627776×", "at most 67108864"]
        case .hugeEdges: ["padded: padding 0, 9223372036854775807", "at most 67108864"]
        case .sequences: ["averagePooling1D: input [2, 4, 5, 3]; expected (N, L, C)"]
        case .unpooledShape: ["maximumUnpooling2D: input [2, 4, 5, 3], indices [2, 4, 5, 1]; expected twice"]
        case .unpooledIndex: ["maximumUnpooling2D: index 20 in images of 4×5; expected 0 up to 19"]
        case .noFrames: ["unfolded: windows of 0, step 1, dilation 1; expected 1 or more"]
        case .longFrames: ["unfolded: windows of 3 with dilation 2 span 5, more than axis 1 of [2, 4, 5, 3]"]
        case .hugeStep: ["unfolded", "9223372036854775807", "less than 2³¹"]
        case .frameExtent: ["overlapAdded: extent 11 for 4 windows of 3", "expected 9 up to 10"]
        case .lastAxis: ["overlapAdded: axis 3 of [2, 4, 5, 3]; expected another axis than the last"]
        case .columns: ["fold2D: columns [2, 6, 10]", "expected (N, 6, channels·4)"]
        case .mirrored: ["padded: reflect 4 before and 0 after axis 1 of [2, 4, 5, 3]; expected at most 3"]
        case .widths: ["padded: widths", "expected one non-negative pair for each axis"]
        case .noEdge: ["padded: replicate 1 before and 0 after axis 1 of [2, 0]; expected at most 0"]
        case .channelsFirst:
            ["more than the padded input 3×32", "looks like channels first", "x.permuted([0, 2, 3, 1])"]
        case .channelsFirstEdges: ["reflecting 3, 3, 3, 3", "this looks like channels first"]
        case .channelsFirstNorm, .channelsFirstInference:
            ["batchNormalization", "[2, 6, 4, 5]; expected", "[5]; this looks like channels first"]
        }
    }
}

@Suite struct PoolingTrapTests {
    @Test(arguments: PoolingMistake.allCases)
    func stopsWithAMessage(mistake: PoolingMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for part in mistake.message { #expect(text.contains(part), "\(text.prefix(400))") }
    }
}
