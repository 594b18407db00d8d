// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// How the networks are built, named and first weighted.
@Suite struct ImageModelTests {
    @Test func pathsAreTorchvisions() {
        let names = ResNet<Float>(.resNet50, classes: 3).tensorNames
        #expect(
            names.prefix(9) == [
                "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
                "bn1.num_batches_tracked", "layer1.0.conv1.weight", "layer1.0.bn1.weight",
                "layer1.0.bn1.bias",
            ])
        #expect(names.contains("layer1.0.downsample.0.weight"))
        #expect(names.contains("layer4.2.bn3.running_var"))
        #expect(names.suffix(2) == ["fc.weight", "fc.bias"])
        // As torchvision's state dictionaries have them.
        #expect(names.count == 320)
        #expect(ResNet<Float>(.resNet18, classes: 3).tensorNames.count == 122)
        #expect(
            ResidualBlock<Float>(2, outputs: 3, stride: 2, shortcut: .zeroPadding).parameterNames == [
                "conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias",
            ])
    }

    @Test func parametersAreAsManyAsPublished() {
        func count(_ configuration: ResNetConfiguration, classes: Int) -> Int {
            ResNet<Float>(configuration, classes: classes).parameterCount
        }
        #expect(count(.resNet18, classes: 1_000) == 11_689_512)
        #expect(count(.resNet50, classes: 1_000) == 25_557_032)
        // He et al., 2015, table 6: 0.27, 0.46, 0.66, 0.85 and 1.7 million.
        let depths = [20, 32, 44, 56, 110]
        #expect(
            depths.map { count(.cifar(depth: $0), classes: 10) } == [
                269_722, 464_154, 658_586, 853_018, 1_727_962,
            ])
        #expect(ImageModel.cifarResNet20.model(Float.self).parameterCount == 269_722)
    }

    /// Two blocks with names of their own do not take each other's paths.
    @Test func blocksWithoutNamesKeepTheirOwn() {
        struct Pair: Module {
            let first = ConvolutionBlock<Float>(1, 1, kernel: 1)
            let second = ConvolutionBlock<Float>(1, 1, kernel: 1, names: ("conv2", "bn2"))
        }
        #expect(
            Pair().parameterNames == [
                "first.convolution.weight", "first.normalization.weight", "first.normalization.bias",
                "conv2.weight", "bn2.weight", "bn2.bias",
            ])
    }

    @Test func weightsStartAsTorchvisions() throws {
        let model = withRandomSeed(5) { ResNet<Double>(.cifar(depth: 20), classes: 7) }
        let weight = try #require(model.parameter(named: "layer3.1.conv1.weight", as: Double.self)).value
        // 64·64·9 values of variance 2/(64·9): the estimate's own deviation is under 1 %.
        let variance = weight.squared().mean().item * 64 * 9 / 2
        #expect(abs(variance - 1) < 0.04)
        #expect(weight.absolute().max().item > 3 * (2.0 / 576).squareRoot())
        #expect(
            try #require(model.parameter(named: "bn1.weight", as: Double.self)).value.scalars
                == .init(repeating: 1, count: 16))
    }

    @Test(arguments: [true, false])
    func zeroInitializedBlocksStartAsTheirShortcuts(_ isBottleneck: Bool) {
        let x = Tensor<Float>.normal([2, 5, 4, 8])
        let block: any Layer<Float> =
            isBottleneck
            ? BottleneckBlock(8, zeroInitializesLastScale: true)
            : ResidualBlock(8, zeroInitializesLastScale: true)
        expectIdentical(block(x), x.activated(.relu), "act(x)")
        let plain = isBottleneck ? BottleneckBlock<Float>(8)(x) : ResidualBlock<Float>(8)(x)
        #expect(largestDifference(plain, x.activated(.relu)) > 1e-3)
    }

    @Test func networksOfZeroInitializedBlocksHaveZerosInEveryBlock() {
        let model = ResNet<Float>(.cifar(depth: 20), zeroInitializesLastScale: true)
        let zeros = model.parameters(of: Float.self).filter {
            $0.name.hasSuffix("weight") && $0.parameter.value.absolute().max().item == 0
        }
        #expect(
            zeros.map(\.name) == (1...3).flatMap { stage in (0..<3).map { "layer\(stage).\($0).bn2.weight" } }
        )
    }

    @Test(arguments: [
        ("resnet50", "resnet-50"), ("ResNet-18", "resnet-18"), ("wide_resnet50_2", "wide-resnet-50-2"),
        ("vgg16_bn", "vgg-16-bn"), ("cifar-resnet-110", "cifar-resnet-110"),
    ])
    func modelsAreFoundByName(_ name: String, _ expected: String) {
        #expect(ImageModel(name: name)?.rawValue == expected)
    }

    @Test func unknownNamesAreNone() { #expect(ImageModel(name: "resnet-51") == nil) }

    @Test func fileHasBuffersAndParameters() throws {
        let path = NSTemporaryDirectory() + "image-model-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (model, other) = (ResNet<Float>(.cifar(depth: 8)), ResNet<Float>(.cifar(depth: 8)))
        let x = Tensor<Float>.normal([4, 9, 8, 3])
        _ = valueAndGradients(of: model) { $0(x).sum() }
        try model.save(to: path)
        #expect(largestDifference(other(x), model(x)) > 1e-3)
        try other.load(from: path)
        expectIdentical(other(x), model(x), "logits")
        #expect(other.buffer(named: "bn1.num_batches_tracked", as: Int64.self)?.value.item == 1)
    }

    /// Weights that a file gives next need no drawing.
    @Test func drawsCanBeSkipped() {
        let model = withoutRandomDraws { ResNet<Float>(.cifar(depth: 8)) }
        #expect(model.stem.convolution.weight.value.absolute().max().item == 0)
        #expect(ResNet<Float>(.cifar(depth: 8)).stem.convolution.weight.value.absolute().max().item > 0)
    }

    @Test(arguments: VisionMistake.allCases)
    func mistakesTrap(_ mistake: VisionMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        #expect(message(result).contains(mistake.message), "\(message(result).prefix(400))")
    }
}

/// Mistakes of the calling code.
enum VisionMistake: String, CaseIterable, Codable, Sendable {
    case depth, stages, widening, narrower, shortcut, summands

    func make() {
        switch self {
        case .depth: _ = ResNetConfiguration.cifar(depth: 21)
        case .stages: _ = ResNetConfiguration(blocks: [1, 1], isBottleneck: false)
        case .widening: _ = ResNetConfiguration(blocks: [1, 1, 1], isBottleneck: false, widening: 2)
        case .narrower: _ = ResidualBlock<Float>(4, outputs: 2, shortcut: .zeroPadding)
        case .shortcut: _ = PreActivationResNet<Float>(.cifar(depth: 20))
        case .summands: _ = DenseResidualBlock<Float>(4)(.zeros([2, 4]), adding: .zeros([2, 3]))
        }
    }

    var message: String {
        switch self {
        case .depth: "depth 21; expected 6n + 2"
        case .stages: "blocks [1, 1]"
        case .widening: "widening 2"
        case .narrower: "4 input and 2 output channels"
        case .shortcut: "expected projections"
        case .summands: "the body gives [2, 4] and the shortcut [2, 3]"
        }
    }
}
