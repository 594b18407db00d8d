// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The input's gradient of a convolution of few channels, such as an image's three: products of dz with the weights
/// give what each output sends through each tap, which is then added up at the pixels. Gathering dz instead would copy
/// many channels for each tap to make few.
///
/// Each picture is one thread's from beginning to end, so that no two add to the same pixel.
struct ScatteredInputGradient<Scalar: FloatingScalar> {
    let geometry: ConvolutionGeometry

    /// Whether it is faster than gathering: rows of taps are shorter than a gathered pixel.
    static func isBetter(for g: ConvolutionGeometry) -> Bool {
        g.groups == 1 && g.horizontal.dilation == 1 && g.taps > 1
            && g.horizontal.kernel * g.inputs <= g.outputs && g.batch >= Parallelism.gridCores
    }

    /// dx = … + β·dx, from dz (N, H′, W′, O) and the weights (O, kh, kw, C).
    func callAsFunction(
        _ dz: UnsafePointer<Scalar>, _ weight: UnsafePointer<Scalar>, beta: Scalar,
        into dx: UnsafeMutablePointer<Scalar>
    ) {
        let g = geometry
        let depth = g.taps * g.inputs
        let positions = g.vertical.output * g.horizontal.output
        let pixels = g.vertical.input * g.horizontal.input * g.inputs
        let block = Swift.max(64, (1 << 20) / (MemoryLayout<Scalar>.size * depth))
        forEachProduct(g.batch) { picture in
            let target = dx + picture * pixels
            if beta == 0 { fillContiguous(target, 0, pixels) }
            withScratch(of: Scalar.self, count: Swift.min(block, positions) * depth) { sent in
                var first = 0
                while first < positions {
                    let count = Swift.min(block, positions - first)
                    Scalar._gemm(
                        false, false, Int32(count), Int32(depth), Int32(g.outputs), 1,
                        dz + (picture * positions + first) * g.outputs, Int32(g.outputs), weight,
                        Int32(depth),
                        0, sent, Int32(depth))
                    add(sent, first..<first + count, to: target)
                    first += count
                }
            }
        }
    }

    /// Adds what some positions of a picture send, a row of taps at a time.
    private func add(
        _ sent: UnsafePointer<Scalar>, _ positions: Range<Int>, to target: UnsafeMutablePointer<Scalar>
    ) {
        let (down, across, channels) = (geometry.vertical, geometry.horizontal, geometry.inputs)
        let length = across.kernel * channels
        let kernels = Scalar._kernels
        for position in positions {
            let (row, column) = position.quotientAndRemainder(dividingBy: across.output)
            let x = column * across.stride - across.before
            let start = Swift.min(Swift.max(0, -x), across.kernel)
            let end = Swift.max(start, Swift.min(across.kernel, across.input - x))
            if start == end { continue }
            let taps = sent + (position - positions.lowerBound) * down.kernel * length
            for tap in 0..<down.kernel {
                let y = row * down.stride - down.before + tap * down.dilation
                guard y >= 0 && y < down.input else { continue }
                kernels.scaledAdd(
                    alpha: 1, x: taps + tap * length + start * channels,
                    y: target + (y * across.input + x + start) * channels, count: (end - start) * channels)
            }
        }
    }
}
