// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The gradients that backward through a normalisation gives.
struct ChannelGradients<Scalar: FloatingScalar> {
    /// Of the input, where it was asked for.
    var input: Tensor<Scalar>?
    /// Of the residual, where it was asked for: that of the value before the activation.
    var residual: Tensor<Scalar>?
    /// Of scale and offset, (channels).
    var scale: Tensor<Scalar>
    var offset: Tensor<Scalar>
    /// Of the activation's slopes, where they were asked for.
    var slope: Tensor<Scalar>?
}

/// Σ dz and Σ dz·(x − mean) of each block and channel, with dz and the slopes' gradient.
private struct ChannelSums<Scalar: FloatingScalar> {
    var dz: Tensor<Scalar>
    let sums: Tensor<Double>
    let products: Tensor<Double>
    let slope: Tensor<Scalar>?
}

extension ChannelNormalization {
    /// The gradients, from the upstream one, x and what was kept besides.
    ///
    /// - Parameter kept: Gives the output or the residual, where backward needs one, and lets go of it.
    /// - Parameter slopeCount: How many slopes want a gradient; 0 for none.
    func gradients(
        _ upstream: consuming Tensor<Scalar>, x: Tensor<Scalar>, kept: () -> Tensor<Scalar>?,
        hasResidual: Bool, needsInput: Bool, needsResidual: Bool, slopeCount: Int
    ) -> ChannelGradients<Scalar> {
        let isDirect = isDirect(hasResidual: hasResidual)
        var found = summed(consume upstream, x, kept(), isDirect: isDirect, slopeCount: slopeCount)
        let products = found.products * statistics.reciprocalDeviation
        var result = ChannelGradients<Scalar>(
            residual: needsResidual ? found.dz : nil, scale: Tensor(products.sum(axes: 0)),
            offset: Tensor(found.sums.sum(axes: 0)), slope: found.slope)
        if needsInput {
            let lines = lines(found.sums, found.products)
            let masked = isDirect && fused.isReLU
            result.input = propagated(&found.dz, x, lines, masked: masked)
        }
        return result
    }

    /// The first pass: where it is not the upstream gradient itself (with a mask that is found again), dz is
    /// written, in its place where nobody else holds it.
    private func summed(
        _ upstream: consuming Tensor<Scalar>, _ x: Tensor<Scalar>, _ kept: Tensor<Scalar>?, isDirect: Bool,
        slopeCount: Int
    ) -> ChannelSums<Scalar> {
        var dy = upstream.contiguous()
        let totals = Tensor<Double>(uninitialized: [2, grid.pieces, grid.width])
        let slopes = slopeCount > 0 ? Tensor<Scalar>.zeros([grid.pieces, slopeCount]) : nil
        var dz = isDirect || dy.isOverwritable() ? dy : Tensor(uninitialized: dy.shape)
        dz.fill { dz in
            let sums = totals.storage.pointer(as: Double.self)
            let dSlope = slopes?.storage.pointer(as: Scalar.self)
            let (dy, x, kept) = (dy.pointer, x.pointer, kept?.pointer)
            grid.forEachPart { part in
                let total = sums + part.piece * grid.width
                if !part.isRest {
                    total.initialize(repeating: 0, count: grid.width)
                    (total + grid.pieces * grid.width).initialize(repeating: 0, count: grid.width)
                }
                if isDirect {
                    add(part, dy, x, mask: fused.isReLU ? affine(part.block) : .none, to: total)
                } else {
                    stage(part, dy, x, kept, dSlope.map { $0 + part.piece * slopeCount }, dz, total)
                }
            }
        }
        withExtendedLifetime((dy.storage, x.storage, kept?.storage, self)) {}
        let sums = grid.merged(totals, 0)
        let products = grid.merged(totals, 1)
        // The products are with x less the mean as it is rounded.
        let lost = statistics.mean - Tensor<Double>(middle)
        return ChannelSums(
            dz: dz, sums: sums, products: products - lost * sums,
            slope: slopes?.sum(axes: 0))
    }

    @inline(__always)
    private func add(
        _ part: ChannelGrid.Part, _ dz: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>,
        mask: ChannelAffineCoefficients<Scalar>, to total: UnsafeMutablePointer<Double>
    ) {
        Scalar._kernels.channels.gradientSums(
            dy: dz + part.start, x: x + part.start, stride: part.width,
            center: center.pointer + part.block * grid.width, mask: mask, sums: total,
            products: total + grid.pieces * grid.width, rows: part.rows, columns: part.width)
    }

    /// dz = dy·act′ of some rows, and its sums while it is in cache. What the activation needs is computed again
    /// from x (and the residual), unless it is the output and that was kept.
    private func stage(
        _ part: ChannelGrid.Part, _ dy: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>,
        _ kept: UnsafePointer<Scalar>?, _ dSlope: UnsafeMutablePointer<Scalar>?,
        _ dz: UnsafeMutablePointer<Scalar>, _ total: UnsafeMutablePointer<Double>
    ) {
        let hasOutput = kept != nil && fused.savesOutput
        var scratch: Tensor<Scalar>?
        part.forEachCached { part in
            let tile = part.tile(columns: grid.columns)
            var saved = kept.map { $0 + part.start }
            if !hasOutput {
                let buffer = scratch ?? Tensor(uninitialized: [part.rows * part.width])
                scratch = buffer
                let z = buffer.storage.pointer(as: Scalar.self)
                preactivation(part, x, kept, to: z)
                if fused.savesOutput { fused.forward(tile, z: z, bias: nil, y: z, stride: grid.columns) }
                saved = UnsafePointer(z)
            }
            guard let saved else { return }
            fused.backward(
                tile, saved: saved, bias: nil, dy: dy + part.start, dz: dz + part.start,
                stride: grid.columns, dSlope: dSlope)
            add(part, dz, x, mask: .none, to: total)
        }
        withExtendedLifetime(scratch?.storage) {}
    }

    /// The slope and the constant of dx = scale·dz + slope·(x − center) + constant, (blocks, width).
    private func lines(
        _ sums: Tensor<Double>, _ products: Tensor<Double>
    ) -> (slope: Tensor<Scalar>, constant: Tensor<Scalar>) {
        guard statistics.isOwn else {
            let zeros = Tensor<Scalar>.zeros([grid.blocks, grid.width])
            return (zeros, zeros)
        }
        let r = statistics.reciprocalDeviation
        let rows = Double(Swift.max(1, grid.rows))
        let mean = grid.groupMeans(of: gain.map { $0 * sums } ?? sums) / rows
        let dot = grid.groupMeans(of: gain.map { $0 * products } ?? products) / rows
        let slope = -(r * r * r * dot)
        let constant = slope * (Tensor<Double>(middle) - statistics.mean) - r * mean
        return (grid.folded(Tensor<Scalar>(slope)), grid.folded(Tensor<Scalar>(constant)))
    }

    /// The second pass: dx, in the place of dz where nobody else holds it.
    private func propagated(
        _ dz: inout Tensor<Scalar>, _ x: Tensor<Scalar>,
        _ lines: (slope: Tensor<Scalar>, constant: Tensor<Scalar>), masked: Bool
    ) -> Tensor<Scalar> {
        var dx = dz.isOverwritable() ? dz : Tensor(uninitialized: dz.shape)
        dx.fill { dx in
            let (dz, x) = (dz.pointer, x.pointer)
            grid.forEachPart(backwards: true) { part in
                let block = part.block * grid.width
                Scalar._kernels.channels.gradient(
                    dy: dz + part.start, x: x + part.start, stride: part.width,
                    center: center.pointer + block, mask: masked ? affine(part.block) : .none,
                    .init(
                        factor: scale.pointer + block, slope: lines.slope.pointer + block,
                        constant: lines.constant.pointer + block),
                    dx: dx + part.start, rows: part.rows, columns: part.width)
            }
        }
        withExtendedLifetime((dz.storage, x.storage, lines.slope.storage, lines.constant.storage, self)) {}
        return dx
    }
}
