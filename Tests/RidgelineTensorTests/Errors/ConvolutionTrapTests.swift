// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Mistakes with convolutions.
enum ConvolutionMistake: String, CaseIterable, Codable, Sendable {
    case rank, weightRank, kernel, dilatedKernel, groups, noGroups, channels, groupedChannels, bias, residual
    case stride, dilation, padding, noKernel, slope, winograd, depthwise, winogradPadding, channelsFirst
    case noChannels, noOutputs, hugeStride, hugeDilation, hugePadding, hugeSame

    func make() {
        let x = Tensor<Float>.zeros([2, 4, 5, 6])
        let weight = Tensor<Float>.zeros([9, 6, 3, 3])
        switch self {
        case .rank: _ = convolution2D(Tensor<Float>.zeros([4, 5, 6]), weight: weight)
        case .weightRank: _ = convolution2D(x, weight: Tensor<Float>.zeros([9, 6]))
        case .kernel: _ = convolution2D(x, weight: .zeros([9, 6, 5, 8]), padding: 1)
        case .dilatedKernel: _ = convolution2D(x, weight: weight, dilation: 3)
        case .groups: _ = convolution2D(x, weight: weight, groups: 4)
        case .noGroups: _ = convolution2D(x, weight: weight, groups: 0)
        case .channels: _ = convolution2D(x, weight: .zeros([9, 5, 3, 3]))
        case .groupedChannels: _ = convolution2D(x, weight: weight, groups: 3)
        case .bias: _ = convolution2D(x, weight: weight, bias: .zeros([6]))
        case .residual: _ = convolution2D(x, weight: weight, residual: .zeros([2, 4, 5, 9]))
        case .stride: _ = convolution2D(x, weight: weight, stride: Size2D(1, 0))
        case .dilation: _ = convolution2D(x, weight: weight, dilation: 0)
        case .padding:
            _ = convolution2D(x, weight: weight, padding: .each(top: 0, bottom: -1, left: 2, right: 0))
        case .noKernel: _ = convolution2D(x, weight: .zeros([9, 6, 0, 3]))
        case .slope:
            _ = convolution2D(x, weight: weight, activation: .parametricReLU(), slope: .zeros([6]))
        case .winograd: _ = convolution2D(x, weight: weight, stride: 2, algorithm: .winograd4)
        case .depthwise: _ = convolution2D(x, weight: weight, algorithm: .depthwise)
        case .winogradPadding: _ = convolution2D(x, weight: weight, padding: 3, algorithm: .winograd2)
        case .channelsFirst: _ = convolution2D(Tensor<Float>.zeros([2, 6, 4, 5]), weight: weight)
        case .noChannels: _ = convolution2D(Tensor<Float>.zeros([2, 4, 5, 0]), weight: .zeros([9, 0, 3, 3]))
        case .noOutputs: _ = convolution2D(x, weight: .zeros([0, 6, 3, 3]))
        case .hugeStride: _ = convolution2D(x, weight: weight, stride: Size2D(.max))
        case .hugeDilation: _ = convolution2D(x, weight: weight, dilation: Size2D(1, .max))
        case .hugePadding: _ = convolution2D(x, weight: weight, padding: .symmetric(Size2D(.max)))
        case .hugeSame: _ = convolution2D(x, weight: weight, padding: .same, dilation: Size2D(.max))
        }
    }

    var message: [String] {
        switch self {
        case .rank: ["input [4, 5, 6], weight [9, 6, 3, 3]; expected (N, H, W, C)"]
        case .weightRank: ["input [2, 4, 5, 6], weight [9, 6]; expected", "(out, in, height, width)"]
        case .kernel: ["the kernel 5×8 with dilation 1×1", "more than the padded input 6×7 (4×5"]
        case .dilatedKernel: ["the kernel 3×3 with dilation 3×3 spans 7×7", "padded input 4×5"]
        case .groups: ["4 groups do not divide 6 inputs and 9 outputs", "[2, 4, 5, 6]", "[9, 6, 3, 3]"]
        case .noGroups: ["0 groups do not divide 6 inputs and 9 outputs"]
        case .channels: ["input [2, 4, 5, 6], weight [9, 5, 3, 3], groups 1", "(out, 6, height, width)"]
        case .groupedChannels: ["weight [9, 6, 3, 3], groups 3", "(out, 2, height, width)"]
        case .bias: ["bias [6] for weight [9, 6, 3, 3]; expected [9]"]
        case .residual: ["residual [2, 4, 5, 9] for a result of shape [2, 2, 3, 9]"]
        case .stride: ["kernel 3×3, stride 1×0, dilation 1×1; expected 1 or more"]
        case .dilation: ["kernel 3×3, stride 1×1, dilation 0×0; expected 1 or more"]
        case .padding: ["padding 0, -1, 2, 0; expected 0 or more"]
        case .noKernel: ["kernel 0×3"]
        case .slope: ["[6]", "9"]
        case .winograd: ["winograd4 cannot compute input [2, 4, 5, 6]", "3×3, stride 2×2, 1 groups"]
        case .depthwise: ["depthwise cannot compute input [2, 4, 5, 6]", "1 groups"]
        case .winogradPadding: ["winograd2 cannot compute input [2, 4, 5, 6] by a kernel of 3×3"]
        case .channelsFirst:
            [
                "input [2, 6, 4, 5], weight [9, 6, 3, 3]",
                "(out, 5, height, width); this looks like channels first",
                "x.permuted([0, 2, 3, 1])",
            ]
        case .noChannels:
            ["input [2, 4, 5, 0], weight [9, 0, 3, 3]; expected 1 or more channels and outputs"]
        case .noOutputs: ["weight [0, 6, 3, 3]; expected 1 or more channels and outputs"]
        case .hugeStride: ["kernel 3×3, stride 9223372036854775807×9223372036854775807", "less than 2³¹"]
        case .hugeDilation, .hugeSame: ["dilation", "9223372036854775807", "less than 2³¹"]
        case .hugePadding: ["padding 9223372036854775807, 9223372036854775807", "less than 2³¹"]
        }
    }
}

@Suite struct ConvolutionTrapTests {
    @Test(arguments: ConvolutionMistake.allCases)
    func stopsWithAMessage(mistake: ConvolutionMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for part in ["convolution2D"] + mistake.message {
            #expect(text.contains(part), "\(text.prefix(400))")
        }
    }
}
