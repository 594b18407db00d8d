// Part of Ridgeline. Licensed under the Apache License 2.0.

extension ConvolutionGeometry {
    /// The convolution whose input's gradient is a transposed convolution of `input`: its input has the extents of
    /// the result, its output those of `input`, and where output padding reaches beyond the stride, more. Traps, with
    /// both shapes, where they do not fit.
    init(
        transposing input: Shape, weight: Shape, steps: ConvolutionSteps, outputPadding: Size2D,
        for operation: String
    ) {
        let shapes = "\(operation): input \(input), weight \(weight)"
        require(
            input.rank == 4 && weight.rank == 4 && input[3] == weight[0],
            "\(shapes); expected (N, H, W, in) and (in, out/groups, height, width)"
                + (weight.rank == 4 ? channelsFirstHint(input, channels: weight[0]) : ""))
        require(
            steps.groups > 0 && input[3] % Swift.max(steps.groups, 1) == 0 && weight[1] > 0,
            "\(shapes): \(steps.groups) groups do not divide \(input[3]) inputs and some outputs")
        let kernel = Size2D(weight[2], weight[3])
        let (stride, dilation) = (steps.stride, steps.dilation)
        require(
            [kernel, stride, dilation].allSatisfy { $0.height > 0 && $0.width > 0 } && input[1] > 0
                && input[2] > 0,
            "\(shapes), stride \(stride), dilation \(dilation); expected 1 or more pixels, taps and steps")
        require(
            (0..<Swift.max(stride.height, dilation.height)).contains(outputPadding.height)
                && (0..<Swift.max(stride.width, dilation.width)).contains(outputPadding.width)
                && (steps.padding != .same || outputPadding == 0),
            "\(operation): output padding \(outputPadding) with stride \(stride), dilation \(dilation), padding "
                + "\(steps.padding); expected less than the stride or the dilation, 0 with .same")
        WindowAxis.requireRange(
            kernel: kernel, stride: stride, dilation: dilation, padding: steps.padding, for: operation)
        func extent(_ axis: Int, _ side: KeyPath<Size2D, Int>, cut: Int) -> Int {
            let (pixels, stride) = (input[axis], stride[keyPath: side])
            if steps.padding == .same { return pixels * stride }
            return (pixels - 1) * stride + dilation[keyPath: side] * (kernel[keyPath: side] - 1) + 1 - cut
                + outputPadding[keyPath: side]
        }
        var cut = Size2D(0)
        if case .each(let top, let bottom, let left, let right) = steps.padding {
            cut = Size2D(top + bottom, left + right)
        }
        let image = Size2D(extent(1, \.height, cut: cut.height), extent(2, \.width, cut: cut.width))
        require(
            image.height > 0 && image.width > 0,
            "\(shapes), stride \(stride), padding \(steps.padding): the result would be of \(image); expected 1 "
                + "or more")
        self.init(
            input: [input[0], image.height, image.width, weight[1] * steps.groups], weight: weight,
            stride: stride, padding: steps.padding, dilation: dilation, groups: steps.groups, for: operation)
    }
}
