// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An activation as the kernels apply it to a matrix of one scalar: parameters rounded, slopes at hand.
struct FusedActivation<Scalar: FloatingScalar> {
    private enum Form {
        case ridge(ActivationKind, ActivationParameters<Scalar>)
        /// One learnt slope, or one for each column.
        case learnt(Tensor<Scalar>)
        /// A slope for each element (rows × columns).
        case drawn(Tensor<Scalar>)
    }

    private let form: Form
    /// The dropout of what the activation gives, if any.
    private let dropout: DropoutDraw<Scalar>?

    /// The activation for a matrix of the given extents.
    ///
    /// - Parameters:
    ///   - slope: What a parametric ReLU has learnt: one value, or one for each column.
    ///   - probability: That of the dropout, whose words it takes as if it came after.
    init(
        _ activation: Activation, slope: Tensor<Scalar>?, dropout probability: Double = 0, rows: Int,
        columns: Int, for operation: String
    ) {
        switch activation.form {
        case .ridge(let kind, let parameters): form = .ridge(kind, parameters.converted())
        case .parametric:
            require(
                slope?.elementCount == 1 || slope?.elementCount == columns,
                "\(operation): parametric ReLU with slopes of shape \(slope?.shape.description ?? "nil"); "
                    + "expected 1 or \(columns), one for each channel")
            form = .learnt((slope ?? .zeros([1])).detached.contiguous())
        case .randomized(let lower, let upper):
            let (low, high) = (Scalar(fromDouble: lower), Scalar(fromDouble: upper))
            form =
                Mode.current == .training && low < high
                ? .drawn(.uniform([rows, columns], in: low..<high))
                : .ridge(.leakyReLU, ActivationParameters(Scalar(fromDouble: (lower + upper) / 2)))
        }
        dropout = DropoutDraw(probability, of: rows * columns, from: .current, for: operation)
    }

    /// Whether nothing is applied.
    var isIdentity: Bool {
        if case .ridge(.identity, _) = form { dropout == nil } else { false }
    }

    /// Whether max(0, x) is all that is applied.
    var isReLU: Bool {
        if case .ridge(.relu, _) = form { dropout == nil } else { false }
    }

    /// Whether backward needs the activation's value, which a dropout hides from the result.
    var savesHidden: Bool { savesOutput && dropout != nil }

    /// Whether backward needs the output; else it needs the value before the bias.
    var savesOutput: Bool {
        switch form {
        case .ridge(let kind, let parameters): kind.savesOutput(parameters)
        case .learnt, .drawn: false
        }
    }

    /// y = act(z + bias), dropped out, for a tile of the matrix that begins at (row, column); the pointers are
    /// the tile's. The activation's value goes to `hidden` first, where that is wanted.
    @inline(__always)
    func forward(
        _ tile: MatrixMultiply.Tile, z: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?,
        hidden: UnsafeMutablePointer<Scalar>? = nil, y: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        activate(tile, z: z, bias: bias, y: hidden ?? y, stride: stride)
        if let dropout { dropout(tile, hidden ?? y, to: y, stride: stride) }
    }

    @inline(__always)
    private func activate(
        _ tile: MatrixMultiply.Tile, z: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?,
        y: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        switch form {
        case .ridge(let kind, let parameters):
            Scalar._kernels.biasActivation(
                kind: kind, parameters: parameters, z: z, zStride: stride, bias: bias, y: y, yStride: stride,
                rows: tile.rows, columns: tile.columns)
        case .learnt(let slope), .drawn(let slope):
            Scalar._kernels.parametricReLU(
                z: z, zStride: stride, bias: bias, slope: array(slope, tile), y: y, yStride: stride,
                rows: tile.rows, columns: tile.columns)
            withExtendedLifetime(slope.storage) {}
        }
    }

    /// dz = dy·act′ for a tile; adds the slopes' gradients to `dSlope`.
    @inline(__always)
    func backward(
        _ tile: MatrixMultiply.Tile, saved: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?,
        dy: UnsafePointer<Scalar>, dz: UnsafeMutablePointer<Scalar>, stride: Int,
        dSlope: UnsafeMutablePointer<Double>?
    ) {
        if let dropout { dropout.backward(tile, dy, to: dz, stride: stride) }
        let dy = dropout == nil ? dy : UnsafePointer(dz)
        switch form {
        case .ridge(let kind, let parameters):
            Scalar._kernels.biasActivationBackward(
                kind: kind, parameters: parameters, saved: saved, savedStride: stride, bias: bias, dy: dy,
                dyStride: stride, dz: dz, dzStride: stride, rows: tile.rows,
                columns: tile.columns)
        case .learnt(let slope), .drawn(let slope):
            Scalar._kernels.parametricReLUBackward(
                z: saved, zStride: stride, bias: bias, slope: array(slope, tile), dy: dy,
                dyStride: stride, dz: dz, dzStride: stride, dSlope: dSlope, rows: tile.rows,
                columns: tile.columns)
            withExtendedLifetime(slope.storage) {}
        }
    }

    private func array(_ slope: Tensor<Scalar>, _ tile: MatrixMultiply.Tile) -> SlopeArray<Scalar> {
        if case .drawn = form {
            let columns = slope.shape[1]
            return .elements(slope.pointer + tile.row * columns + tile.column, rowStride: columns)
        }
        return slope.elementCount == 1 ? .one(slope.pointer) : .columns(slope.pointer + tile.column)
    }
}

/// The gradients that backward through an activation gives.
struct ActivationGradients<Scalar: FloatingScalar> {
    /// With respect to the value before the bias, of the matrix's extents.
    var input: Tensor<Scalar>
    /// With respect to the bias, where it was asked for.
    var bias: Tensor<Scalar>?
    /// With respect to the slopes, where they were asked for.
    var slope: Tensor<Scalar>?
}

extension FusedActivation {
    /// The gradients of act(z + bias): dy·act′, in place of the upstream gradient where nobody else holds it,
    /// and in the same pass the sums for bias and slopes.
    ///
    /// - Parameter slopeCount: How many slopes want a gradient; 0 for none.
    func gradients(
        _ upstream: consuming Tensor<Scalar>, saved: Tensor<Scalar>, bias: Tensor<Scalar>?, rows: Int,
        columns: Int, needsBias: Bool, slopeCount: Int
    ) -> ActivationGradients<Scalar> {
        var dy = upstream
        let reuses = dy.isOverwritable()
        if !reuses { dy = dy.contiguous() }
        var dz = reuses ? dy : Tensor(uninitialized: dy.shape)
        let pieces = RowPieces(rows: rows, columns: columns, atMost: needsBias || slopeCount > 0 ? 64 : nil)
        // Each piece sums for itself; the sums are added in the order of the pieces.
        let biasSums = needsBias ? Tensor<Double>(uninitialized: [pieces.count, columns]) : nil
        let slopeSums = slopeCount > 0 ? Tensor<Double>.zeros([pieces.count, slopeCount]) : nil
        let db = biasSums.map { $0.storage.pointer(as: Double.self) }
        let dSlope = slopeSums.map { $0.storage.pointer(as: Double.self) }
        dz.fill { dz in
            let from = dy.pointer
            saved.read { saved in
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    let sums = db.map { $0 + piece * columns }
                    sums?.initialize(repeating: 0, count: columns)
                    forEachCachedTile(rows: first..<first + count, columns: columns) { tile in
                        let start = tile.row * columns + tile.column
                        let slope = slopeCount == 1 ? 0 : tile.column
                        backward(
                            tile, saved: saved + start, bias: bias.map { $0.pointer + tile.column },
                            dy: from + start, dz: dz + start, stride: columns,
                            dSlope: dSlope.map { $0 + piece * slopeCount + slope })
                        guard let sums else { return }
                        Scalar._kernels.columnSums(
                            x: dz + start, stride: columns, total: sums + tile.column, rows: tile.rows,
                            columns: tile.columns)
                    }
                }
            }
        }
        withExtendedLifetime((bias?.storage, dy.storage, biasSums?.storage, slopeSums?.storage)) {}
        return ActivationGradients(
            input: dz, bias: biasSums.map { Tensor($0.sum(axes: 0)) },
            slope: slopeSums.map { Tensor($0.sum(axes: 0)) })
    }

    /// Calls `body` with tiles of contiguous rows whose gradients, some hundred kilobytes, are still in the
    /// second-level cache when they are summed. (Summed while they are written, the sums' stores would wait in
    /// the queue of the gradients', which come from main memory: a fifth slower.)
    private func forEachCachedTile(
        rows: Range<Int>, columns: Int, _ body: (MatrixMultiply.Tile) -> Void
    ) {
        let width = 4_096
        // Eight rows are what the sums take at a time.
        let height = Swift.max(1, LoopNest.grain / Swift.max(1, Swift.min(columns, width)) / 8) * 8
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: height) {
            for column in stride(from: 0, to: columns, by: width) {
                body(
                    (
                        row: row, column: column, rows: Swift.min(height, rows.upperBound - row),
                        columns: Swift.min(width, columns - column)
                    ))
            }
        }
    }
}

extension Activation {
    /// The first slopes of a parametric ReLU; nil for other functions. Traps where one for each channel is
    /// wanted and their number is not known or not positive.
    package func slopes<Scalar: FloatingScalar>(channels: Int?) -> Tensor<Scalar>? {
        guard case .parametric(let initial, let isPerChannel) = form else { return nil }
        require(
            !isPerChannel || (channels ?? 0) > 0,
            "parametric ReLU with one slope for each of \(channels.map { "\($0)" } ?? "an unknown number of") "
                + "channels; expected 1 or more")
        return .full([isPerChannel ? channels ?? 1 : 1], Scalar(fromDouble: initial))
    }
}

/// Rows cut into pieces of about the parallel loop's grain, or fewer and larger ones where each has sums of its
/// own to be added up; the cut depends on the extents alone.
struct RowPieces {
    let rows: Int
    let rowsPerPiece: Int

    init(rows: Int, columns: Int, atMost most: Int? = nil) {
        self.rows = rows
        let share = most.map { (rows + $0 - 1) / $0 } ?? 1
        rowsPerPiece = Swift.max(1, share, 2 * LoopNest.grain / Swift.max(columns, 1))
    }

    var count: Int { (rows + rowsPerPiece - 1) / rowsPerPiece }

    subscript(piece: Int) -> (first: Int, count: Int) {
        (piece * rowsPerPiece, Swift.min(rowsPerPiece, rows - piece * rowsPerPiece))
    }
}
