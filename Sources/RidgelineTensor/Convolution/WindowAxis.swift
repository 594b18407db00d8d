// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A window that steps along one axis of an image: the positions that a convolution or a pooling sees.
///
/// Output o sees the inputs o·stride − before + t·dilation for the taps t below `kernel`; those outside
/// 0..<input are padding.
package struct WindowAxis: Sendable, Hashable {
    package let input: Int
    package let kernel: Int
    package let stride: Int
    package let dilation: Int
    /// Padding before the first input.
    package let before: Int
    /// Padding after the last one.
    package let after: Int
    /// ⌊(input + before + after − dilation·(kernel − 1) − 1) / stride⌋ + 1; in ceiling mode ⌈…⌉ + 1, less the
    /// windows that would start in the padding after the last input.
    package let output: Int

    /// From the first to the last input that a window sees.
    package var reach: Int { dilation * (kernel - 1) + 1 }

    package init(
        input: Int, kernel: Int, stride: Int, dilation: Int, before: Int, after: Int, ceilMode: Bool = false
    ) {
        self.input = input
        self.kernel = kernel
        self.stride = stride
        self.dilation = dilation
        self.before = before
        self.after = after
        let free = input + before + after - (dilation * (kernel - 1) + 1) + (ceilMode ? stride - 1 : 0)
        let steps = free < 0 ? 0 : free / stride + 1
        output = ceilMode && (steps - 1) * stride >= input + before ? steps - 1 : steps
    }

    /// Traps on kernels, strides, dilations and padding of 2³¹ or more, whose products would overflow.
    static func requireRange(
        kernel: Size2D, stride: Size2D, dilation: Size2D, padding: Padding2D, for operation: String
    ) {
        var numbers = [kernel, stride, dilation].flatMap { [$0.height, $0.width] }
        var sides = ""
        if case .each(let top, let bottom, let left, let right) = padding {
            numbers += [top, bottom, left, right]
            sides = ", padding \(top), \(bottom), \(left), \(right)"
        }
        require(
            numbers.allSatisfy { $0 <= Int32.max },
            "\(operation): kernel \(kernel), stride \(stride), dilation \(dilation)\(sides); expected less than 2³¹"
        )
    }

    /// The windows along both axes of an image. Traps on extents, strides and dilations below 1, on negative
    /// padding, on numbers of 2³¹ or more and on a window larger than the padded image, which it calls by
    /// `operation`'s name.
    ///
    /// - Parameter shape: The images', for a hint where they look like channels first; or nil.
    package static func pair(
        image: Size2D, kernel: Size2D, stride: Size2D, dilation: Size2D, padding: Padding2D,
        ceilMode: Bool = false, of shape: Shape? = nil, for operation: String
    ) -> (vertical: WindowAxis, horizontal: WindowAxis) {
        require(
            kernel.height > 0 && kernel.width > 0 && stride.height > 0 && stride.width > 0
                && dilation.height > 0 && dilation.width > 0,
            "\(operation): kernel \(kernel), stride \(stride), dilation \(dilation); expected 1 or more")
        requireRange(kernel: kernel, stride: stride, dilation: dilation, padding: padding, for: operation)
        func axis(_ side: KeyPath<Size2D, Int>, _ before: Int, _ after: Int) -> WindowAxis {
            let (input, kernel, stride) = (image[keyPath: side], kernel[keyPath: side], stride[keyPath: side])
            let dilation = dilation[keyPath: side]
            guard case .same = padding else {
                return WindowAxis(
                    input: input, kernel: kernel, stride: stride, dilation: dilation, before: before,
                    after: after, ceilMode: ceilMode)
            }
            let outputs = (input + stride - 1) / stride
            let total = Swift.max(0, (outputs - 1) * stride + dilation * (kernel - 1) + 1 - input)
            return WindowAxis(
                input: input, kernel: kernel, stride: stride, dilation: dilation, before: total / 2,
                after: total - total / 2)
        }
        var sides = (top: 0, bottom: 0, left: 0, right: 0)
        if case .each(let top, let bottom, let left, let right) = padding {
            sides = (top, bottom, left, right)
            require(
                top >= 0 && bottom >= 0 && left >= 0 && right >= 0,
                "\(operation): padding \(top), \(bottom), \(left), \(right); expected 0 or more")
        }
        let vertical = axis(\.height, sides.top, sides.bottom)
        let horizontal = axis(\.width, sides.left, sides.right)
        require(
            vertical.output > 0 && horizontal.output > 0,
            "\(operation): the kernel \(kernel) with dilation \(dilation) spans "
                + "\(Size2D(vertical.reach, horizontal.reach)), more than the padded input "
                + "\(Size2D(vertical.paddedInput, horizontal.paddedInput)) (\(image) with padding)"
                + (shape.map { channelsFirstHint($0) } ?? ""))
        return (vertical, horizontal)
    }

    package var paddedInput: Int { input + before + after }
}
