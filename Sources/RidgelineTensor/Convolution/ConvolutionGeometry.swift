// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The extents of a two-dimensional convolution, channels last: input (N, H, W, C), weight (O, C/groups, kh, kw),
/// output (N, H′, W′, O).
package struct ConvolutionGeometry: Sendable, Hashable {
    package let batch: Int
    package let inputs: Int
    package let outputs: Int
    package let groups: Int
    package let vertical: WindowAxis
    package let horizontal: WindowAxis

    /// The geometry of a convolution of these tensors. Traps, with both shapes, where they do not fit.
    package init(
        input: Shape, weight: Shape, stride: Size2D, padding: Padding2D, dilation: Size2D, groups: Int,
        for operation: String
    ) {
        require(
            input.rank == 4 && weight.rank == 4,
            "\(operation): input \(input), weight \(weight); expected (N, H, W, C) and (out, in, height, width)"
        )
        batch = input[0]
        inputs = input[3]
        outputs = weight[0]
        self.groups = groups
        let hint = groups > 0 ? channelsFirstHint(input, channels: weight[1] &* groups) : ""
        require(
            inputs > 0 && outputs > 0,
            "\(operation): input \(input), weight \(weight); expected 1 or more channels and outputs")
        require(
            groups > 0 && inputs % Swift.max(groups, 1) == 0 && outputs % Swift.max(groups, 1) == 0,
            "\(operation): \(groups) groups do not divide \(inputs) inputs and \(outputs) outputs (input "
                + "\(input), weight \(weight))\(hint)")
        require(
            weight[1] * groups == inputs,
            "\(operation): input \(input), weight \(weight), groups \(groups); expected a weight of shape "
                + "(out, \(inputs / groups), height, width)\(hint)")
        (vertical, horizontal) = WindowAxis.pair(
            image: Size2D(input[1], input[2]), kernel: Size2D(weight[2], weight[3]), stride: stride,
            dilation: dilation, padding: padding, for: operation)
    }

    /// The extents of the output.
    package var outputShape: Shape { [batch, vertical.output, horizontal.output, outputs] }
    package var inputShape: Shape { [batch, vertical.input, horizontal.input, inputs] }

    /// Positions of the output in the whole batch: the rows of its matrix.
    package var outputPixels: Int { batch * vertical.output * horizontal.output }
    package var inputPixels: Int { batch * vertical.input * horizontal.input }

    package var inputImage: Size2D { Size2D(vertical.input, horizontal.input) }
    package var outputImage: Size2D { Size2D(vertical.output, horizontal.output) }

    package var taps: Int { vertical.kernel * horizontal.kernel }
    package var inputsPerGroup: Int { inputs / groups }
    package var outputsPerGroup: Int { outputs / groups }

    /// Each channel is convolved by itself, once.
    package var isDepthwise: Bool { groups == inputs && groups == outputs && groups > 1 }

    /// A matrix product as it stands: one tap that steps over every pixel.
    package var isPointwise: Bool {
        taps == 1 && vertical.stride == 1 && horizontal.stride == 1 && vertical.paddedInput == vertical.input
            && horizontal.paddedInput == horizontal.input
    }

    /// Multiply-adds of the direct formula.
    package var multiplyAdds: Double {
        Double(outputPixels) * Double(outputs) * Double(taps * inputsPerGroup)
    }
}
