// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The depths and widths of a residual network (He et al., 2015, tables 1 and 6).
public struct ResNetConfiguration: Sendable, Hashable {
    /// What comes before the first stage.
    public enum Stem: Sendable, Hashable {
        /// 7×7 with stride 2, then 3×3 maximum pooling with stride 2: for images of about 224².
        case imageNet
        /// 3×3: for images of about 32².
        case small
    }

    /// The blocks of each stage, three or four stages. Each but the first starts with stride 2 and twice the channels.
    public var blocks: [Int]
    /// Whether the blocks are 1×1, 3×3, 1×1 with four times as many channels outside.
    public var isBottleneck: Bool
    /// Channels of the stem and, inside the blocks, of the first stage.
    public var width: Int
    /// How many times wider the bottlenecks are inside; 1 for basic blocks (Zagoruyko and Komodakis, "Wide residual networks", 2016).
    public var widening: Int
    /// Of the bottlenecks' 3×3 convolutions; 1 for basic blocks (Xie et al., "Aggregated residual transformations", 2017:
    /// ResNeXt-50 32×4d has 32 groups and a widening of 2; torchvision: `groups`, `width_per_group`).
    public var groups: Int
    /// What comes before the first stage.
    public var stem: Stem
    /// What follows where a block changes the shape.
    public var shortcut: ImageShortcutKind

    /// A network of these blocks. Traps on other than three or four stages, on numbers below 1 and on basic blocks with
    /// a widening or groups.
    public init(
        blocks: [Int], isBottleneck: Bool, width: Int = 64, widening: Int = 1, groups: Int = 1,
        stem: Stem = .imageNet, shortcut: ImageShortcutKind = .projection
    ) {
        require(
            (3...4).contains(blocks.count) && blocks.allSatisfy { $0 > 0 } && width > 0
                && (isBottleneck ? widening > 0 && groups > 0 : widening == 1 && groups == 1),
            "ResNetConfiguration: blocks \(blocks), width \(width), widening \(widening), groups \(groups); expected "
                + "three or four stages, numbers of 1 or more, and 1 for widening and groups of basic blocks")
        self.blocks = blocks
        self.isBottleneck = isBottleneck
        self.width = width
        self.widening = widening
        self.groups = groups
        self.stem = stem
        self.shortcut = shortcut
    }

    /// 18 layers, basic blocks (torchvision: `resnet18`).
    public static let resNet18 = Self(blocks: [2, 2, 2, 2], isBottleneck: false)
    /// 34 layers, basic blocks (torchvision: `resnet34`).
    public static let resNet34 = Self(blocks: [3, 4, 6, 3], isBottleneck: false)
    /// 50 layers, bottlenecks (torchvision: `resnet50`).
    public static let resNet50 = Self(blocks: [3, 4, 6, 3], isBottleneck: true)
    /// 101 layers, bottlenecks (torchvision: `resnet101`).
    public static let resNet101 = Self(blocks: [3, 4, 23, 3], isBottleneck: true)
    /// 152 layers, bottlenecks (torchvision: `resnet152`).
    public static let resNet152 = Self(blocks: [3, 8, 36, 3], isBottleneck: true)
    /// 50 layers, bottlenecks twice as wide inside (torchvision: `wide_resnet50_2`).
    public static let wideResNet50 = Self(blocks: [3, 4, 6, 3], isBottleneck: true, widening: 2)
    /// 101 layers, bottlenecks twice as wide inside (torchvision: `wide_resnet101_2`).
    public static let wideResNet101 = Self(blocks: [3, 4, 23, 3], isBottleneck: true, widening: 2)

    /// The network for CIFAR of 6n + 2 layers: 3×3, then three stages of n basic blocks with 16, 32 and 64 channels (He et
    /// al., 2015, section 4.2). The paper's are of 20, 32, 44, 56 and 110 layers, with zero padding. Traps where the depth
    /// is no 6n + 2.
    public static func cifar(depth: Int, shortcut: ImageShortcutKind = .zeroPadding) -> Self {
        require(depth > 2 && depth % 6 == 2, "ResNetConfiguration.cifar: depth \(depth); expected 6n + 2")
        return Self(
            blocks: Array(repeating: (depth - 2) / 6, count: 3), isBottleneck: false, width: 16, stem: .small,
            shortcut: shortcut)
    }

    /// The same with another stem.
    public func with(stem: Stem) -> Self {
        var changed = self
        changed.stem = stem
        return changed
    }
}

/// One block of a residual network: its channels outside and inside, and its stride.
package struct ResNetBlockShape: Sendable {
    package let inputs: Int
    package let hidden: Int
    package let outputs: Int
    package let stride: Int
    package let isBottleneck: Bool
    package let groups: Int

    /// Whether the identity cannot be the shortcut.
    package var changesShape: Bool { inputs != outputs || stride != 1 }

    /// The block of this shape that activates after its convolutions.
    package func block<Scalar: FloatingScalar>(
        activation: Activation, shortcut: ImageShortcutKind = .projection
    ) -> any Layer<Scalar> {
        block(BlockSettings(activation: activation), shortcut: shortcut, zeroInitializesLastScale: false)
    }

    /// The same with all settings.
    func block<Scalar: FloatingScalar>(
        _ settings: BlockSettings, shortcut: ImageShortcutKind, zeroInitializesLastScale: Bool
    ) -> any Layer<Scalar> {
        isBottleneck
            ? BottleneckBlock(
                inputs, hidden: hidden, outputs: outputs, stride: stride, groups: groups,
                activation: settings.activation, algorithm: settings.algorithm, epsilon: settings.epsilon,
                momentum: settings.momentum, shortcut: shortcut,
                zeroInitializesLastScale: zeroInitializesLastScale)
            : ResidualBlock(
                inputs, outputs: outputs, stride: stride, groups: groups, activation: settings.activation,
                algorithm: settings.algorithm, epsilon: settings.epsilon, momentum: settings.momentum,
                shortcut: shortcut, zeroInitializesLastScale: zeroInitializesLastScale)
    }
}

extension ResNetConfiguration {
    /// The shapes of all blocks, stage by stage.
    package var stages: [[ResNetBlockShape]] {
        var inputs = width
        return blocks.enumerated().map { stage, count in
            let outputs = (width << stage) * (isBottleneck ? 4 : 1)
            return (0..<count).map { number in
                defer { inputs = outputs }
                return ResNetBlockShape(
                    inputs: inputs, hidden: (width << stage) * widening, outputs: outputs,
                    stride: stage > 0 && number == 0 ? 2 : 1, isBottleneck: isBottleneck, groups: groups)
            }
        }
    }

    /// Channels of the last stage.
    package var features: Int { (width << (blocks.count - 1)) * (isBottleneck ? 4 : 1) }

    /// The convolution of the stem, for images of so many channels.
    func stemConvolution<Scalar: FloatingScalar>(
        _ channels: Int, _ algorithm: ConvolutionAlgorithm
    ) -> Convolution2D<Scalar> {
        let (kernel, stride, padding) = stem == .imageNet ? (7, 2, 3) : (3, 1, 1)
        return Convolution2D(
            channels, width, kernel: Size2D(kernel), stride: Size2D(stride),
            padding: .symmetric(Size2D(padding)),
            bias: false, algorithm: algorithm.fitting(channels, width, kernel: kernel, stride: stride))
    }

    /// The pooling after the stem, where there is one.
    func stemPooling<Scalar: FloatingScalar>() -> MaximumPooling2D<Scalar>? {
        stem == .imageNet ? MaximumPooling2D(window: 3, stride: 2, padding: 1) : nil
    }
}
