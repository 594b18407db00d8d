// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The weights' gradient by products with gathered rows: dW[o, k] = Σ_p dz[p, o]·gathered[p, k].
///
/// The work is cut into parts: groups, ranges of outputs and of input channels, each with its own place in dW, and,
/// where these are few, pieces of the rows whose sums are added up in their order. The cut depends on the extents
/// and the grid's cores alone.
struct GatheredWeightGradient<Scalar: FloatingScalar> {
    let geometry: ConvolutionGeometry
    let gather: PixelGather

    init(_ geometry: ConvolutionGeometry) {
        self.geometry = geometry
        gather = PixelGather(inputsOf: geometry)
    }

    /// How many parts the outputs of a group, its input channels and the rows are cut into.
    private struct Cut {
        var outputs = 1
        var channels = 1
        var rows = 1
    }

    /// The cut whose slowest part is estimated to be fastest, in units of one multiply-add: a part's products; the
    /// packing of both factors, as in `TileGrid`; its gathering; and the adding up of pieces of rows.
    private var cut: Cut {
        let g = geometry
        let wanted = Swift.max(1, (Parallelism.gridCores + g.groups - 1) / g.groups)
        let (outputs, inputs, rows) = (g.outputsPerGroup, g.inputsPerGroup, g.outputPixels)
        var best = (cut: Cut(), cost: Double.infinity)
        for across in 1...Swift.max(1, Swift.min(wanted, outputs / 32)) {
            for range in 1...Swift.max(1, Swift.min(wanted, inputs / 32)) {
                let left = Swift.max(1, (wanted + across * range - 1) / (across * range))
                let pieces = Swift.max(1, Swift.min(left, rows / 128))
                let cut = Cut(outputs: across, channels: range, rows: pieces)
                let height = Double((outputs + across - 1) / across)
                let width = Double((inputs + range - 1) / range * g.taps)
                let depth = Double((rows + pieces - 1) / pieces)
                let rounds = Double((across * range * pieces + wanted - 1) / wanted)
                let gathering = gather.isIdentity ? 0 : 6 * width * depth
                let adding = pieces == 1 ? 0 : 12 * Double(outputs * inputs * g.taps)
                let cost =
                    rounds * (height * width * depth + 12 * (height + width) * depth + gathering) + adding
                if cost < best.cost { best = (cut, cost) }
            }
        }
        return best.cut
    }

    /// One part's share of dW: outputs, input channels and rows of one group.
    private struct Part {
        let group: Int
        let outputs: Range<Int>
        let channels: Range<Int>
        let rows: Range<Int>
    }

    /// dW as (O, kh, kw, C/groups), from dz (N, H′, W′, O) and the input.
    func callAsFunction(_ dz: UnsafePointer<Scalar>, _ image: UnsafePointer<Scalar>) -> Tensor<Scalar> {
        let g = geometry
        let shape: Shape = [g.outputs, g.vertical.kernel, g.horizontal.kernel, g.inputsPerGroup]
        if g.outputPixels == 0 { return .zeros(shape) }
        let cut = cut
        let parts = Tensor<Scalar>(uninitialized: Shape([cut.rows] + shape.map { $0 }))
        let target = parts.storage.pointer(as: Scalar.self)
        let perGroup = cut.outputs * cut.channels
        forEachProduct(cut.rows * g.groups * perGroup) { index in
            let (piece, rest) = index.quotientAndRemainder(dividingBy: g.groups * perGroup)
            let (group, inGroup) = rest.quotientAndRemainder(dividingBy: perGroup)
            let part = Part(
                group: group, outputs: share(inGroup / cut.channels, of: cut.outputs, g.outputsPerGroup),
                channels: share(inGroup % cut.channels, of: cut.channels, g.inputsPerGroup),
                rows: share(piece, of: cut.rows, g.outputPixels))
            sum(part, dz, image, into: target + piece * shape.elementCount)
        }
        withExtendedLifetime(parts.storage) {}
        return cut.rows == 1 ? parts.reshaped(to: shape) : parts.sum(axes: 0)
    }

    /// One of `count` shares of an extent, all but the last equally large.
    private func share(_ index: Int, of count: Int, _ extent: Int) -> Range<Int> {
        let size = (extent + count - 1) / count
        return Swift.min(index * size, extent)..<Swift.min((index + 1) * size, extent)
    }

    private func sum(
        _ part: Part, _ dz: UnsafePointer<Scalar>, _ image: UnsafePointer<Scalar>,
        into total: UnsafeMutablePointer<Scalar>
    ) {
        let g = geometry
        let (taps, inputs) = (g.taps, g.inputsPerGroup)
        let depth = taps * inputs
        let channels = part.channels.count
        if part.outputs.isEmpty || part.channels.isEmpty { return }
        let first = part.group * g.outputsPerGroup + part.outputs.lowerBound
        let from = part.group * inputs + part.channels.lowerBound
        let sums = total + first * depth + part.channels.lowerBound
        guard !gather.isIdentity else {
            multiply(
                part, dz + part.rows.lowerBound * g.outputs + first, rows: part.rows.count,
                image + part.rows.lowerBound * g.inputs + from, stride: g.inputs, columns: channels, beta: 0,
                into: sums, ldc: depth)
            return
        }
        let columns = taps * channels
        let block = Swift.max(
            64, Swift.min(part.rows.count, Self.gatheredBytes / (MemoryLayout<Scalar>.size * columns)))
        withScratch(of: Scalar.self, count: block * columns) { gathered in
            func sum(into sums: UnsafeMutablePointer<Scalar>, ldc: Int) {
                var row = part.rows.lowerBound
                while row < part.rows.upperBound {
                    let count = Swift.min(block, part.rows.upperBound - row)
                    gather(
                        row..<row + count, of: image, pictures: g.batch, from: from, count: channels,
                        to: gathered)
                    multiply(
                        part, dz + row * g.outputs + first, rows: count, gathered, stride: columns,
                        columns: columns, beta: row == part.rows.lowerBound ? 0 : 1, into: sums, ldc: ldc)
                    row += count
                }
            }
            // Where a part has all channels, the gathered taps are dW's columns as they stand; else they are put
            // there tap by tap at the end.
            if channels == inputs { return sum(into: sums, ldc: depth) }
            withScratch(of: Scalar.self, count: part.outputs.count * columns) { own in
                sum(into: own, ldc: columns)
                for output in 0..<part.outputs.count {
                    for tap in 0..<taps {
                        copyElements(
                            own + (output * taps + tap) * channels, to: sums + output * depth + tap * inputs,
                            channels)
                    }
                }
            }
        }
    }

    /// What is gathered at a time.
    private static var gatheredBytes: Int { 2 << 20 }

    /// sums = dzᵀ·x + β·sums for rows of dz and of x.
    @inline(__always)
    private func multiply(
        _ part: Part, _ dz: UnsafePointer<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>, stride: Int,
        columns: Int,
        beta: Scalar, into sums: UnsafeMutablePointer<Scalar>, ldc: Int
    ) {
        Scalar._gemm(
            true, false, Int32(part.outputs.count), Int32(columns), Int32(rows), 1, dz,
            Int32(geometry.outputs), x, Int32(stride), beta, sums, Int32(ldc))
    }
}
