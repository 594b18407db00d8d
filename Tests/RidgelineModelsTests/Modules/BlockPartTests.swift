// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// No block hides a setting of its parts.
struct BlockPartTests {
    /// Blocks and networks, each with its defaults and with everything another.
    private static let pairs: [String: (usual: any Module, unusual: any Module)] = [
        "ConvolutionBlock": (
            ConvolutionBlock<Float>(4, 4, kernel: 3),
            ConvolutionBlock<Float>(
                4, 4, kernel: 3, stride: 2, padding: 2, paddingMode: .reflect, dilation: 2, groups: 2,
                bias: true,
                activation: .silu, algorithm: .gathered, epsilon: 1e-3, momentum: 0.01)
        ),
        "ResidualBlock": (
            ResidualBlock<Float>(4, outputs: 8, stride: 2),
            ResidualBlock<Float>(
                4, outputs: 8, stride: 3, dilation: 2, groups: 2, bias: true, paddingMode: .reflect,
                activation: .silu, algorithm: .gathered, epsilon: 1e-3, momentum: nil)
        ),
        "BottleneckBlock": (
            BottleneckBlock<Float>(4, outputs: 8, stride: 2),
            BottleneckBlock<Float>(
                4, hidden: 4, outputs: 8, stride: 3, dilation: 2, groups: 2, bias: true,
                paddingMode: .reflect,
                activation: .silu, algorithm: .gathered, epsilon: 1e-3, momentum: 0.01)
        ),
        "PreActivationBlock": (
            PreActivationBlock<Float>(4, bottleneck: 2, outputs: 8, stride: 2),
            PreActivationBlock<Float>(
                4, bottleneck: 4, outputs: 8, stride: 3, dilation: 2, groups: 2, bias: true,
                paddingMode: .reflect, activation: .silu, algorithm: .gathered, epsilon: 1e-3, momentum: 0.01)
        ),
        "FeedForward": (
            FeedForward<Float>(width: 4, hiddenWidth: 8, dropout: 0.1, residual: .preNormalized),
            FeedForward<Float>(
                width: 4, hiddenWidth: 8, activation: .silu, dropout: 0.2, residualDropout: 0.3,
                residual: .postNormalized, bias: false, epsilon: 1e-12)
        ),
        "GatedFeedForward": (
            GatedFeedForward<Float>(width: 4, hiddenWidth: 8, dropout: 0.1),
            GatedFeedForward<Float>(width: 4, hiddenWidth: 8, gate: .gelu, bias: true, dropout: 0.2)
        ),
        "DenseResidualBlock": (
            DenseResidualBlock<Float>(4, outputs: 8),
            DenseResidualBlock<Float>(4, outputs: 8, activation: .silu, bias: false)
        ),
        "Maxout": (Maxout<Float>(4, 2), Maxout<Float>(4, 2, pieces: 3, bias: false)),
        "ResNet": (
            ResNet<Float>(configuration(groups: 1)),
            ResNet<Float>(
                configuration(groups: 2), activation: .silu, algorithm: .gathered, epsilon: 1e-3,
                momentum: 0.01)
        ),
        "PreActivationResNet": (
            PreActivationResNet<Float>(configuration(groups: 1)),
            PreActivationResNet<Float>(
                configuration(groups: 2), activation: .silu, algorithm: .gathered, epsilon: 1e-3,
                momentum: 0.01)
        ),
    ]

    private static func configuration(groups: Int) -> ResNetConfiguration {
        ResNetConfiguration(blocks: [1, 1, 1], isBottleneck: true, width: 4, groups: groups)
    }

    /// What a block itself decides of its parts.
    private static let decided: [String: Set<String>] = [
        // The stride is at the first wide convolution.
        "ResidualBlock": ["last.convolution.stride"],
        "BottleneckBlock": ["first.convolution.stride", "last.convolution.stride"],
        "PreActivationBlock": [
            // The last convolution is added to the shortcut, and nothing follows.
            "body.0.convolution.stride", "last.stride", "last.activation", "shortcut.layers.0.activation",
        ],
        // The second layer's output is added, and the gate is the activation of the first.
        "FeedForward": ["contract.activation"],
        "GatedFeedForward": ["expand.activation", "contract.activation"],
        "DenseResidualBlock": ["body.layers.1.activation", "shortcut.activation"],
        "Maxout": ["linear.activation"],
    ]

    /// What is the architecture's in a network of blocks; finished blocks may have others.
    private static let architecture: Set = ["stride", "padding", "paddingMode", "dilation", "bias"]

    /// Settings by their path through the properties, of the parts that the shapes of a block leave open.
    private static func settings(_ value: Any, _ path: String = "") -> [String: String] {
        var found: [String: String] = [:]
        func add(_ name: String, _ value: Any) { found[path.isEmpty ? name : "\(path).\(name)"] = "\(value)" }
        switch value {
        case let layer as Convolution2D<Float>:
            add("stride", layer.stride)
            add("bias", layer.bias != nil)
            add("activation", layer.activation)
            add("algorithm", layer.algorithm)
            if layer.weight.shape[2] > 1 {
                add("padding", layer.padding)
                add("paddingMode", layer.paddingMode)
                add("dilation", layer.dilation)
                add("groups", layer.groups)
            }
        case let layer as Linear<Float>:
            add("bias", layer.bias != nil)
            add("activation", layer.activation)
        case let layer as BatchNormalization<Float>:
            add("epsilon", layer.epsilon)
            add("momentum", layer.momentum as Any)
        case let layer as LayerNormalization<Float>: add("epsilon", layer.epsilon)
        case let layer as Dropout<Float>: add("probability", layer.probability)
        case let layer as ActivationLayer<Float>: add("activation", layer.activation)
        default:
            for (index, child) in Mirror(reflecting: value).children.enumerated() {
                let name = child.label == "some" ? "" : child.label ?? "\(index)"
                let below = name.isEmpty ? path : path.isEmpty ? name : "\(path).\(name)"
                found.merge(settings(child.value, below)) { first, _ in first }
            }
        }
        return found
    }

    @Test(arguments: pairs.keys.sorted())
    func everySettingOfAPartIsReachable(_ name: String) throws {
        let (usual, unusual) = try #require(Self.pairs[name])
        let (before, after) = (Self.settings(usual), Self.settings(unusual))
        #expect(before.keys.sorted() == after.keys.sorted() && before.count >= 2)
        var same = Set(before.keys.filter { before[$0] == after[$0] })
        // A block's activation comes after the normalisation; a projection's bias would be taken away by it.
        same = same.filter {
            !$0.hasSuffix("convolution.activation") && !$0.hasSuffix("projection.convolution.bias")
        }
        if name.hasSuffix("Net") {
            same = same.filter { path in
                let setting = String(path.split(separator: ".").last ?? "")
                let ends = ["fc.activation", "stem.activation", "stem.groups", "stem.convolution.groups"]
                return !Self.architecture.contains(setting) && !ends.contains(path)
                    && !path.hasSuffix(".last.activation") && !path.hasSuffix("shortcut.layers.0.activation")
            }
        }
        #expect(same == Self.decided[name, default: []], "\(same.sorted())")
    }

    /// A setting that a part gets one day must be passed on by every block: the list above is complete.
    @Test func theListOfSettingsIsComplete() {
        func stored(_ layer: some Layer<Float>) -> [String] {
            Mirror(reflecting: layer).children.compactMap(\.label).sorted()
        }
        #expect(
            stored(Convolution2D(1, 1, kernel: 1)) == [
                "activation", "algorithm", "bias", "identity", "slope", "steps", "transforms", "weight",
            ])
        let steps = Mirror(reflecting: Convolution2D<Float>(1, 1, kernel: 1)).descendant("steps")
        #expect(
            Mirror(reflecting: steps as Any).children.first.map { Mirror(reflecting: $0.value) }?.children
                .compactMap(\.label).sorted() == ["dilation", "groups", "padding", "paddingMode", "stride"])
        #expect(stored(Linear(1, 1)) == ["activation", "bias", "identity", "slope", "weight"])
        #expect(
            stored(BatchNormalization(1)) == [
                "batchesTracked", "bias", "epsilon", "identity", "momentum", "runningMean", "runningVariance",
                "weight",
            ])
        #expect(stored(LayerNormalization(1)) == ["bias", "epsilon", "identity", "weight"])
        #expect(stored(Dropout(0)) == ["identity", "probability"])
        #expect(stored(ActivationLayer(.relu)) == ["activation", "identity", "slope"])
    }

    @Test func finishedLayersAreTakenAsTheyAre() {
        let convolution = Convolution2D<Float>(4, 4, kernel: 3, padding: 1, bias: false)
        let normalization = BatchNormalization<Float>(4, epsilon: 0.5, momentum: nil)
        let block = ConvolutionBlock(
            convolution: convolution, normalization: normalization, activation: .relu, names: ("conv1", "bn1")
        )
        #expect(block.convolution.weight === convolution.weight && block.normalization.epsilon == 0.5)
        #expect(block.parameterNames == ["conv1.weight", "bn1.weight", "bn1.bias"])
        let second = ConvolutionBlock<Float>(4, 4, kernel: 3, padding: 1, names: ("conv2", "bn2"))
        let residual = ResidualBlock(first: block, last: second)
        #expect(residual.parameterNames == ResidualBlock<Float>(4).parameterNames)
        let x = withRandomSeed(1) { Tensor<Float>.normal([1, 5, 5, 4]) }
        expectClose(residual(x), second(block(x), adding: x), within: 1e-6, "residual")

        let bottleneck = BottleneckBlock(
            first: block, middle: second, last: ConvolutionBlock(4, 4, kernel: 1),
            shortcut: ImageShortcut(projection: ConvolutionBlock(4, 4, kernel: 1, stride: 1)))
        #expect(bottleneck(x).shape == x.shape)
        #expect(bottleneck.parameterNames.contains("downsample.projection.convolution.weight"))
        let gelu = Linear<Float>(4, 6, activation: .gelu)
        let block2 = FeedForward(
            expand: gelu, contract: Linear(6, 4), norm: LayerNormalization(4, epsilon: 0.25),
            residualDropout: Dropout(0.1), residual: .postNormalized)
        #expect(block2.expand.weight === gelu.weight && block2.norm?.epsilon == 0.25 && block2.dropout == nil)
        let gated = GatedFeedForward(expand: Linear<Float>(4, 12), contract: Linear(6, 4), gate: .relu)
        #expect(gated(Tensor<Float>.ones([2, 4])).shape == [2, 4])
        let dense = DenseResidualBlock<Float>(
            body: Sequential(gelu, Linear(6, 4)), activation: ActivationLayer(.relu))
        #expect(dense(Tensor<Float>.ones([2, 4])).shape == [2, 4])
        let pieces = Maxout(linear: Linear<Float>(4, 6), pieces: 3)
        #expect(pieces(Tensor<Float>.ones([2, 4])).shape == [2, 2])
        let stage = Sequential<Float>(residual)
        let network = ResNet<Float>(
            stem: block, layer1: stage, layer2: stage, layer3: stage, fc: Linear(4, 3))
        #expect(network(x).shape == [1, 3])
        let preActivation = PreActivationBlock<Float>(
            entry: normalization, activation: ActivationLayer(.relu), body: [block],
            last: Convolution2D(4, 4, kernel: 1))
        let second2 = PreActivationResNet<Float>(
            stem: convolution, layer1: Sequential(preActivation), layer2: stage, layer3: stage,
            normalization: BatchNormalization(4), activation: ActivationLayer(.relu), fc: Linear(4, 3))
        #expect(second2(x).shape == [1, 3])
        let plain = AlexNet<Float>(
            features: Sequential(convolution), pooling: AdaptiveAveragePooling2D(2),
            classifier: Sequential(Linear(16, 3)))
        #expect(plain(x).shape == [1, 3])
        #expect(
            VGG16<Float>(features: Sequential(convolution), classifier: Sequential(Linear(196, 3)))(x).shape
                == [1, 3])
    }

    /// Every network by its name has them too.
    @Test func modelsByNamePassSettingsOn() throws {
        let model = ImageModel.cifarResNet20.model(
            Float.self, channels: 1, classes: 4, epsilon: 1e-3, momentum: 0.01)
        let found = Self.settings(model)
        #expect(found.filter { $0.key.hasSuffix("epsilon") }.values.allSatisfy { $0 == "0.001" })
        #expect(found.filter { $0.key.hasSuffix("momentum") }.values.allSatisfy { $0 == "Optional(0.01)" })
        #expect(found.keys.filter { $0.hasSuffix("epsilon") }.count == 19)
        let weight = try #require(model.parameter(named: "conv1.weight", as: Float.self))
        #expect(
            weight.shape == [16, 1, 3, 3] && model.parameter(named: "fc.bias", as: Float.self)?.shape == [4])
    }

    /// A learnt slope has a name of its own in every block that names its parts as its parent's.
    @Test func slopesHaveNames() {
        let activation = Activation.parametricReLU()
        #expect(
            ResidualBlock<Float>(4, activation: activation).parameterNames == [
                "conv1.weight", "bn1.weight", "bn1.bias", "conv1.slope", "conv2.weight", "bn2.weight",
                "bn2.bias",
                "conv2.slope",
            ])
        #expect(
            BottleneckBlock<Float>(4, activation: activation).parameterNames.filter { $0.hasSuffix("slope") }
                .count == 3)
        let network = VGG16<Float>(normalized: true, classes: 1, activation: activation)
        #expect(network.parameterNames.filter { $0.hasSuffix("slope") }.count == 15)
    }

    /// Mistakes that stop the program; Codable, as an exit test wants what it captures.
    enum Mistake: String, Codable, CaseIterable {
        case activation = "ConvolutionBlock: a convolution with the activation relu; expected none"
        case channels =
            "ConvolutionBlock: a convolution to 4 channels, a normalisation of 3; expected as many"
        case widths = "FeedForward: expand's weight [6, 4], contract's [4, 5]; expected (hidden, width)"
        case norm = "FeedForward: a normalisation of nothing, residual preNormalized; expected one of [4]"
        case superfluous = "FeedForward: a normalisation of [4], residual none; expected one of [4] where"
        case dropout = "FeedForward: a residual dropout without a residual; expected nil"
        case gated = "GatedFeedForward: expand's weight [6, 4], contract's [4, 6]; expected (2·hidden, width)"
        case pieces = "Maxout: 5 affine functions in groups of 2; expected groups that divide them"
        case groups = "widening 1, groups 2; expected three or four stages"

        func make() {
            let norm = LayerNormalization<Float>(4)
            switch self {
            case .activation:
                _ = ConvolutionBlock<Float>(
                    convolution: Convolution2D(3, 4, kernel: 1, activation: .relu),
                    normalization: BatchNormalization(4))
            case .channels:
                _ = ConvolutionBlock<Float>(
                    convolution: Convolution2D(3, 4, kernel: 1), normalization: BatchNormalization(3))
            case .widths: _ = FeedForward<Float>(expand: Linear(4, 6), contract: Linear(5, 4))
            case .norm:
                _ = FeedForward<Float>(
                    expand: Linear(4, 6), contract: Linear(6, 4), residual: .preNormalized)
            case .superfluous:
                _ = FeedForward<Float>(expand: Linear(4, 6), contract: Linear(6, 4), norm: norm)
            case .dropout:
                _ = FeedForward<Float>(width: 4, hiddenWidth: 6, residualDropout: 0.5)
            case .gated: _ = GatedFeedForward<Float>(expand: Linear(4, 6), contract: Linear(6, 4))
            case .pieces: _ = Maxout<Float>(linear: Linear(4, 5))
            case .groups: _ = ResNetConfiguration(blocks: [1, 1, 1], isBottleneck: false, groups: 2)
            }
        }
    }

    @Test(arguments: Mistake.allCases)
    func partsThatDoNotFitAreRefused(_ mistake: Mistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = message(result)
        #expect(text.contains(mistake.rawValue), "\(text)")
    }
}
