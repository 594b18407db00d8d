// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = act(scale·(x − mean)/√(variance + ε) + offset + residual) by channels and blocks of rows: what batch, group and
/// instance normalisation have in common.
///
/// Forward reads each element once and writes scale'·x + shift'; backward sums dz and dz·(x − mean) over the rows in
/// one pass and makes dx in another. A ReLU's mask is found again from x by the same operations to the bit, so that
/// neither y nor z is saved.
struct ChannelNormalization<Scalar: FloatingScalar> {
    let grid: ChannelGrid
    let statistics: ChannelStatistics
    let fused: FusedActivation<Scalar>
    /// The scale of each channel, (channels), or nil for 1.
    let gain: Tensor<Double>?
    /// The means rounded, (blocks, channels).
    let middle: Tensor<Scalar>
    /// The same, (blocks, width) as the following.
    let center: Tensor<Scalar>
    let scale: Tensor<Scalar>
    let shift: Tensor<Scalar>

    init(
        grid: ChannelGrid, statistics: ChannelStatistics, fused: FusedActivation<Scalar>,
        scale: Tensor<Scalar>?, offset: Tensor<Scalar>?
    ) {
        (self.grid, self.statistics, self.fused) = (grid, statistics, fused)
        gain = scale.map { Tensor<Double>($0.detached) }
        let r = statistics.reciprocalDeviation
        // The shift belongs to the factor as it is rounded: what that loses is then relative to x − mean.
        let factor = Tensor<Scalar>(gain.map { r * $0 } ?? r)
        let product = Tensor<Double>(factor) * statistics.mean
        let rest = offset.map { Tensor<Double>($0.detached) - product } ?? -product
        middle = Tensor<Scalar>(statistics.mean)
        center = grid.folded(middle)
        self.scale = grid.folded(factor)
        shift = grid.folded(Tensor<Scalar>(rest))
    }

    /// Whether backward finds dz from the upstream gradient and x alone, as it reads them.
    func isDirect(hasResidual: Bool) -> Bool { fused.isIdentity || (fused.isReLU && !hasResidual) }

    /// What backward needs besides x: the output or the residual.
    func kept(output: Tensor<Scalar>, residual: Tensor<Scalar>?) -> Tensor<Scalar>? {
        guard let residual, !isDirect(hasResidual: true) else { return nil }
        return fused.savesOutput ? output : residual
    }

    /// The coefficients of a block of rows.
    @inline(__always)
    func affine(_ block: Int) -> ChannelAffineCoefficients<Scalar> {
        .init(scale: scale.pointer + block * grid.width, shift: shift.pointer + block * grid.width)
    }

    /// y; in the place of x where nothing else holds it.
    ///
    /// - Parameter backwards: Whether to begin at the end, which is in cache where the statistics were just found.
    func output(
        _ x: consuming Tensor<Scalar>, residual: Tensor<Scalar>?, backwards: Bool
    ) -> Tensor<Scalar> {
        let reuses = x.isOverwritable()
        let input = x
        var out = reuses ? input : Tensor(uninitialized: input.shape)
        let isSimple = fused.isIdentity || fused.isReLU
        out.fill { y in
            let x = input.pointer
            let residual = residual?.pointer
            grid.forEachPart(backwards: backwards) { part in
                if isSimple {
                    preactivation(part, x, residual, rectifies: fused.isReLU, to: y + part.start)
                    return
                }
                part.forEachCached { part in
                    let y = y + part.start
                    preactivation(part, x, residual, to: y)
                    fused.forward(
                        part.tile(columns: grid.columns), z: y, bias: nil, y: y, stride: grid.columns)
                }
            }
        }
        withExtendedLifetime((input.storage, residual?.storage, self)) {}
        return out
    }

    /// z = scale·x + shift + residual of some rows.
    @inline(__always)
    func preactivation(
        _ part: ChannelGrid.Part, _ x: UnsafePointer<Scalar>, _ residual: UnsafePointer<Scalar>?,
        rectifies: Bool = false, to z: UnsafeMutablePointer<Scalar>
    ) {
        Scalar._kernels.channels.affine(
            z: x + part.start, zStride: part.width, affine(part.block),
            residual: residual.map { $0 + part.start }, residualStride: part.width, rectifies: rectifies,
            y: z, yStride: part.width, rows: part.rows, columns: part.width)
    }
}
