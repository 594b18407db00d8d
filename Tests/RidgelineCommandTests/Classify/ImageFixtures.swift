// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

@testable import RidgelineCommand

/// The images of Tests/Fixtures/images, and what Pillow and torchvision made of them.
enum ImageFixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Fixtures/images").standardized

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// The names of all images.
    static let names: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }.sorted()
    }()

    static func array<Scalar: TensorScalar>(_ name: String) throws -> Tensor<Scalar> {
        try NumPyArchive(contentsOf: path("images.npz")).tensor(name)
    }

    /// An array of bytes as an image.
    static func image(_ name: String) throws -> DecodedImage {
        let pixels: Tensor<UInt8> = try array(name)
        return DecodedImage(width: pixels.shape[1], height: pixels.shape[0], pixels: pixels.scalars)
    }
}

/// SplitMix64: the same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
