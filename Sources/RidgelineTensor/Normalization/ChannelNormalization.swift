// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = act(scale·(x − mean)/√(variance + ε) + offset + residual) by channels and blocks of rows: what batch, group and
/// instance normalisation have in common.
///
/// Forward reads each element twice, for the statistics and for factor·(x − center) + constant, in double and rounded
/// once: the center is the mean as Double has it, what the mean has besides is in the constant. Backward sums
/// dz and dz·(x − center) over the rows in one pass and makes dx in another. A ReLU's mask is found again from x by
/// the same operations to the bit, so that neither y nor z is saved.
struct ChannelNormalization<Scalar: FloatingScalar> {
    let grid: ChannelGrid
    let statistics: ChannelStatistics
    let fused: FusedActivation<Scalar>
    /// The scale of each channel, (channels), or nil for 1.
    let gain: Tensor<Double>?
    private let offset: Tensor<Double>?
    private let epsilon: Double
    /// By which power of two each channel of each block has been multiplied beforehand, (blocks, channels).
    private let powers: Tensor<Double>?
    /// The coefficients, (blocks, width).
    private let center: Tensor<Double>
    private let factor: Tensor<Double>
    private let constant: Tensor<Double>

    init(
        grid: ChannelGrid, statistics: ChannelStatistics, epsilon: Double, powers: Tensor<Double>?,
        fused: FusedActivation<Scalar>, scale: Tensor<Scalar>?, offset: Tensor<Scalar>?
    ) {
        (self.grid, self.statistics, self.fused) = (grid, statistics, fused)
        (self.epsilon, self.powers) = (epsilon, powers)
        gain = scale.map { Tensor<Double>($0.detached).contiguous() }
        self.offset = offset.map { Tensor<Double>($0.detached).contiguous() }
        center = Tensor(uninitialized: [grid.blocks, grid.width])
        factor = Tensor(uninitialized: [grid.blocks, grid.width])
        constant = Tensor(uninitialized: [grid.blocks, grid.width])
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
    func coefficients(_ block: Int) -> ChannelNormalizationCoefficients {
        let start = block * grid.width
        return .init(
            center: center.pointer + start, factor: factor.pointer + start, constant: constant.pointer + start
        )
    }

    /// Finds the statistics of all blocks.
    func findStatistics(_ x: Tensor<Scalar>) {
        let moments = ChannelMoments<Scalar>(pieces: grid.blocks * grid.momentPieces, columns: grid.columns)
        x.read { x in
            grid.forEachBlock(first: { observe($0, x, moments) }, between: { find($0, moments) }, second: nil)
        }
    }

    private func observe(
        _ part: ChannelGrid.Part, _ x: UnsafePointer<Scalar>, _ moments: ChannelMoments<Scalar>
    ) {
        moments.observe(
            x + part.start, stride: part.width, rows: part.rows, column: 0, columns: part.width,
            piece: grid.momentPiece(part))
    }

    private func find(_ block: Int, _ moments: ChannelMoments<Scalar>) {
        statistics.find(block, grid, moments) { index in
            guard let power = powers?.pointer[index] else { return epsilon }
            return epsilon * power * power
        }
    }

    /// The coefficients of a block, from its statistics.
    private func prepare(_ block: Int) {
        let (start, width, columns) = (block * grid.width, grid.width, grid.columns)
        let center = center.storage.pointer(as: Double.self) + start
        let factor = factor.storage.pointer(as: Double.self) + start
        let constant = constant.storage.pointer(as: Double.self) + start
        let deviations = statistics.reciprocalDeviation.pointer + block * columns
        let means = statistics.mean.pointer + block * columns
        let rests = statistics.rest.pointer + block * columns
        let (gain, offset) = (gain?.pointer, offset?.pointer)
        for column in 0..<columns {
            center[column] = means[column]
            factor[column] = deviations[column] * (gain?[column] ?? 1)
            constant[column] = (offset?[column] ?? 0) - factor[column] * rests[column]
        }
        for column in columns..<Swift.max(columns, width) {
            center[column] = center[column - columns]
            factor[column] = factor[column - columns]
            constant[column] = constant[column - columns]
        }
    }

    /// y; in the place of x where nothing else holds it.
    ///
    /// - Parameter finds: Whether the statistics are found on the way.
    func output(_ x: consuming Tensor<Scalar>, residual: Tensor<Scalar>?, finds: Bool) -> Tensor<Scalar> {
        let reuses = x.isOverwritable()
        let input = x
        var out = reuses ? input : Tensor(uninitialized: input.shape)
        let moments =
            finds
            ? ChannelMoments<Scalar>(pieces: grid.blocks * grid.momentPieces, columns: grid.columns) : nil
        out.fill { y in
            let x = input.pointer
            let residual = residual?.pointer
            grid.forEachBlock(
                first: moments.map { moments in { observe($0, x, moments) } },
                between: { block in
                    if let moments { find(block, moments) }
                    prepare(block)
                },
                second: { write($0, x, residual, to: y) })
        }
        withExtendedLifetime((input.storage, residual?.storage, self)) {}
        return out
    }

    private func write(
        _ part: ChannelGrid.Part, _ x: UnsafePointer<Scalar>, _ residual: UnsafePointer<Scalar>?,
        to y: UnsafeMutablePointer<Scalar>
    ) {
        if fused.isIdentity || fused.isReLU {
            preactivation(part, x, residual, rectifies: fused.isReLU, to: y + part.start)
            return
        }
        part.forEachCached { part in
            let y = y + part.start
            preactivation(part, x, residual, to: y)
            fused.forward(part.tile(columns: grid.columns), z: y, bias: nil, y: y, stride: grid.columns)
        }
    }

    /// z = factor·(x − center) + constant + residual of some rows.
    @inline(__always)
    func preactivation(
        _ part: ChannelGrid.Part, _ x: UnsafePointer<Scalar>, _ residual: UnsafePointer<Scalar>?,
        rectifies: Bool = false, to z: UnsafeMutablePointer<Scalar>
    ) {
        Scalar._kernels.channels.normalization(
            x: x + part.start, residual: residual.map { $0 + part.start }, y: z, stride: part.width,
            coefficients(part.block), rectifies: rectifies, rows: part.rows, columns: part.width)
    }
}
