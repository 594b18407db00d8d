// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// A convolution's extents, and its direct formula and gradients in plain loops over row-major elements.
struct DirectConvolution: Sendable, CustomStringConvertible {
    /// N, H, W, C.
    var image: [Int]
    var outputs: Int
    var kernel = Size2D(3)
    var stride = Size2D(1)
    var padding = Padding2D.none
    var dilation = Size2D(1)
    var groups = 1

    var description: String {
        "\(image) → \(outputs) by \(kernel) / \(stride), padding \(padding), dilation \(dilation), groups \(groups)"
    }

    var inputShape: Shape { Shape(image) }
    var weightShape: Shape { [outputs, image[3] / groups, kernel.height, kernel.width] }
    var outputShape: Shape { [image[0], extent.height, extent.width, outputs] }

    /// Zeros above, below, left and right; those of `.same` by TensorFlow's documentation.
    private var sides: [Int] {
        switch padding {
        case .none: [0, 0, 0, 0]
        case .each(let top, let bottom, let left, let right): [top, bottom, left, right]
        case .same:
            [
                (image[1], kernel.height, stride.height, dilation.height),
                (image[2], kernel.width, stride.width, dilation.width),
            ].flatMap { (input, kernel, stride, dilation) in
                let rest = input % stride == 0 ? stride : input % stride
                let total = max(0, dilation * (kernel - 1) + 1 - rest)
                return [total / 2, total - total / 2]
            }
        }
    }

    private var extent: Size2D {
        let height = image[1] + sides[0] + sides[1] - dilation.height * (kernel.height - 1) - 1
        let width = image[2] + sides[2] + sides[3] - dilation.width * (kernel.width - 1) - 1
        return Size2D(height / stride.height + 1, width / stride.width + 1)
    }

    var geometry: ConvolutionGeometry {
        ConvolutionGeometry(
            input: inputShape, weight: weightShape, stride: stride, padding: padding, dilation: dilation,
            groups: groups, for: "test")
    }

    /// Those that can compute it.
    var algorithms: [ConvolutionAlgorithm] {
        ConvolutionAlgorithm.allCases.filter { $0.isAvailable(for: geometry) }
    }

    func callAsFunction<Scalar: FloatingScalar>(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ algorithm: ConvolutionAlgorithm
    ) -> Tensor<Scalar> {
        convolution2D(
            x, weight: weight, stride: stride, padding: padding, dilation: dilation, groups: groups,
            algorithm: algorithm)
    }

    /// Calls `body` with the places in y, x and W of each product of the formula.
    private func forEachProduct(_ body: (_ y: Int, _ x: Int, _ w: Int) -> Void) {
        let (inputs, extent, sides) = (image[3] / groups, extent, sides)
        for n in 0..<image[0] {
            for i in 0..<extent.height {
                for j in 0..<extent.width {
                    for u in 0..<kernel.height {
                        let row = i * stride.height + u * dilation.height - sides[0]
                        guard (0..<image[1]).contains(row) else { continue }
                        for v in 0..<kernel.width {
                            let column = j * stride.width + v * dilation.width - sides[2]
                            guard (0..<image[2]).contains(column) else { continue }
                            let y = ((n * extent.height + i) * extent.width + j) * outputs
                            let x = ((n * image[1] + row) * image[2] + column) * image[3]
                            for o in 0..<outputs {
                                let first = o / (outputs / groups) * inputs
                                for c in 0..<inputs {
                                    let w = ((o * inputs + c) * kernel.height + u) * kernel.width + v
                                    body(y + o, x + first + c, w)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// y = x ∗ W.
    func output(_ x: [Double], _ weight: [Double]) -> [Double] {
        var y = [Double](repeating: 0, count: outputShape.elementCount)
        forEachProduct { y[$0] += x[$1] * weight[$2] }
        return y
    }

    /// Both gradients of Σ y·dy.
    func gradients(_ x: [Double], _ weight: [Double], _ dy: [Double]) -> (x: [Double], weight: [Double]) {
        var dx = [Double](repeating: 0, count: x.count)
        var dW = [Double](repeating: 0, count: weight.count)
        forEachProduct { y, at, w in
            dx[at] += dy[y] * weight[w]
            dW[w] += dy[y] * x[at]
        }
        return (dx, dW)
    }
}

extension ConvolutionAlgorithm {
    /// How close to the direct formula it is in Double.
    var tolerance: Double {
        switch self {
        case .gathered, .depthwise: 1e-12
        case .automatic, .winograd2, .winograd4: 1e-10
        }
    }
}

/// The same (out, in, height, width), its elements lying channels last.
func channelsLast<Scalar>(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
    weight.permuted([0, 2, 3, 1]).copied().permuted([0, 3, 1, 2])
}
