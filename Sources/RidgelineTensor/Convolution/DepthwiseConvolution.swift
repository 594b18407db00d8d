// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// A convolution of each channel by itself, line by line of what is written: no matrix product.
struct DepthwiseConvolution<Scalar: FloatingScalar> {
    let geometry: ConvolutionGeometry

    private var channels: Int { geometry.inputs }

    /// Lines of the output, each a piece for the epilogue.
    var pieces: Int { geometry.batch * geometry.vertical.output }

    /// The weights as (kh, kw, C), from (C, kh, kw, 1).
    static func byTap(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        weight.reshaped(to: [weight.shape[0], weight.shape[1] * weight.shape[2]]).transposed().contiguous()
    }

    /// The output from the image and the weights by tap; the epilogue is called for each finished line.
    func forward(
        _ image: UnsafePointer<Scalar>, _ weight: UnsafePointer<Scalar>,
        into out: UnsafeMutablePointer<Scalar>, epilogue: ((MatrixMultiply.Tile, Int) -> Void)?
    ) {
        let width = geometry.horizontal.output
        let (kernels, channels) = (Scalar._kernels.convolution, channels)
        let line = self.line
        Self.forEachLine(pieces) { index in
            withRows(of: image, line: index) { rows, down in
                withTaps(Swift.max(1, rows.count)) { (weights: UnsafeMutablePointer<UnsafePointer<Scalar>>) in
                    for (row, tap) in down.enumerated() {
                        weights[row] = weight + tap * geometry.horizontal.kernel * channels
                    }
                    withUnsafePointer(to: line) {
                        kernels.depthwise(
                            $0, rows: rows.pointer, weights: weights, count: rows.count, weightStep: channels,
                            out: out + index * width * channels, adds: false, channels: channels)
                    }
                }
            }
            epilogue?((row: index * width, column: 0, rows: width, columns: channels), index)
        }
    }

    /// Calls `body` for every line, some neighbours on one thread, which finds what their windows share in its cache.
    private static func forEachLine(_ count: Int, _ body: (Int) -> Void) {
        let together = Swift.max(1, Swift.min(8, count / (8 * Parallelism.gridCores)))
        Parallelism.forEach((count + together - 1) / together) { piece in
            for line in piece * together..<Swift.min(count, (piece + 1) * together) { body(line) }
        }
    }

    /// The input's gradient, added to dx where β is not 0, from dz and the weights (C, kh, kw, 1). Of the pixels of a line,
    /// those whose places leave the same remainder by the stride are seen through the same taps: for each remainder it
    /// is a convolution of dz of stride 1, with the taps in reverse order.
    func inputGradient(
        _ dz: UnsafePointer<Scalar>, _ weight: Tensor<Scalar>, beta: Scalar,
        into dx: UnsafeMutablePointer<Scalar>
    ) {
        let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
        let byTap = Self.byTap(weight)
        let (weights, channels) = (byTap.pointer, channels)
        let phases = (0..<Swift.min(horizontal.stride, horizontal.input)).map { Phase(horizontal, $0) }
        let kernels = Scalar._kernels.convolution
        Self.forEachLine(geometry.batch * vertical.input) { line in
            let (picture, y) = line.quotientAndRemainder(dividingBy: vertical.input)
            withTaps(2 * vertical.kernel) { (rows: UnsafeMutablePointer<UnsafePointer<Scalar>>) in
                let taps = rows + vertical.kernel
                for phase in phases {
                    var count = 0
                    for down in 0..<vertical.kernel {
                        guard let row = vertical.output(seeing: y, through: down) else { continue }
                        let start = (picture * vertical.output + row) * horizontal.output
                        rows[count] = dz + start * channels
                        taps[count] = weights + (down * horizontal.kernel + phase.lastTap) * channels
                        count += 1
                    }
                    withUnsafePointer(to: phase.line) {
                        kernels.depthwise(
                            $0, rows: rows, weights: taps, count: count,
                            weightStep: -phase.tapStep * channels,
                            out: dx + (line * horizontal.input + phase.first) * channels, adds: beta != 0,
                            channels: channels)
                    }
                }
            }
        }
        withExtendedLifetime(byTap.storage) {}
    }

    /// The pixels first, first + stride, … of a line and the taps through which outputs see them.
    private struct Phase {
        let line: ridgeline_depthwise_line
        let first: Int
        /// The tap that reaches furthest back in dz, and how many taps the next one is before it.
        let lastTap: Int
        let tapStep: Int

        init(_ axis: WindowAxis, _ phase: Int) {
            first = phase
            let taps = (0..<axis.kernel).filter {
                (phase + axis.before - $0 * axis.dilation) % axis.stride == 0
            }
            lastTap = taps.last ?? 0
            tapStep = taps.count > 1 ? taps[1] - taps[0] : 1
            line = ridgeline_depthwise_line(
                width: axis.output, first: (phase + axis.before - lastTap * axis.dilation) / axis.stride,
                stride: 1,
                dilation: taps.count > 1 ? tapStep * axis.dilation / axis.stride : 1, taps: taps.count,
                outputs: (axis.input - phase + axis.stride - 1) / axis.stride, output_step: axis.stride)
        }
    }

    /// dW as (C, kh, kw, 1): sums over pieces of lines, each line's added up in double precision, the pieces' in their
    /// order.
    func weightGradient(_ dz: UnsafePointer<Scalar>, _ image: UnsafePointer<Scalar>) -> Tensor<Scalar> {
        let shape: Shape = [channels, geometry.vertical.kernel, geometry.horizontal.kernel, 1]
        if pieces == 0 { return .zeros(shape) }
        let size = geometry.taps * channels
        let width = geometry.horizontal.output
        let cut = RowPieces(
            rows: pieces, columns: width * size, atMost: Swift.max(16, 2 * Parallelism.gridCores))
        var sums = Tensor<Double>.zeros([cut.count, size])
        let (kernels, channels) = (Scalar._kernels.convolution, channels)
        let line = self.line
        sums.fill { sums in
            Parallelism.forEach(cut.count) { piece in
                let (first, count) = cut[piece]
                for index in first..<first + count {
                    withRows(of: image, line: index) { rows, down in
                        withUnsafeTemporaryAllocation(
                            of: UnsafeMutablePointer<Double>.self, capacity: Swift.max(1, rows.count)
                        ) {
                            guard let totals = $0.baseAddress else { return }
                            for (row, tap) in down.enumerated() {
                                totals[row] =
                                    sums + piece * size + tap * geometry.horizontal.kernel * channels
                            }
                            withUnsafePointer(to: line) {
                                kernels.depthwiseWeights(
                                    $0, rows: rows.pointer, sums: totals, count: rows.count,
                                    dy: dz + index * width * channels, channels: channels)
                            }
                        }
                    }
                }
            }
        }
        return Tensor<Scalar>(sums.sum(axes: 0)).reshaped(to: [geometry.taps, channels]).transposed()
            .contiguous().reshaped(to: shape)
    }

    /// A line of outputs of the forward pass.
    private var line: ridgeline_depthwise_line {
        let axis = geometry.horizontal
        return ridgeline_depthwise_line(
            width: axis.input, first: -axis.before, stride: axis.stride, dilation: axis.dilation,
            taps: axis.kernel, outputs: axis.output, output_step: 1)
    }

    /// Calls `body` with the image's lines that the windows of an output line see, and the numbers of the taps through
    /// which they see them.
    private func withRows(
        of image: UnsafePointer<Scalar>, line: Int,
        _ body: ((pointer: UnsafePointer<UnsafePointer<Scalar>>, count: Int), _ down: Range<Int>) -> Void
    ) {
        let axis = geometry.vertical
        let (picture, row) = line.quotientAndRemainder(dividingBy: axis.output)
        let start = row * axis.stride - axis.before
        let first = start < 0 ? Swift.min(axis.kernel, (-start + axis.dilation - 1) / axis.dilation) : 0
        let end = start >= axis.input ? 0 : (axis.input - 1 - start) / axis.dilation + 1
        let down = first..<Swift.max(first, Swift.min(axis.kernel, end))
        withTaps(Swift.max(1, down.count)) { (rows: UnsafeMutablePointer<UnsafePointer<Scalar>>) in
            for tap in down {
                let y = picture * axis.input + start + tap * axis.dilation
                rows[tap - first] = image + y * geometry.horizontal.input * channels
            }
            body((UnsafePointer(rows), down.count), down)
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
