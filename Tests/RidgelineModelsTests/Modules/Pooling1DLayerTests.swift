// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// The layers that pool sequences pass all their settings on.
@Suite struct Pooling1DLayerTests {
    private let x = Tensor<Float>.uniform([2, 11, 3], in: -1..<1)

    @Test func passTheirSettingsOn() {
        #expect(MaximumPooling1D<Float>(window: 2)(x) == maximumPooling1D(x, window: 2))
        #expect(
            MaximumPooling1D<Float>(window: 3, stride: 2, padding: 1, dilation: 2, ceilMode: true)(x)
                == maximumPooling1D(x, window: 3, stride: 2, padding: 1, dilation: 2, ceilMode: true))
        #expect(AveragePooling1D<Float>(window: 2)(x) == averagePooling1D(x, window: 2))
        #expect(
            AveragePooling1D<Float>(window: 3, stride: 3, padding: 1, ceilMode: true, countsPadding: false)(x)
                == averagePooling1D(
                    x, window: 3, stride: 3, padding: 1, ceilMode: true, countsPadding: false))
        #expect(AdaptiveMaximumPooling1D<Float>(4)(x) == adaptiveMaximumPooling1D(x, outputSize: 4))
        #expect(AdaptiveAveragePooling1D<Float>(4)(x) == adaptiveAveragePooling1D(x, outputSize: 4))
    }

    @Test func standInASequence() {
        let model = Sequential<Float>(
            Convolution1D(3, 5, kernel: 3, padding: 1), MaximumPooling1D(window: 2),
            AdaptiveAveragePooling1D(2))
        #expect(model(x).shape == [2, 2, 5])
    }
}
