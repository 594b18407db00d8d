// Part of Ridgeline. Licensed under the Apache License 2.0.

extension ConvolutionSteps {
    /// What the convolution itself steps over: where anything but zeros stands around the images, the images with
    /// it around them, and steps without padding. As many pixels as zeros would be, also for `.same` (PyTorch:
    /// `padding_mode`).
    func edged<Scalar: FloatingScalar>(
        _ x: Tensor<Scalar>, weight: Shape, for operation: String
    ) -> (images: Tensor<Scalar>, steps: ConvolutionSteps) {
        // Wrong ranks are the geometry's to complain of.
        if paddingMode == .zero || x.rank != 4 || weight.rank != 4 { return (x, self) }
        let (vertical, horizontal) = WindowAxis.pair(
            image: Size2D(x.shape[1], x.shape[2]), kernel: Size2D(weight[2], weight[3]), stride: stride,
            dilation: dilation, padding: padding, for: operation)
        let edges = Padding2D.each(
            top: vertical.before, bottom: vertical.after, left: horizontal.before, right: horizontal.after)
        var steps = self
        steps.padding = .none
        steps.paddingMode = .zero
        return (padded(x, edges, mode: paddingMode), steps)
    }
}
