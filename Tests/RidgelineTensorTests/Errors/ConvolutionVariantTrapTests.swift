// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Mistakes with convolutions of sequences, with edges and transposed.
enum ConvolutionVariantMistake: String, CaseIterable, Codable, Sendable {
    case sequenceRank, sequenceChannels, sequenceGroups, sequenceBias, sequenceResidual, residualRank
    case longKernel, reflection, repetition, negativeEdges
    case rank, channels, groups, noPixels, steps, bias, outputPadding, sameOutputPadding, nothing, negative
    case algorithm, transposedSequence, transposedRow
    case channelsFirst, channelsFirstRow, transposedChannelsFirst, hugeCausal, hugeTransposed

    func make() {
        typealias Floats = Tensor<Float>
        let (row, image) = (Floats.zeros([2, 5, 4]), Floats.zeros([2, 5, 6, 4]))
        let (line, square) = (Floats.zeros([6, 4, 3]), Floats.zeros([4, 6, 3, 3]))
        switch self {
        case .sequenceRank: _ = convolution1D(image, weight: line)
        case .sequenceChannels: _ = convolution1D(row, weight: .zeros([6, 3, 3]))
        case .sequenceGroups: _ = convolution1D(row, weight: line, groups: 3)
        case .sequenceBias: _ = convolution1D(row, weight: line, bias: .zeros([5]))
        case .sequenceResidual: _ = convolution1D(row, weight: line, residual: .zeros([2, 5, 6]))
        case .residualRank: _ = convolution1D(row, weight: line, residual: .zeros([2, 1, 3, 6]))
        case .longKernel: _ = convolution1D(row, weight: .zeros([6, 4, 4]), dilation: 2)
        case .reflection: _ = convolution1D(row, weight: line, padding: 5, paddingMode: .reflect)
        case .repetition:
            _ = convolution2D(image, weight: .zeros([2, 4, 3, 3]), padding: 6, paddingMode: .circular)
        case .negativeEdges:
            _ = convolution1D(
                row, weight: line, padding: .each(before: -1, after: 0), paddingMode: .replicate)
        case .rank: _ = transposedConvolution2D(row, weight: square)
        case .channels: _ = transposedConvolution2D(image, weight: .zeros([6, 4, 3, 3]))
        case .groups: _ = transposedConvolution2D(image, weight: square, groups: 3)
        case .noPixels: _ = transposedConvolution2D(Floats.zeros([2, 0, 6, 4]), weight: square)
        case .steps: _ = transposedConvolution2D(image, weight: square, stride: Size2D(1, 0))
        case .bias: _ = transposedConvolution2D(image, weight: square, bias: .zeros([6]), groups: 2)
        case .outputPadding:
            _ = transposedConvolution2D(
                image, weight: square, stride: 2, outputPadding: Size2D(1, 3), dilation: 3)
        case .sameOutputPadding:
            _ = transposedConvolution2D(image, weight: square, stride: 2, padding: .same, outputPadding: 1)
        case .nothing: _ = transposedConvolution2D(image, weight: square, padding: 4)
        case .negative:
            _ = transposedConvolution2D(
                image, weight: square, padding: .each(top: 0, bottom: 0, left: -2, right: 0))
        case .algorithm:
            _ = transposedConvolution2D(image, weight: square, stride: 2, algorithm: .winograd4)
        case .transposedSequence: _ = transposedConvolution1D(row, weight: square)
        case .transposedRow: _ = transposedConvolution1D(row, weight: line)
        case .channelsFirst: _ = convolution2D(Floats.zeros([2, 3, 8, 8]), weight: .zeros([6, 3, 3, 3]))
        case .channelsFirstRow: _ = convolution1D(Floats.zeros([2, 4, 9]), weight: line)
        case .transposedChannelsFirst:
            _ = transposedConvolution2D(Floats.zeros([2, 4, 5, 6]), weight: square)
        case .hugeCausal:
            _ = convolution1D(row, weight: line, padding: .causal(width: 3, dilation: .max), dilation: 2)
        case .hugeTransposed: _ = transposedConvolution2D(image, weight: square, stride: Size2D(.max))
        }
    }

    var message: [String] {
        switch self {
        case .sequenceRank:
            ["convolution1D: input [2, 5, 6, 4], weight [6, 4, 3]; expected (N, L, C) and (out, in, width)"]
        case .sequenceChannels:
            [
                "convolution1D, as images of height 1: input [2, 1, 5, 4], weight [6, 3, 1, 3], groups 1",
                "expected a weight of shape (out, 4, height, width)",
            ]
        case .sequenceGroups:
            ["convolution1D, as images of height 1: 3 groups do not divide 4 inputs and 6 outputs"]
        case .sequenceBias: ["convolution1D", "bias [5] for weight [6, 4, 1, 3]; expected [6]"]
        case .sequenceResidual: ["convolution1D", "residual [2, 1, 5, 6] for a result of shape [2, 1, 3, 6]"]
        case .residualRank:
            ["convolution1D: residual [2, 1, 3, 6] for input [2, 5, 4]; expected (N, L′, out)"]
        case .longKernel:
            ["convolution1D", "the kernel 1×4 with dilation 1×2 spans 1×7, more than the padded input 1×5"]
        case .reflection: ["padded: reflecting 0, 0, 5, 5 pixels", "of images of 1×5; expected fewer"]
        case .repetition:
            ["padded: repeating 6, 6, 6, 6 pixels", "of images of 5×6; expected at most as many"]
        case .negativeEdges: ["convolution1D", "padding 0, 0, -1, 0; expected 0 or more"]
        case .rank:
            [
                "transposedConvolution2D: input [2, 5, 4], weight [4, 6, 3, 3]; expected (N, H, W, in) and (in, "
                    + "out/groups, height, width)"
            ]
        case .channels: ["transposedConvolution2D: input [2, 5, 6, 4], weight [6, 4, 3, 3]; expected"]
        case .groups:
            ["input [2, 5, 6, 4], weight [4, 6, 3, 3]: 3 groups do not divide 4 inputs"]
        case .noPixels: ["input [2, 0, 6, 4], weight [4, 6, 3, 3]", "expected 1 or more pixels"]
        case .steps: ["input [2, 5, 6, 4], weight [4, 6, 3, 3], stride 1×0", "expected 1 or more"]
        case .bias: ["bias [6] for weight [4, 6, 3, 3] in 2 groups; expected [12]"]
        case .outputPadding: ["output padding 1×3 with stride 2×2, dilation 3×3", "expected less than"]
        case .sameOutputPadding: ["output padding 1×1 with stride 2×2", "0 with .same"]
        case .nothing:
            ["input [2, 5, 6, 4], weight [4, 6, 3, 3], stride 1×1", "would be of -1×0; expected 1 or more"]
        case .negative: ["transposedConvolution2D: padding 0, 0, -2, 0; expected 0 or more"]
        case .algorithm: ["winograd4 cannot compute", "[2, 11, 13, 6]", "stride 2×2"]
        case .transposedSequence:
            ["transposedConvolution1D: input [2, 5, 4], weight [4, 6, 3, 3]; expected (N, L, in)"]
        case .channelsFirst: ["input [2, 3, 8, 8]", "this looks like channels first", "(N, H, W, C)"]
        case .channelsFirstRow: ["convolution1D", "this looks like channels first", "x.permuted([0, 2, 1])"]
        case .transposedChannelsFirst: ["transposedConvolution2D", "this looks like channels first"]
        case .hugeCausal: ["convolution1D", "padding 0, 0, 9223372036854775807, 0; expected less than 2³¹"]
        case .hugeTransposed: ["transposedConvolution2D", "stride 9223372036854775807×", "less than 2³¹"]
        case .transposedRow:
            [
                "transposedConvolution1D, as images of height 1: input [2, 1, 5, 4], weight [6, 4, 1, 3]; expected"
            ]
        }
    }
}

@Suite struct ConvolutionVariantTrapTests {
    @Test(arguments: ConvolutionVariantMistake.allCases)
    func stopsWithAMessage(mistake: ConvolutionVariantMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for part in mistake.message { #expect(text.contains(part), "\(text.prefix(400))") }
    }
}
