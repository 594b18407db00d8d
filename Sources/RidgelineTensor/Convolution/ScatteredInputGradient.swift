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
        let gather = PixelGather(inputsOf: g)
        let depth = g.taps * g.inputs
        let positions = gather.positionsPerImage
        let elements = g.vertical.input * g.horizontal.input * g.inputs
        let block = Swift.min(positions, Swift.max(64, (1 << 20) / (MemoryLayout<Scalar>.size * depth)))
        forEachProduct(g.batch) { picture in
            let target = dx + picture * elements
            if beta == 0 { fillContiguous(target, 0, elements) }
            withScratch(of: Scalar.self, count: block * depth) { sent in
                for first in stride(from: 0, to: positions, by: block) {
                    let count = Swift.min(block, positions - first)
                    Scalar._gemm(
                        false, false, Int32(count), Int32(depth), Int32(g.outputs), 1,
                        dz + (picture * positions + first) * g.outputs, Int32(g.outputs), weight,
                        Int32(depth),
                        0, sent, Int32(depth))
                    gather.add(first..<first + count, sent, to: target)
                }
            }
        }
    }
}
