// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The matrix products of a pass, for the yardstick and for counting operations.
struct PassProducts {
    var forward: [GemmYardstick.Product] = []
    var backward: [GemmYardstick.Product] = []

    /// None.
    init() {}

    /// A linear layer's; those of a network's first layer lack that for the input's gradient.
    init(rows: Int, inputs: Int, outputs: Int, isFirst: Bool = false) {
        let products = GemmYardstick.products(rows: rows, inputs: inputs, outputs: outputs)
        forward = [products[0]]
        backward = isFirst ? [products[1]] : Array(products[1...])
    }

    /// Those of two layers one after the other.
    static func + (first: Self, second: Self) -> Self {
        var sum = first
        sum.forward += second.forward
        sum.backward += second.backward
        return sum
    }

    /// Of forward and backward.
    var all: [GemmYardstick.Product] { forward + backward }

    /// Floating-point operations.
    static func operations(_ products: [GemmYardstick.Product]) -> Double {
        products.reduce(0) { $0 + 2 * Double($1.m) * Double($1.n) * Double($1.k) }
    }
}

/// A convolution with a square kernel on square images.
struct ConvolutionShape: Hashable {
    var inputs: Int
    var outputs: Int
    var kernel: Int
    var stride = 1
    /// Zeros on each side.
    var padding: Int
    /// Of the input.
    var side: Int

    init(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, side: Int) {
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding ?? kernel / 2
        self.side = side
    }

    /// As `convolution/3x3/2/128-128x56x56`: kernel, stride unless it is 1, channels, input.
    var name: String {
        "convolution/\(kernel)x\(kernel)/" + (stride == 1 ? "" : "\(stride)/")
            + "\(inputs)-\(outputs)x\(side)x\(side)"
    }

    var outputSide: Int { (side + 2 * padding - kernel) / stride + 1 }

    /// As the product of all windows with the weight.
    func products(batch: Int, isFirst: Bool = false) -> PassProducts {
        PassProducts(
            rows: batch * outputSide * outputSide, inputs: kernel * kernel * inputs, outputs: outputs,
            isFirst: isFirst)
    }
}

extension ResNetBlockShape {
    /// Of images with this side.
    func convolutions(of side: Int) -> [ConvolutionShape] {
        let after = side / stride
        let within =
            isBottleneck
            ? [
                ConvolutionShape(inputs, hidden, kernel: 1, side: side),
                ConvolutionShape(hidden, hidden, kernel: 3, stride: stride, side: side),
                ConvolutionShape(hidden, outputs, kernel: 1, side: after),
            ]
            : [
                ConvolutionShape(inputs, hidden, kernel: 3, stride: stride, side: side),
                ConvolutionShape(hidden, outputs, kernel: 3, side: after),
            ]
        let projection = ConvolutionShape(inputs, outputs, kernel: 1, stride: stride, side: side)
        return changesShape ? within + [projection] : within
    }
}

extension ResNetConfiguration {
    /// The different blocks for images with this side, stage by stage, those with the identity first; with the sides of
    /// their inputs.
    func imageBlocks(of side: Int) -> [(shape: ResNetBlockShape, side: Int)] {
        var side = side / 4
        return stages.flatMap { blocks in
            let (first, last) = (blocks[0], blocks[blocks.count - 1])
            let before = side
            side /= first.stride
            return [(last, side)] + (first.changesShape ? [(first, before)] : [])
        }
    }

    /// All convolutions for images with this side, from the first to the last; the stem is the ImageNet one.
    func convolutions(of side: Int) -> [ConvolutionShape] {
        var found = [ConvolutionShape(3, width, kernel: 7, stride: 2, side: side)]
        var side = side / 4
        for block in stages.joined() {
            found += block.convolutions(of: side)
            side /= block.stride
        }
        return found
    }
}

extension ImageModel {
    /// Of all convolutions and linear layers; defined for the networks that are timed.
    func products(_ input: Shape) -> PassProducts {
        let (convolutions, linear) = layers(side: input[1])
        let first = convolutions.prefix(1).map { $0.products(batch: input[0], isFirst: true) }
        let others = convolutions.dropFirst().map { $0.products(batch: input[0]) }
        let last = linear.map { PassProducts(rows: input[0], inputs: $0.0, outputs: $0.1) }
        return (first + others + last).reduce(PassProducts(), +)
    }

    private func layers(side: Int) -> (convolutions: [ConvolutionShape], linear: [(Int, Int)]) {
        if let configuration {
            return (configuration.convolutions(of: side), [(configuration.features, 1_000)])
        }
        // AlexNet: a pooling of 3 with stride 2 after the first, the second and the last convolution.
        let first = ConvolutionShape(3, 64, kernel: 11, stride: 4, padding: 2, side: side)
        let second = ConvolutionShape(64, 192, kernel: 5, side: (first.outputSide - 1) / 2)
        let others = [(192, 384), (384, 256), (256, 256)].map {
            ConvolutionShape($0.0, $0.1, kernel: 3, side: (second.side - 1) / 2)
        }
        return ([first, second] + others, [(256 * 36, 4_096), (4_096, 4_096), (4_096, 1_000)])
    }
}
