// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A convolution of each channel by itself, pixel by pixel: no matrix product, and bound by memory.
struct DepthwiseConvolution<Scalar: FloatingScalar> {
    let geometry: ConvolutionGeometry

    private var channels: Int { geometry.inputs }

    /// Lines of the output, each a piece for the epilogue.
    var pieces: Int { geometry.batch * geometry.vertical.output }

    /// The weights as (taps, C), from (C, kh, kw, 1).
    private func byTap(_ weight: UnsafePointer<Scalar>) -> Tensor<Scalar> {
        var turned = Tensor<Scalar>(uninitialized: [geometry.taps, channels])
        turned.fill { to in
            for channel in 0..<channels {
                for tap in 0..<geometry.taps {
                    to[tap * channels + channel] = weight[channel * geometry.taps + tap]
                }
            }
        }
        return turned
    }

    /// The output from the image; the epilogue is called for each finished line.
    func forward(
        _ image: UnsafePointer<Scalar>, _ weight: UnsafePointer<Scalar>,
        into out: UnsafeMutablePointer<Scalar>, epilogue: ((MatrixMultiply.Tile, Int) -> Void)?
    ) {
        let turned = byTap(weight)
        let width = geometry.horizontal.output
        withZeros(channels) { zeros in
            Parallelism.forEach(pieces) { line in
                withWindows(of: image, zeros, line: line) { taps in
                    Scalar._kernels.convolution.depthwise(
                        taps: taps, pixels: width, weights: turned.pointer, count: geometry.taps,
                        out: out + line * width * channels, adds: false, channels: channels)
                }
                epilogue?((row: line * width, column: 0, rows: width, columns: channels), line)
            }
        }
        withExtendedLifetime(turned.storage) {}
    }

    /// The input's gradient, added to dx where β is not 0: each pixel gathers from the outputs that saw it.
    func inputGradient(
        _ dz: UnsafePointer<Scalar>, _ weight: UnsafePointer<Scalar>, beta: Scalar,
        into dx: UnsafeMutablePointer<Scalar>
    ) {
        let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
        let turned = byTap(weight)
        withZeros(channels) { zeros in
            Parallelism.forEach(geometry.batch * vertical.input) { line in
                let (picture, y) = line.quotientAndRemainder(dividingBy: vertical.input)
                withTaps(geometry.taps * horizontal.input) {
                    (taps: UnsafeMutablePointer<UnsafePointer<Scalar>>) in
                    var tap = 0
                    for x in 0..<horizontal.input {
                        for down in 0..<vertical.kernel {
                            let row = vertical.output(seeing: y, through: down)
                            for across in 0..<horizontal.kernel {
                                let column = horizontal.output(seeing: x, through: across)
                                taps[tap] = zeros
                                if let row, let column {
                                    let pixel = (picture * vertical.output + row) * horizontal.output + column
                                    taps[tap] = dz + pixel * channels
                                }
                                tap += 1
                            }
                        }
                    }
                    Scalar._kernels.convolution.depthwise(
                        taps: taps, pixels: horizontal.input, weights: turned.pointer, count: geometry.taps,
                        out: dx + line * horizontal.input * channels, adds: beta != 0, channels: channels)
                }
            }
        }
        withExtendedLifetime(turned.storage) {}
    }

    /// dW as (C, kh, kw, 1): sums over lines, added up in the lines' order in double precision.
    func weightGradient(_ dz: UnsafePointer<Scalar>, _ image: UnsafePointer<Scalar>) -> Tensor<Scalar> {
        let shape: Shape = [channels, geometry.vertical.kernel, geometry.horizontal.kernel, 1]
        if pieces == 0 { return .zeros(shape) }
        let size = geometry.taps * channels
        var sums = Tensor<Scalar>.zeros([pieces, size])
        let width = geometry.horizontal.output
        sums.fill { sums in
            withZeros(channels) { zeros in
                Parallelism.forEach(pieces) { line in
                    withWindows(of: image, zeros, line: line) { taps in
                        Scalar._kernels.convolution.depthwiseWeights(
                            taps: taps, pixels: width, dy: dz + line * width * channels, count: geometry.taps,
                            sums: sums + line * size, channels: channels)
                    }
                }
            }
        }
        return sums.sum(axes: 0).reshaped(to: [geometry.taps, channels]).transposed().contiguous()
            .reshaped(to: shape)
    }

    /// Calls `body` with the pixels that the windows of an output line see, window by window.
    private func withWindows(
        of image: UnsafePointer<Scalar>, _ zeros: UnsafePointer<Scalar>, line: Int,
        _ body: (UnsafePointer<UnsafePointer<Scalar>>) -> Void
    ) {
        let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
        let (picture, row) = line.quotientAndRemainder(dividingBy: vertical.output)
        withTaps(geometry.taps * horizontal.output) { (taps: UnsafeMutablePointer<UnsafePointer<Scalar>>) in
            var tap = 0
            for column in 0..<horizontal.output {
                for down in 0..<vertical.kernel {
                    let y = row * vertical.stride - vertical.before + down * vertical.dilation
                    for across in 0..<horizontal.kernel {
                        let x = column * horizontal.stride - horizontal.before + across * horizontal.dilation
                        let isInside = y >= 0 && y < vertical.input && x >= 0 && x < horizontal.input
                        taps[tap] =
                            isInside
                            ? image + ((picture * vertical.input + y) * horizontal.input + x) * channels
                            : zeros
                        tap += 1
                    }
                }
            }
            body(taps)
        }
    }
}

extension WindowAxis {
    /// The output whose tap sees an input, or nil where none does.
    @inline(__always)
    func output(seeing input: Int, through tap: Int) -> Int? {
        let (position, rest) = (input + before - tap * dilation).quotientAndRemainder(dividingBy: stride)
        return rest == 0 && position >= 0 && position < output ? position : nil
    }
}
