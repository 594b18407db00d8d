// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

@testable import RidgelineCommand

/// `ridgeline classify`, in this process with a model of a few weights, and as a command.
@Suite final class ClassifyTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// Logits of the mean colour.
    private struct MeanColour: Layer {
        let head = Linear<Float>(3, 4)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(globalAveragePooling(x)) }
    }

    private static let model = ClassifierModel(name: "mean-colour", classes: 4) { MeanColour() }

    /// Weights of a model under its own names, and under names that a counter stands beside.
    private func savedWeights(counter: Bool = false) throws -> String {
        let model = MeanColour()
        model.head.weight.value = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]
        model.head.bias?.value = [0, 0, 0, -100]
        var writer = SafetensorsWriter()
        try writer.add(model.head.weight.value, named: "head.weight")
        try writer.add([0, 0, 0, -100] as Tensor<Float>, named: "head.bias")
        if counter { try writer.add([7] as Tensor<Int64>, named: "norm.num_batches_tracked") }
        try writer.write(to: file("weights.safetensors"))
        return file("weights.safetensors")
    }

    @Test func classifiesByProbability() throws {
        let model = try Self.model.loaded(from: savedWeights(counter: true))
        let labels = try ClassLabels(contentsOf: write("red\r\ngreen\nblue\n\n", to: "l"), for: Self.model)
        #expect(labels.names == ["red", "green", "blue", ""])
        let path = ImageFixtures.path("rgb.jpg")
        let transform = EvaluationTransform()
        func classified(_ path: String, top: Int, labels: ClassLabels? = nil) -> ClassifiedImage {
            ClassifiedImage(
                path, by: model, transform: transform, labels: labels, top: top, pixelLimit: 1_000_000)
        }
        let result = classified(path, top: 3, labels: labels)
        let means = transform(try DecodedImage(contentsOf: path)).mean(axes: [1, 2]).scalars
        let expected = means.indices.sorted { means[$0] > means[$1] }
        let guesses = try #require(result.classes)
        #expect(guesses.map(\.index) == expected && guesses.map(\.label) == expected.map { labels.names[$0] })
        #expect(abs(guesses.map(\.probability).reduce(0, +) - 1) < 1e-5)
        #expect(guesses[0].probability > guesses[1].probability)
        #expect(result.text.split(separator: "\n").count == 4 && result.text.contains(" %  "))
        #expect(classified(path, top: 99).classes?.count == 4)
        #expect(classified(path, top: 1).classes?.first?.label == nil)
        let missing = classified(file("none.jpg"), top: 1)
        #expect(missing.classes == nil && missing.error?.contains("none.jpg") == true)
    }

    /// The whole command with a model of the tests: the good file among bad ones is classified.
    @Test func badFilesDoNotStopTheOthers() throws {
        let cut = file("cut.png")
        try Data(try ImageFixtures.bytes("rgb.png").prefix(900)).write(to: URL(fileURLWithPath: cut))
        let text = try write("no image", to: "text.jpg")
        var command = try ClassifyCommand.parse([
            "--model", "mean-colour", "--weights", savedWeights(), "--top", "1", file("none.png"), cut,
            ImageFixtures.path("rgb.jpg"), text,
        ])
        #expect(throws: ClassifyCommand.Failure(failed: 3, images: 4)) {
            try command.run(among: [Self.model])
        }
        command.images = [ImageFixtures.path("grey.png")]
        try command.run(among: [Self.model])
    }

    /// The built command with a network of its own list: a truncated file in the middle stops neither the one before
    /// nor the one after, and a tensor of the file that the network lacks stops everything before an image is read.
    @Test func networkEndToEnd() throws {
        let weights = file("resnet18.safetensors")
        let model = ResNet<Float>(.resNet18)
        try model.save(to: weights)
        let cut = file("cut.jpg")
        try Data(try ImageFixtures.bytes("rgb.jpg").prefix(900)).write(to: URL(fileURLWithPath: cut))
        let (jpeg, png) = (ImageFixtures.path("rgb.jpg"), ImageFixtures.path("rgb.png"))
        let arguments = ["classify", "--model", "resnet18", "--weights", weights, "--top", "3", "--json"]
        let run = try CommandRun(arguments + [jpeg, cut, png])
        #expect(run.exitCode != 0 && !run.wasSignalled)
        #expect(run.errors.contains("cut.jpg") && run.errors.contains("1 of 3 images"), "\(run.errors)")
        #expect(run.errorLines.count == 2, "\(run.errors)")
        let images = try #require(try run.json()["images"] as? [[String: Any]])
        #expect(images.compactMap { $0["file"] as? String } == [jpeg, cut, png])
        for (image, path) in zip(images, [jpeg, nil, png]) {
            let classes = image["classes"] as? [[String: Any]]
            guard let path else {
                #expect(classes == nil && image["error"] != nil)
                continue
            }
            let logits = model(EvaluationTransform()(try DecodedImage(contentsOf: path)))
            let probabilities = softmax(logits).scalars
            let best = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(3)
            #expect(classes?.compactMap { $0["index"] as? Int } == Array(best))
            #expect(image["error"] == nil)
        }
        #expect(try CommandRun(arguments + [png]).exitCode == 0)

        let other = try CommandRun(["classify", "--model", "resnet-34", "--weights", weights, jpeg])
        #expect(other.exitCode != 0 && other.output.isEmpty)
        // A line for each parameter.
        let lines = other.errorLines
        #expect(lines.first == "ridgeline: \(weights) does not fit the model:" && lines.count > 20)
        #expect(lines.contains("  layer1.2.conv1.weight: missing in the file"), "\(other.errors)")
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") && $0.count < 120 })
    }

    /// What `torch.save` writes now and wrote once, under any name: what it is and what to do, wherever it is given.
    @Test func checkpointsOfPyTorch() throws {
        let member = Array("model/data.pkl".utf8)
        let zip =
            [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(member.count), 0, 0, 0] + member
        let legacy: [UInt8] = [
            0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        for (name, bytes) in [("a.pt", zip), ("b.pth", legacy), ("c.bin", legacy), ("d.safetensors", zip)] {
            try Data(bytes + [UInt8](repeating: 0, count: 300)).write(to: URL(fileURLWithPath: file(name)))
            let image = ImageFixtures.path("rgb.jpg")
            for arguments in [
                ["classify", "--model", "resnet18", "--weights", file(name), image], ["inspect", file(name)],
            ] {
                let run = try CommandRun(arguments)
                #expect(run.exitCode == 1 && run.errorLines.count == 1 && run.output.isEmpty)
                #expect(run.errors.hasPrefix("ridgeline: \(file(name)): "), "\(run.errors)")
                #expect(run.errors.contains("a PyTorch checkpoint (torch.save)"), "\(run.errors)")
                #expect(run.errors.contains("from safetensors.torch import save_file"), "\(run.errors)")
            }
        }
    }

    /// Each name leads to its network, by torchvision's spelling too; those of small images are not among them.
    @Test func knowsTheNetworksOfImageNet() throws {
        for (name, known) in [
            ("resnet18", "resnet-18"), ("wide_resnet50_2", "wide-resnet-50-2"), ("vgg16_bn", "vgg-16-bn"),
            ("AlexNet", "alexnet"),
        ] {
            #expect(try ClassifierModel.named(name).name == known)
        }
        #expect(ClassifierModel.all.allSatisfy { $0.classes == 1_000 && !$0.name.contains("cifar") })
        #expect(try ClassifierModel.named("resnet-18").make() is ResNet<Float>)
        #expect(throws: UnknownClassifier.self) { try ClassifierModel.named("cifar-resnet-20") }
    }

    @Test func wrongLabels() throws {
        for (text, lines) in [("", 0), ("a\nb\nc", 3), ("a\nb\nc\nd\ne\n", 5)] {
            let path = try write(text, to: "labels.txt")
            let error = #expect(throws: ClassLabels.WrongCount.self) {
                try ClassLabels(contentsOf: path, for: Self.model)
            }
            #expect(
                error.map { "\($0)" }
                    == "\(path): \(lines) lines; expected 4, one for each class of mean-colour")
        }
        #expect(throws: FormatError.self) {
            try ClassLabels(contentsOf: file("absent"), for: Self.model)
        }
    }

    @Test func wrongWeights() throws {
        var writer = SafetensorsWriter()
        try writer.add(Tensor<Float>.zeros([4, 3]), named: "head.weight")
        try writer.add([1] as Tensor<Float>, named: "tail")
        try writer.write(to: file("w"))
        let error = #expect(throws: ModelLoadingError.self) { try Self.model.loaded(from: file("w")) }
        #expect(error?.problems == [.missing(name: "head.bias"), .unexpected(name: "tail")])
        #expect(try ClassifierModel.named("Mean_Colour", among: [Self.model]).classes == 4)
        #expect(throws: UnknownClassifier(name: "x", known: ["mean-colour"])) {
            try ClassifierModel.named("x", among: [Self.model])
        }
    }

    @Test func badArgumentsAreOneLine() throws {
        let image = ImageFixtures.path("rgb.jpg")
        let start = ["classify", "--model", "m", "--weights", "w"]
        for (arguments, message) in [
            (start + ["--top", "0", image], "--top 0 is impossible"),
            (start + ["--pixel-limit", "0", image], "--pixel-limit 0 is impossible"),
            (start + ["--crop", "300", image], "--resize 256 is impossible; expected 300"),
            (start, "images"), (["classify", "--weights", "w", image], "--model"),
            (start + [image], "no model is called 'm'"),
        ] {
            let run = try CommandRun(arguments)
            #expect(run.exitCode != 0 && run.output.isEmpty && run.errorLines.count == 1, "\(run.errors)")
            #expect(run.errors.contains(message), "\(run.errors)")
        }
        let help = try CommandRun(["classify", "--help"])
        #expect(help.exitCode == 0 && help.output.contains("--labels") && help.output.contains("EXIF"))
    }
}
