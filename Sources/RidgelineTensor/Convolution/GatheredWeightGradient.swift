// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The weights' gradient by products with gathered rows: dW[o, k] = Σ_p dz[p, o]·gathered[p, k].
///
/// The work is cut into parts: groups and ranges of input channels, each with its own columns of dW, and, where
/// channels are few, pieces of the rows whose sums are added up in their order. The cut depends on the extents
/// and the grid's cores alone.
struct GatheredWeightGradient<Scalar: FloatingScalar> {
    let geometry: ConvolutionGeometry
    let gather: PixelGather

    init(_ geometry: ConvolutionGeometry) {
        self.geometry = geometry
        gather = PixelGather(
            vertical: TapLine(inputsOf: geometry.vertical),
            horizontal: TapLine(inputsOf: geometry.horizontal),
            channels: geometry.inputs)
    }

    /// The channels that one part takes, and the pieces of rows.
    private var cut: (channels: Int, pieces: Int) {
        let cores = Parallelism.gridCores
        let wanted = Swift.max(1, (cores + geometry.groups - 1) / geometry.groups)
        let inputs = geometry.inputsPerGroup
        // Channels wide enough that the product is not all packing of dz.
        let ranges = Swift.max(1, Swift.min(wanted, inputs * geometry.taps / 512, inputs / 32))
        let channels = ((inputs + ranges - 1) / ranges + 15) / 16 * 16
        let pieces = (wanted + ranges - 1) / ranges
        return (
            Swift.min(channels, inputs), Swift.max(1, Swift.min(pieces, geometry.outputPixels / 256))
        )
    }

    /// dW as (O, kh, kw, C/groups), from dz (N, H′, W′, O) and the input.
    func callAsFunction(_ dz: UnsafePointer<Scalar>, _ image: UnsafePointer<Scalar>) -> Tensor<Scalar> {
        let g = geometry
        let (taps, inputs, outputs) = (g.taps, g.inputsPerGroup, g.outputsPerGroup)
        let shape: Shape = [g.outputs, g.vertical.kernel, g.horizontal.kernel, inputs]
        if g.outputPixels == 0 { return .zeros(shape) }
        let (width, pieces) = cut
        let ranges = (inputs + width - 1) / width
        let parts = Tensor<Scalar>(uninitialized: Shape([pieces] + shape.map { $0 }))
        let target = parts.storage.pointer(as: Scalar.self)
        let depth = taps * inputs
        let rowsPerPiece = (g.outputPixels + pieces - 1) / pieces
        forEachProduct(pieces * g.groups * ranges) { index in
            let (piece, rest) = index.quotientAndRemainder(dividingBy: g.groups * ranges)
            let (group, range) = rest.quotientAndRemainder(dividingBy: ranges)
            let first = range * width
            let channels = Swift.min(width, inputs - first)
            let rows = piece * rowsPerPiece..<Swift.min(g.outputPixels, (piece + 1) * rowsPerPiece)
            let sums = target + (piece * g.outputs + group * outputs) * depth
            if gather.isIdentity {
                multiply(
                    dz + rows.lowerBound * g.outputs + group * outputs, rows: rows.count,
                    image + rows.lowerBound * g.inputs + group * inputs + first, stride: g.inputs,
                    columns: channels, beta: 0, into: sums + first, ldc: depth)
                return
            }
            // Where a part has all channels, the gathered taps are dW's columns as they stand; else they are
            // put there tap by tap at the end.
            let whole = channels == inputs
            let block = Swift.max(
                64, Swift.min(rows.count, (2 << 20) / (MemoryLayout<Scalar>.size * taps * channels)))
            withScratch(of: Scalar.self, count: block * taps * channels) { gathered in
                func sum(into sums: UnsafeMutablePointer<Scalar>, ldc: Int) {
                    var row = rows.lowerBound
                    while row < rows.upperBound {
                        let count = Swift.min(block, rows.upperBound - row)
                        gather(
                            row..<row + count, of: image, from: group * inputs + first, count: channels,
                            to: gathered)
                        multiply(
                            dz + row * g.outputs + group * outputs, rows: count, gathered,
                            stride: taps * channels, columns: taps * channels,
                            beta: row == rows.lowerBound ? 0 : 1, into: sums, ldc: ldc)
                        row += count
                    }
                }
                if whole { return sum(into: sums, ldc: depth) }
                withScratch(of: Scalar.self, count: outputs * taps * channels) { part in
                    sum(into: part, ldc: taps * channels)
                    for output in 0..<outputs {
                        for tap in 0..<taps {
                            copyElements(
                                part + (output * taps + tap) * channels,
                                to: sums + output * depth + tap * inputs + first, channels)
                        }
                    }
                }
            }
        }
        withExtendedLifetime(parts.storage) {}
        return pieces == 1 ? parts.reshaped(to: shape) : parts.sum(axes: 0)
    }

    /// sums = dzᵀ·x + β·sums for rows of dz and of x.
    @inline(__always)
    private func multiply(
        _ dz: UnsafePointer<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>, stride: Int, columns: Int,
        beta: Scalar, into sums: UnsafeMutablePointer<Scalar>, ldc: Int
    ) {
        Scalar._gemm(
            true, false, Int32(geometry.outputsPerGroup), Int32(columns), Int32(rows), 1, dz,
            Int32(geometry.outputs), x, Int32(stride), beta, sums, Int32(ldc))
    }
}
