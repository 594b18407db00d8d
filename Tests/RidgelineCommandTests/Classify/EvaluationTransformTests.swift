// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

@testable import RidgelineCommand

/// The transform against torchvision's own, on Pillow images.
struct EvaluationTransformTests {
    /// Resized and cut to the bit, up and down, long and high.
    @Test(arguments: ImageFixtures.names)
    func cutsAsTorchvision(name: String) throws {
        let image = try ImageFixtures.image("\(name)/pixels")
        let transform = EvaluationTransform(resize: 37, crop: 32)
        #expect(transform.cropped(image) == (try ImageFixtures.image("\(name)/crop")))
    }

    @Test func standardSizes() throws {
        let transform = EvaluationTransform()
        let small = transform(try DecodedImage(contentsOf: ImageFixtures.path("rgb.jpg")))
        let large = transform(try ImageFixtures.image("standard/large.pixels"))
        for (found, name) in [(small, "rgb.jpg"), (large, "large")] {
            #expect(found.shape == [1, 224, 224, 3])
            let expected: Tensor<Float> = try ImageFixtures.array("standard/\(name)")
            #expect(found[0, .strided(by: 7), .strided(by: 5)] == expected)
        }
    }

    /// An image so narrow that resized it would have 2³⁴ pixels: only the square is computed.
    @Test func onlyTheSquareIsComputed() {
        let long = DecodedImage(width: 1, height: 1 << 18, pixels: .init(repeating: 128, count: 3 << 18))
        let square = EvaluationTransform().cropped(long)
        #expect(square.pixels == [UInt8](repeating: 128, count: 3 * 224 * 224))
    }
}
