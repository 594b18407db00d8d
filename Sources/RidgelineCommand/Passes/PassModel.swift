// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// What is timed in a pass.
enum PassModel {
    /// A transformer feed-forward block, width → hidden → width.
    case feedForward(hidden: Int, Activation)
    /// A fully connected residual block.
    case residual(Activation)
    /// A residual block of images.
    case imageBlock(ResNetBlockShape, Activation)
    /// A convolution without bias and activation.
    case convolution(ConvolutionShape)
    /// A classifier of images.
    case network(ImageModel)

    /// The row's name; blocks and convolutions of images are all of batch 8.
    func name(_ input: Shape) -> String {
        switch self {
        case .feedForward(let hidden, let activation):
            "feed-forward/\(activation)/\(input[0])x\(input[1])x\(hidden)"
        case .residual(let activation): "residual/\(activation)/\(input[0])x\(input[1])"
        case .imageBlock(let shape, let activation):
            "residual-\(shape.isBottleneck ? "bottleneck" : "basic")/\(activation)/\(shape.outputs)"
                + "x\(input[1] / shape.stride)x\(input[2] / shape.stride)"
                + (shape.changesShape ? "/projection" : "")
        case .convolution(let shape): shape.name
        case .network(let network): "\(network.rawValue)/\(input[0])x\(input[1])x\(input[2])"
        }
    }

    /// The model in one precision.
    func model<Scalar: FloatingScalar>(_ type: Scalar.Type, _ input: Shape) -> any Layer<Scalar> {
        switch self {
        case .feedForward(let hidden, let activation):
            FeedForward<Scalar>(width: input[1], hiddenWidth: hidden, activation: activation)
        case .residual(let activation): DenseResidualBlock<Scalar>(input[1], activation: activation)
        case .imageBlock(let shape, let activation): shape.block(activation: activation) as any Layer<Scalar>
        case .convolution(let shape):
            Convolution2D<Scalar>(
                shape.inputs, shape.outputs, kernel: Size2D(shape.kernel), stride: Size2D(shape.stride),
                padding: .symmetric(Size2D(shape.padding)), bias: false)
        case .network(let network): network.model()
        }
    }

    /// The matrix products that the model amounts to, each convolution as that of its windows.
    func products(_ input: Shape) -> PassProducts {
        switch self {
        case .feedForward(let hidden, _):
            PassProducts(rows: input[0], inputs: input[1], outputs: hidden)
                + PassProducts(rows: input[0], inputs: hidden, outputs: input[1])
        case .residual:
            PassProducts(rows: input[0], inputs: input[1], outputs: input[1])
                + PassProducts(rows: input[0], inputs: input[1], outputs: input[1])
        case .imageBlock(let shape, _):
            shape.convolutions(of: input[1]).reduce(PassProducts()) { $0 + $1.products(batch: input[0]) }
        case .convolution(let shape): shape.products(batch: input[0])
        case .network(let network): network.products(input)
        }
    }

    /// Whether a training step ends in a cross-entropy and does without the input's gradient.
    var classifies: Bool { if case .network = self { true } else { false } }

    /// The input with which gradients are compared with Double's: a network's is small, to save time.
    func checkedInput(_ input: Shape) -> Shape { classifies ? [4, 64, 64, 3] : input }

    /// The largest gradient error that still counts as right. A pre-activation near zero may flip its ReLU
    /// between precisions, which changes a whole row of products, and in a network all that follows.
    var gradientErrorLimit: Double {
        switch self {
        case .network: 0.2
        case .feedForward(_, .relu), .residual(.relu), .imageBlock(_, .relu): 1e-2
        default: 1e-4
        }
    }
}
