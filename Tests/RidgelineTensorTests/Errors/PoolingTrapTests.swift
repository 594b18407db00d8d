// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Mistakes with pooling and the padding of images.
enum PoolingMistake: String, CaseIterable, Codable, Sendable {
    case rank, noPixels, tooMuchPadding, oneSide, window, noWindow, noOutput, reflection, samePadding

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
