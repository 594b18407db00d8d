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

extension ChannelNormalization {
    /// The gradients, from the upstream one, x and what was kept besides.
    ///
    /// The first pass sums dz and dz·(x − center), in double; where dz is not the upstream gradient itself (with a mask
    /// that is found again), it is written, in its place where nobody else holds it. The second makes dx, in the place of
    /// dz where nobody else holds that.
    ///
    /// - Parameter kept: Gives the output or the residual, where backward needs one, and lets go of it.
    /// - Parameter slopeCount: How many slopes want a gradient; 0 for none.
    func gradients(
        _ upstream: consuming Tensor<Scalar>, x: Tensor<Scalar>, kept: () -> Tensor<Scalar>?,
        hasResidual: Bool, needsInput: Bool, needsResidual: Bool, slopeCount: Int
    ) -> ChannelGradients<Scalar> {
        let isDirect = isDirect(hasResidual: hasResidual)
        var dy = (consume upstream).contiguous()
        let isOwn = dy.isOverwritable()
        var dz = isDirect || isOwn ? dy : Tensor(uninitialized: dy.shape)
        let kept = kept()
        let sums = ChannelGradientSums(grid)
        let slopes = slopeCount > 0 ? Tensor<Double>.zeros([grid.pieces, slopeCount]) : nil
        let isFree = isOwn || !isDirect
        let dx = needsInput ? isFree && !needsResidual ? dz : Tensor(uninitialized: dz.shape) : nil
        let masked = isDirect && fused.isReLU
        dz.fill { dz in
            let dSlope = slopes?.storage.pointer(as: Double.self)
            let (dy, x, kept) = (dy.pointer, x.pointer, kept?.pointer)
            let place = dx?.storage.pointer(as: Scalar.self)
            grid.forEachBlock(
                first: { part in
                    sums.begin(part)
                    if isDirect {
                        add(part, dy, x, masked: masked, to: sums)
                    } else {
                        stage(part, dy, x, kept, dSlope.map { $0 + part.piece * slopeCount }, dz, sums)
                    }
                },
                between: { line($0, sums) },
                second: place.map { place in
                    { write($0, isDirect ? dy : UnsafePointer(dz), x, masked: masked, sums, to: place) }
                })
        }
        withExtendedLifetime((dy.storage, x.storage, kept?.storage, dx?.storage, self)) {}
        return ChannelGradients(
            input: dx, residual: needsResidual ? dz : nil, scale: sums.total(sums.scale),
            offset: sums.total(sums.offset), slope: slopes.map { Tensor($0.sum(axes: 0)) })
    }

    @inline(__always)
    private func add(
        _ part: ChannelGrid.Part, _ dz: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, masked: Bool,
        to sums: ChannelGradientSums
    ) {
        let total = sums.pieces.storage.pointer(as: Double.self) + part.piece * grid.width
        Scalar._kernels.channels.gradientSums(
            dy: dz + part.start, x: x + part.start, stride: part.width, coefficients(part.block),
            masked: masked, sums: total, products: total + grid.pieces * grid.width, rows: part.rows,
            columns: part.width)
    }

    /// dz = dy·act′ of some rows, and its sums while it is in cache. What the activation needs is computed again
    /// from x (and the residual), unless it is the output and that was kept.
    private func stage(
        _ part: ChannelGrid.Part, _ dy: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>,
        _ kept: UnsafePointer<Scalar>?, _ dSlope: UnsafeMutablePointer<Double>?,
        _ dz: UnsafeMutablePointer<Scalar>, _ sums: ChannelGradientSums
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
            add(part, dz, x, masked: false, to: sums)
        }
        withExtendedLifetime(scratch?.storage) {}
    }

    /// The sums of a block, and the slope and the constant of dx = factor·dz + slope·(x − center) + constant.
    private func line(_ block: Int, _ sums: ChannelGradientSums) {
        let (columns, start) = (grid.columns, block * grid.columns)
        let offset = sums.offset.storage.pointer(as: Double.self) + start
        let scale = sums.scale.storage.pointer(as: Double.self) + start
        let pieces = sums.pieces.pointer
        grid.merge(pieces, block, into: offset)
        grid.merge(pieces + grid.pieces * grid.width, block, into: scale)
        let deviations = statistics.reciprocalDeviation.pointer + start
        let rests = statistics.rest.pointer + start
        for column in 0..<columns {
            // From the center to the mean.
            scale[column] = deviations[column] * (scale[column] - rests[column] * offset[column])
        }
        guard statistics.isOwn else { return }
        // Means of g = gain·dz and of g·x̂, over the group.
        let slope = sums.slope.storage.pointer(as: Double.self) + block * grid.width
        let constant = sums.constant.storage.pointer(as: Double.self) + block * grid.width
        let (gain, rows) = (gain?.pointer, Double(Swift.max(1, grid.rows)))
        for column in 0..<columns {
            let factor = (gain?[column] ?? 1) / rows
            slope[column] = factor * scale[column]
            constant[column] = factor * offset[column]
        }
        grid.averageGroups(slope)
        grid.averageGroups(constant)
        for column in 0..<columns {
            let deviation = deviations[column]
            slope[column] *= -deviation * deviation
            constant[column] = -slope[column] * rests[column] - deviation * constant[column]
        }
        for column in columns..<Swift.max(columns, grid.width) {
            slope[column] = slope[column - columns]
            constant[column] = constant[column - columns]
        }
    }

    private func write(
        _ part: ChannelGrid.Part, _ dz: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, masked: Bool,
        _ sums: ChannelGradientSums, to dx: UnsafeMutablePointer<Scalar>
    ) {
        let (block, isOwn) = (part.block * grid.width, statistics.isOwn)
        let coefficients = coefficients(part.block)
        Scalar._kernels.channels.gradient(
            dy: dz + part.start, x: x + part.start, stride: part.width, coefficients, masked: masked,
            .init(
                factor: coefficients.factor, slope: isOwn ? sums.slope.pointer + block : nil,
                constant: isOwn ? sums.constant.pointer + block : nil),
            dx: dx + part.start, rows: part.rows, columns: part.width)
    }
}

/// The sums of a backward pass, and what follows from them.
struct ChannelGradientSums {
    private let grid: ChannelGrid
    /// Σ dz of each piece, and then Σ dz·(x − center), (2, pieces, width).
    let pieces: Tensor<Double>
    /// Σ dz and Σ dz·x̂ of each block, (blocks, channels).
    let offset: Tensor<Double>
    let scale: Tensor<Double>
    /// Of dx, (blocks, width).
    let slope: Tensor<Double>
    let constant: Tensor<Double>

    init(_ grid: ChannelGrid) {
        self.grid = grid
        pieces = Tensor(uninitialized: [2, grid.pieces, grid.width])
        offset = Tensor(uninitialized: [grid.blocks, grid.columns])
        scale = Tensor(uninitialized: [grid.blocks, grid.columns])
        slope = Tensor(uninitialized: [grid.blocks, grid.width])
        constant = Tensor(uninitialized: [grid.blocks, grid.width])
    }

    /// Zeros where the sums of a part go.
    func begin(_ part: ChannelGrid.Part) {
        if part.isRest { return }
        let total = pieces.storage.pointer(as: Double.self) + part.piece * grid.width
        total.initialize(repeating: 0, count: grid.width)
        (total + grid.pieces * grid.width).initialize(repeating: 0, count: grid.width)
    }

    /// The sum over the blocks, (channels).
    func total<Scalar: FloatingScalar>(_ sums: Tensor<Double>) -> Tensor<Scalar> {
        var total = Tensor<Double>.zeros([grid.columns])
        total.fill { total in
            sums.read { sums in
                Double._kernels.columnSums(
                    x: sums, stride: grid.columns, total: total, rows: grid.blocks, columns: grid.columns)
            }
        }
        return Tensor<Scalar>(total)
    }
}
