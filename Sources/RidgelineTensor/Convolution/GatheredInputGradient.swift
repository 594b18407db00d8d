// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The input's gradient by products with gathered rows of dz: dx[q, c] = Σ dz[p, o]·W[o, t, c] over the outputs p
/// and taps t that saw pixel q.
///
/// For stride s, pixels whose positions leave the same remainders by s are seen through the same taps: each such
/// phase is a convolution of dz of stride 1, with no product wasted.
struct GatheredInputGradient<Scalar: FloatingScalar> {
    let geometry: ConvolutionGeometry

    /// One remainder along one axis: the pixels phase, phase + stride, … and the taps through which they are
    /// seen, first those that reach furthest back in dz.
    private struct Phase {
        let line: TapLine
        let taps: [Int]
        let first: Int

        init?(_ axis: WindowAxis, phase: Int) {
            guard phase < axis.input else { return nil }
            taps = (0..<axis.kernel).reversed().filter {
                (phase + axis.before - $0 * axis.dilation) % axis.stride == 0
            }
            first = phase
            line = TapLine(
                offsets: taps.map { (phase + axis.before - $0 * axis.dilation) / axis.stride }, step: 1,
                image: axis.output, grid: (axis.input - phase + axis.stride - 1) / axis.stride)
        }
    }

    /// dx = … + β·dx, from dz (N, H′, W′, O) and the weights (O, kh, kw, C/groups).
    func callAsFunction(
        _ dz: UnsafePointer<Scalar>, _ weight: UnsafePointer<Scalar>, beta: Scalar,
        into dx: UnsafeMutablePointer<Scalar>
    ) {
        for vertical in 0..<geometry.vertical.stride {
            for horizontal in 0..<geometry.horizontal.stride {
                guard let down = Phase(geometry.vertical, phase: vertical),
                    let across = Phase(geometry.horizontal, phase: horizontal)
                else { continue }
                multiply(dz, weight, beta, dx, down, across)
            }
        }
    }

    private func multiply(
        _ dz: UnsafePointer<Scalar>, _ weight: UnsafePointer<Scalar>, _ beta: Scalar,
        _ dx: UnsafeMutablePointer<Scalar>, _ down: Phase, _ across: Phase
    ) {
        let g = geometry
        let gather = PixelGather(vertical: down.line, horizontal: across.line, channels: g.outputs)
        if gather.taps == 0 {
            if beta == 0 { clear(dx, down, across) }
            return
        }
        let packed = g.taps == 1 ? nil : turned(weight, down.taps, across.taps)
        let (inputs, outputs) = (g.inputsPerGroup, g.outputsPerGroup)
        let product = GatheredProduct(
            gather: gather, batch: g.batch, groups: g.groups, outputs: inputs,
            weight: MatrixView(
                packed?.pointer ?? weight, rows: gather.taps * outputs, columns: inputs,
                leadingDimension: inputs),
            weightStride: gather.taps * outputs * inputs)
        let isWhole = g.vertical.stride == 1 && g.horizontal.stride == 1
        product.multiply(
            dz, into: dx, beta: beta,
            place: isWhole ? nil : { tile, rows in put(tile, rows, beta, dx, down, across) })
        withExtendedLifetime(packed?.storage) {}
    }

    /// The weights of some taps as a matrix (group, tap, output) × input.
    private func turned(
        _ weight: UnsafePointer<Scalar>, _ down: [Int], _ across: [Int]
    ) -> Tensor<Scalar> {
        let g = geometry
        let (inputs, outputs) = (g.inputsPerGroup, g.outputsPerGroup)
        let count = down.count * across.count
        var packed = Tensor<Scalar>(uninitialized: [g.groups, count, outputs, inputs])
        packed.fill { to in
            Parallelism.forEach(g.groups * count) { index in
                let (group, tap) = index.quotientAndRemainder(dividingBy: count)
                let (y, x) = tap.quotientAndRemainder(dividingBy: across.count)
                let from = weight + (down[y] * g.horizontal.kernel + across[x]) * inputs
                for output in 0..<outputs {
                    copyElements(
                        from + (group * outputs + output) * g.taps * inputs,
                        to: to + (index * outputs + output) * inputs, inputs)
                }
            }
        }
        return packed
    }

    /// Where a phase's pixel lies in dx, by the number of its row.
    @inline(__always)
    private func pixel(_ row: Int, _ down: Phase, _ across: Phase) -> Int {
        let (line, x) = row.quotientAndRemainder(dividingBy: across.line.grid)
        let (picture, y) = line.quotientAndRemainder(dividingBy: down.line.grid)
        let top = picture * geometry.vertical.input + down.first + y * geometry.vertical.stride
        return top * geometry.horizontal.input + across.first + x * geometry.horizontal.stride
    }

    private func put(
        _ tile: MatrixMultiply.Tile, _ rows: UnsafePointer<Scalar>, _ beta: Scalar,
        _ dx: UnsafeMutablePointer<Scalar>, _ down: Phase, _ across: Phase
    ) {
        for row in 0..<tile.rows {
            let target = dx + pixel(tile.row + row, down, across) * geometry.inputs + tile.column
            let source = rows + row * tile.columns
            if beta == 0 {
                copyElements(source, to: target, tile.columns)
            } else {
                Scalar._kernels.scaledAdd(alpha: 1, x: source, y: target, count: tile.columns)
            }
        }
    }

    /// Zeros where no output saw the pixel.
    private func clear(_ dx: UnsafeMutablePointer<Scalar>, _ down: Phase, _ across: Phase) {
        let width = across.line.grid
        Parallelism.forEach(geometry.batch * down.line.grid) { line in
            for row in line * width..<(line + 1) * width {
                fillContiguous(dx + pixel(row, down, across) * geometry.inputs, 0, geometry.inputs)
            }
        }
    }
}
