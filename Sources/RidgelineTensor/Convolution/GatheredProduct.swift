// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A convolution as products of gathered rows with the weights: out[p, o] = Σ gathered[p, k]·weight[k, o], tile
/// by tile of positions, each tile gathered into a buffer near the core unless the image is that matrix itself.
///
/// It serves the forward pass, and the input's gradient with the weights turned over, which for a stride is one
/// such product for each remainder of the pixel's position by the stride.
struct GatheredProduct<Scalar: FloatingScalar> {
    let gather: PixelGather
    let batch: Int
    let groups: Int
    /// Outputs of one group.
    let outputs: Int
    /// Of one group, (taps·inputs) × outputs.
    let weight: MatrixView<Scalar>
    /// Elements from one group's weight to the next.
    let weightStride: Int

    private var inputs: Int { gather.channels / groups }
    private var rows: Int { batch * gather.positionsPerImage }
    private var depth: Int { gather.taps * inputs }

    /// How the positions are cut: into tiles of a few hundred rows, whose gathered inputs stay in the caches,
    /// as many for each core; the outputs too, where there are not enough rows for every core.
    var grid: (rowsPerTile: Int, columnsPerTile: Int) {
        let cores = Parallelism.gridCores
        let bytes = MemoryLayout<Scalar>.size
        // An identity reads the image where it lies; what it writes should stay for the epilogue.
        let most =
            gather.isIdentity
            ? Swift.max(256, (1 << 20) / (bytes * Swift.max(outputs, 1)))
            : Swift.max(128, Swift.min(512, (4 << 20) / (bytes * Swift.max(depth, 1))))
        var tiles = Swift.max(1, (rows + most - 1) / most)
        let fewest = Swift.max(1, cores / groups)
        if rows / fewest >= 64 { tiles = (tiles + fewest - 1) / fewest * fewest }
        let height = Swift.max(1, (rows + tiles - 1) / tiles)
        let count = (rows + height - 1) / Swift.max(height, 1) * groups
        let across = Swift.max(1, Swift.min(outputs / 64, (cores + count - 1) / Swift.max(count, 1)))
        return (height, Swift.max(1, ((outputs + across - 1) / across + 15) / 16 * 16))
    }

    /// Tiles of rows, by which the epilogue's are numbered.
    var pieces: Int { (rows + grid.rowsPerTile - 1) / grid.rowsPerTile }

    /// The products.
    ///
    /// - Parameters:
    ///   - out: The output's matrix of `groups`·`outputs` columns.
    ///   - beta: What the earlier content is multiplied by, 0 or 1.
    ///   - place: Moves finished rows from a buffer of a tile to their place, where that is not the next row of
    ///     `out`: called with the tile and the buffer, whose rows lie without gaps.
    ///   - epilogue: Called for each finished tile of `out` on the thread that made it.
    func multiply(
        _ image: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, beta: Scalar = 0,
        place: ((MatrixMultiply.Tile, UnsafePointer<Scalar>) -> Void)? = nil,
        epilogue: ((MatrixMultiply.Tile, Int) -> Void)? = nil
    ) {
        let (height, width) = grid
        let (across, rows, depth) = ((outputs + width - 1) / width, self.rows, self.depth)
        let down = (rows + height - 1) / height
        let columns = groups * outputs
        if rows == 0 || columns == 0 { return }
        let (inputs, identity) = (self.inputs, gather.isIdentity)
        forEachProduct(down * groups * across) { index in
            let (row, rest) = index.quotientAndRemainder(dividingBy: groups * across)
            let (group, part) = rest.quotientAndRemainder(dividingBy: across)
            let first = row * height
            let count = Swift.min(height, rows - first)
            let column = part * width
            let tile = (
                row: first, column: group * outputs + column, rows: count,
                columns: Swift.min(width, outputs - column)
            )
            let right =
                weight.advanced(row: 0, column: column) + group * weightStride
            func product(_ left: UnsafePointer<Scalar>, _ stride: Int) {
                let target = out + first * columns + tile.column
                func gemm(_ to: UnsafeMutablePointer<Scalar>, _ ldc: Int, _ beta: Scalar) {
                    Scalar._gemm(
                        false, weight.isTransposed, Int32(count), Int32(tile.columns), Int32(depth), 1, left,
                        Int32(stride), right, Int32(weight.leadingDimension), beta, to, Int32(ldc))
                }
                if let place {
                    withScratch(of: Scalar.self, count: count * tile.columns) {
                        gemm($0, tile.columns, 0)
                        place(tile, $0)
                    }
                } else {
                    gemm(target, columns, beta)
                }
            }
            if identity {
                product(image + first * gather.channels + group * inputs, gather.channels)
            } else {
                withScratch(of: Scalar.self, count: count * depth) {
                    gather(
                        first..<first + count, of: image, pictures: batch, from: group * inputs,
                        count: inputs, to: $0)
                    product($0, depth)
                }
            }
            epilogue?(tile, row)
        }
    }
}
