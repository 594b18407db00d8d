// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline classify`.
struct ClassifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Say what is on images, by a model trained on ImageNet.",
        discussion: """
            Reads JPEG and PNG files. The shorter side is resized (bilinear, antialiased), the centre cut out, and \
            colours are normalized by ImageNet's mean and standard deviation, as torchvision and Pillow do: \
            transparency is dropped, and neither the orientation in EXIF nor a colour profile is applied. \
            Weights are a safetensors file with torchvision's names. A file that cannot be read is reported on \
            the standard error, the others are classified, and the exit code is then not 0.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The model: \(ClassifierModel.all.map(\.name).joined(separator: ", ")).")
    var model: String

    @Option(help: "Its weights, a safetensors file.")
    var weights: String

    @Option(help: "A text file with the name of a class on each line.")
    var labels: String?

    @Option(help: "How many classes to list, the most probable first.")
    var top = 5

    @Option(help: "Resize the shorter side to this many pixels.")
    var resize = 256

    @Option(help: "Cut out a square of this side.")
    var crop = 224

    @Option(help: "Refuse images of more pixels than this.")
    var pixelLimit = DecodedImage.defaultPixelLimit

    @Argument(help: "The images.")
    var images: [String]

    func validate() throws {
        if top < 1 { throw ValidationError("--top \(top) is impossible; expected 1 or more") }
        if pixelLimit < 1 {
            throw ValidationError("--pixel-limit \(pixelLimit) is impossible; expected 1 or more")
        }
        if !(1...16_384).contains(crop) {
            throw ValidationError("--crop \(crop) is impossible; expected 1 to 16384")
        }
        if !(crop...16_384).contains(resize) {
            throw ValidationError("--resize \(resize) is impossible; expected \(crop) (--crop) to 16384")
        }
    }

    func run() throws { try run(among: ClassifierModel.all) }

    /// Runs with these models to choose from.
    func run(among models: [ClassifierModel]) throws {
        common.apply()
        let known = try ClassifierModel.named(model, among: models)
        let names = try labels.map { try ClassLabels(contentsOf: $0, for: known) }
        let layer = try known.loaded(from: weights)
        let transform = EvaluationTransform(resize: resize, crop: crop)
        var results: [ClassifiedImage] = []
        for image in images {
            let result = ClassifiedImage(
                image, by: layer, transform: transform, labels: names, top: top, pixelLimit: pixelLimit)
            results.append(result)
            if let error = result.error {
                StandardError.print("ridgeline: \(error.withoutControls)\n")
            } else if !common.json {
                try StandardOutput.print(result.text)
            }
        }
        if common.json { try StandardOutput.print(json: Report(model: model, images: results)) }
        let failed = results.filter { $0.error != nil }.count
        if failed > 0 { throw Failure(failed: failed, images: images.count) }
    }

    private struct Report: Encodable {
        let model: String
        let images: [ClassifiedImage]
    }

    /// Some of the files were not classified.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let failed: Int
        let images: Int
        var description: String { "\(failed) of \(images) images could not be classified" }
    }
}
