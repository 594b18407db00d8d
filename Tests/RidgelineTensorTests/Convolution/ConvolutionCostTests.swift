// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// What `automatic` stands for, where the measured times leave no doubt.
@Suite struct ConvolutionCostTests {
    private func geometry(
        _ batch: Int, _ side: Int, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1,
        groups: Int = 1
    ) -> ConvolutionGeometry {
        ConvolutionGeometry(
            input: [batch, side, side, inputs], weight: [outputs, inputs / groups, kernel, kernel],
            stride: Size2D(stride), padding: .symmetric(Size2D(kernel / 2)), dilation: 1, groups: groups,
            for: "test")
    }

    private func choice(
        _ geometry: ConvolutionGeometry, _ pass: ConvolutionPass = .forward, keepsWeights: Bool = false
    ) -> ConvolutionAlgorithm {
        ConvolutionCost.choice(for: geometry, pass, keepsWeights: keepsWeights)
    }

    @Test(arguments: ConvolutionPass.allCases)
    func largeImagesByWinograd(pass: ConvolutionPass) {
        #expect(choice(geometry(8, 56, 64, 64), pass) == .winograd4)
        #expect(choice(geometry(8, 28, 128, 128), pass) == .winograd4)
    }

    @Test func fewTilesByLessOfIt() {
        // 7 = 4 + 3, and 36 matrices of 512×512 for 32 tiles.
        #expect(choice(geometry(8, 7, 512, 512)) == .winograd2)
        // For one small image even fewer weights are too many, unless they are kept.
        #expect(choice(geometry(1, 7, 512, 512)) == .gathered)
        #expect(choice(geometry(1, 14, 256, 256), keepsWeights: true) != .gathered)
    }

    @Test func othersByWhatCanComputeThem() {
        #expect(choice(geometry(8, 56, 64, 64, stride: 2)) == .gathered)
        #expect(choice(geometry(8, 56, 64, 64, kernel: 1)) == .gathered)
        #expect(choice(geometry(8, 56, 64, 64, kernel: 5)) == .gathered)
        #expect(choice(geometry(8, 56, 64, 64, groups: 2)) == .gathered)
        #expect(choice(geometry(8, 56, 64, 64, groups: 64)) == .depthwise)
    }

    @Test func gradientsOfFewChannelsAreScattered() {
        let images = Parallelism.gridCores
        #expect(
            ScatteredInputGradient<Float>.isBetter(for: geometry(images, 224, 3, 64, kernel: 7, stride: 2)))
        #expect(!ScatteredInputGradient<Float>.isBetter(for: geometry(images, 56, 128, 128, stride: 2)))
        #expect(!ScatteredInputGradient<Float>.isBetter(for: geometry(images, 56, 3, 64, kernel: 1)))
        #expect(
            images == 1
                || !ScatteredInputGradient<Float>.isBetter(
                    for: geometry(images - 1, 224, 3, 64, kernel: 7, stride: 2))
        )
    }
}
