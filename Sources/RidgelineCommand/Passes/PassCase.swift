// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// One row of `ridgeline passes`: a model and the input with which it is timed.
struct PassCase {
    let model: PassModel
    /// Of the input: rows and width, or images.
    let input: Shape
    /// Whether it is measured unless others are asked for.
    let isDefault: Bool

    /// As `feed-forward/gelu/512x768x3072` or `resnet-50/8x224x224`.
    var name: String { model.name(input) }

    /// Every case, in the table's order.
    static let all: [PassCase] = dense + blocks + networks + convolutions

    private static let dense: [PassCase] = {
        let sizes = [(512, 768, 3_072), (2_048, 768, 3_072), (512, 1_024, 4_096)]
        let feedForward = sizes.flatMap { rows, width, hidden in
            [Activation.relu, .gelu, .geluTanh].map { activation in
                PassCase(
                    model: .feedForward(hidden: hidden, activation), input: [rows, width], isDefault: true)
            }
        }
        let residual = [Activation.relu, .gelu].map {
            PassCase(model: .residual($0), input: [512, 2_048], isDefault: true)
        }
        return feedForward + residual
    }()

    /// The blocks of ResNet-18 and ResNet-50, batch 8: of each stage one with the identity as its shortcut and, where
    /// the stage begins with one, that with the projection.
    private static let blocks: [PassCase] =
        [ResNetConfiguration.resNet18, .resNet50].flatMap { configuration in
            [Activation.relu, .gelu].flatMap { activation in
                configuration.imageBlocks(of: 224).map { block in
                    PassCase(
                        model: .imageBlock(block.shape, activation),
                        input: [8, block.side, block.side, block.shape.inputs],
                        isDefault: activation == .relu && !block.shape.changesShape)
                }
            }
        }

    private static let networks: [PassCase] =
        [ImageModel.resNet18, .resNet50, .alexNet].flatMap { network in
            [1, 8, 32].map {
                PassCase(
                    model: .network(network), input: [$0, 224, 224, 3],
                    isDefault: $0 == 8 && network != .alexNet)
            }
        }

    /// Those of ResNet-50, batch 8.
    private static let convolutions: [PassCase] = {
        var seen: Set<ConvolutionShape> = []
        return ResNetConfiguration.resNet50.convolutions(of: 224).filter { seen.insert($0).inserted }.map {
            PassCase(model: .convolution($0), input: [8, $0.side, $0.side, $0.inputs], isDefault: false)
        }
    }()
}
