// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A 3×3 convolution of stride 1 by Winograd's minimal filtering: input tiles are transformed, multiplied by the
/// transformed weights in (m + 2)² matrix products over the channels, and transformed back, with m²·9/(m + 2)²
/// times fewer multiplications than the direct formula.
///
/// The image's rows of tiles are taken in chunks. A chunk that stays in a core's caches is worked through by one
/// thread from beginning to end; where there are few tiles and large weights, all threads share one chunk, phase
/// by phase, so that each weight is read once.
///
/// Tiles for which the algorithm is not exact enough are computed again by the direct formula; see `WinogradMarks`.
struct WinogradProduct<Scalar: FloatingScalar> {
    /// Of the images that are written.
    let grid: WinogradGrid
    /// The image that is read.
    let input: Size2D
    let inputs: Int
    let outputs: Int
    /// Rows and columns of padding before the image that is read.
    let before: Size2D
    /// Of each ξ, inputs × outputs.
    let weight: MatrixView<Scalar>
    /// The same weights as they are, for tiles that are computed directly.
    let direct: DirectTaps<Scalar>

    private typealias Marks = WinogradMarks
    private var tile: WinogradTile { grid.tile }
    private var tilesAcross: Int { grid.across }
    /// Rows of tiles, each a piece for the epilogue.
    var pieces: Int { grid.rows }

    /// out = convolution + β·out.
    ///
    /// - Parameter epilogue: Called for each finished row of tiles, whose pixels are rows of `out`'s matrix
    ///   without gaps, with its piece's number.
    func callAsFunction(
        _ image: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, beta: Scalar = 0,
        epilogue: ((MatrixMultiply.Tile, Int) -> Void)?
    ) {
        let (rows, isShared) = WinogradChunks(
            grid: grid, inputs: inputs, outputs: outputs, scalarBytes: MemoryLayout<Scalar>.size
        ).choice
        let chunks = (pieces + rows - 1) / rows
        withZeros(inputs) { zeros in
            let pixels = PixelPointers(
                image: image, height: input.height, width: input.width, channels: inputs, zeros: zeros)
            if isShared {
                for chunk in 0..<chunks { sharedChunk(range(chunk, rows), pixels, out, beta, epilogue) }
            } else {
                forEachProduct(chunks) { ownChunk(range($0, rows), pixels, out, beta, epilogue) }
            }
        }
    }

    /// Between the matrices of the transformed inputs, and of the products.
    private func spacing(_ tiles: Int) -> (Int, Int) {
        (
            WinogradGrid.spacing(tiles * inputs, of: Scalar.self),
            WinogradGrid.spacing(tiles * outputs, of: Scalar.self)
        )
    }

    private func range(_ chunk: Int, _ rows: Int) -> Range<Int> {
        chunk * rows..<Swift.min(pieces, (chunk + 1) * rows)
    }

    private func ownChunk(
        _ rows: Range<Int>, _ pixels: PixelPointers<Scalar>, _ out: UnsafeMutablePointer<Scalar>,
        _ beta: Scalar, _ epilogue: ((MatrixMultiply.Tile, Int) -> Void)?
    ) {
        let tiles = rows.count * tilesAcross
        let (left, right) = spacing(tiles)
        withRoom(tiles, left, right) { transformed, marks in
            let products = transformed + tile.matrices * left
            for row in rows {
                let first = (row - rows.lowerBound) * tilesAcross
                transform(row, pixels, to: transformed + first * inputs, left, marks + first)
            }
            for matrix in 0..<tile.matrices {
                multiply(matrix, 0..<outputs, tiles, transformed + matrix * left, products + matrix * right)
            }
            for row in rows {
                let first = (row - rows.lowerBound) * tilesAcross
                finish(
                    row, products + first * outputs, right, marks + first, pixels, out, beta, epilogue,
                    repairs: true)
            }
        }
    }

    /// Calls `body` with room for the transforms of so many tiles and for their marks.
    private func withRoom(
        _ tiles: Int, _ left: Int, _ right: Int,
        _ body: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Marks.Mark>) -> Void
    ) {
        withScratch(of: Scalar.self, count: tile.matrices * (left + right)) { transformed in
            withScratch(of: Marks.Mark.self, count: tiles) { body(transformed, $0) }
        }
    }

    private func sharedChunk(
        _ rows: Range<Int>, _ pixels: PixelPointers<Scalar>, _ out: UnsafeMutablePointer<Scalar>,
        _ beta: Scalar, _ epilogue: ((MatrixMultiply.Tile, Int) -> Void)?
    ) {
        let tiles = rows.count * tilesAcross
        let (left, right) = spacing(tiles)
        // More parts than cores, as their times differ; each as wide as the weights' rows allow.
        let parts = Swift.max(
            1, Swift.min(outputs / 128, (2 * Parallelism.gridCores + tile.matrices - 1) / tile.matrices))
        let width = ((outputs + parts - 1) / parts + 15) / 16 * 16
        withRoom(tiles, left, right) { transformed, marks in
            let products = transformed + tile.matrices * left
            Parallelism.forEach(rows.count) { row in
                let first = row * tilesAcross
                transform(
                    rows.lowerBound + row, pixels, to: transformed + first * inputs, left, marks + first)
            }
            forEachProduct(tile.matrices * parts) { index in
                let (matrix, part) = index.quotientAndRemainder(dividingBy: parts)
                let columns = Swift.min(part * width, outputs)..<Swift.min((part + 1) * width, outputs)
                multiply(matrix, columns, tiles, transformed + matrix * left, products + matrix * right)
            }
            func finish(_ row: Int, repairs: Bool) {
                let first = row * tilesAcross
                self.finish(
                    rows.lowerBound + row, products + first * outputs, right, marks + first, pixels, out,
                    beta, epilogue, repairs: repairs)
            }
            Parallelism.forEach(rows.count) { finish($0, repairs: false) }
            // The others, which multiply, and so are BLAS's.
            let rest = (0..<rows.count).filter { isDirect(marks + $0 * tilesAcross) }
            if !rest.isEmpty { forEachProduct(rest.count) { finish(rest[$0], repairs: true) } }
        }
    }

    /// Whether a row has tiles that are computed directly.
    private func isDirect(_ marks: UnsafePointer<Marks.Mark>) -> Bool {
        (0..<tilesAcross).contains { Marks.isDirect(marks[$0]) }
    }

    /// The transforms of one row of tiles, and its marks.
    private func transform(
        _ row: Int, _ pixels: PixelPointers<Scalar>, to target: UnsafeMutablePointer<Scalar>, _ spacing: Int,
        _ marks: UnsafeMutablePointer<Marks.Mark>
    ) {
        Marks.set(row, of: grid, before: before, pixels, marks)
        let (picture, top) = grid.place(row)
        withTaps(tile.matrices * tilesAcross) { taps in
            for across in 0..<tilesAcross {
                pixels.square(
                    picture, row: top - before.height,
                    column: across * tile.rawValue - before.width, side: tile.side,
                    into: taps + across * tile.matrices)
            }
            Scalar._kernels.convolution.input(
                tile, taps: taps, tiles: tilesAcross, out: target, stride: spacing, channels: inputs)
        }
    }

    /// Some columns of the product of one matrix.
    private func multiply(
        _ matrix: Int, _ columns: Range<Int>, _ tiles: Int, _ left: UnsafePointer<Scalar>,
        _ product: UnsafeMutablePointer<Scalar>
    ) {
        if columns.isEmpty { return }
        Scalar._gemm(
            false, weight.isTransposed, Int32(tiles), Int32(columns.count), Int32(inputs), 1, left,
            Int32(inputs),
            weight.advanced(row: 0, column: columns.lowerBound) + matrix * inputs * outputs,
            Int32(weight.leadingDimension), 0, product + columns.lowerBound, Int32(outputs))
    }

    /// One row of tiles transformed back to pixels, those that are marked computed directly, and what follows on it. A
    /// row with such tiles is left to another call where this one does not repair them.
    private func finish(
        _ row: Int, _ products: UnsafePointer<Scalar>, _ spacing: Int,
        _ marks: UnsafeMutablePointer<Marks.Mark>, _ pixels: PixelPointers<Scalar>,
        _ out: UnsafeMutablePointer<Scalar>, _ beta: Scalar,
        _ epilogue: ((MatrixMultiply.Tile, Int) -> Void)?,
        repairs: Bool
    ) {
        let (picture, top) = grid.place(row)
        let width = grid.image.width
        let lines = Swift.min(tile.rawValue, grid.image.height - top)
        let first = (picture * grid.image.height + top) * width
        let target = out + first * outputs
        func write(_ lines: UnsafeMutablePointer<Scalar>) -> Bool {
            transformBack(row, products, spacing, marks, to: lines)
            if !isDirect(marks) { return true }
            if !repairs { return false }
            for across in 0..<tilesAcross where Marks.isDirect(marks[across]) {
                compute(row, across, pixels, to: lines)
            }
            return true
        }
        var isDone = true
        if beta == 0 {
            isDone = write(target)
        } else {
            // Added only once it is known to be right.
            let count = lines * width * outputs
            withScratch(of: Scalar.self, count: count) {
                isDone = write($0)
                if isDone { Scalar._kernels.scaledAdd(alpha: 1, x: $0, y: target, count: count) }
            }
        }
        if isDone { epilogue?((row: first, column: 0, rows: lines * width, columns: outputs), row) }
    }

    /// One row of tiles by the output's transform, and zeros where a window is all zeros.
    ///
    /// - Parameter lines: The row's pixels.
    private func transformBack(
        _ row: Int, _ products: UnsafePointer<Scalar>, _ spacing: Int,
        _ marks: UnsafeMutablePointer<Marks.Mark>, to lines: UnsafeMutablePointer<Scalar>
    ) {
        withUnsafeTemporaryAllocation(
            of: UnsafeMutablePointer<Scalar>?.self, capacity: tile.pixels * tilesAcross
        ) {
            guard let pixels = $0.baseAddress else { return }
            let side = tile.rawValue
            let width = grid.image.width
            let height = Swift.min(side, grid.image.height - grid.place(row).top)
            for across in 0..<tilesAcross {
                let left = across * side
                for y in 0..<side {
                    for x in 0..<side {
                        pixels[(left + y) * side + x] =
                            y < height && left + x < width ? lines + (y * width + left + x) * outputs : nil
                    }
                }
            }
            Scalar._kernels.convolution.output(
                tile, from: products, tiles: tilesAcross, stride: spacing, pixels: pixels, marks: marks,
                channels: outputs)
            for across in 0..<tilesAcross where marks[across] != 0 && !Marks.isDirect(marks[across]) {
                for place in 0..<tile.pixels where marks[across] & 1 << Marks.Mark(place) != 0 {
                    if let pixel = pixels[across * tile.pixels + place] { fillContiguous(pixel, 0, outputs) }
                }
            }
        }
    }

    /// One tile by the direct formula.
    private func compute(
        _ row: Int, _ across: Int, _ pixels: PixelPointers<Scalar>, to lines: UnsafeMutablePointer<Scalar>
    ) {
        let (picture, top) = grid.place(row)
        let side = tile.rawValue
        withTaps(9 * tile.pixels) { (taps: UnsafeMutablePointer<UnsafePointer<Scalar>>) in
            withScratch(of: Scalar.self, count: tile.pixels * outputs) { results in
                var count = 0
                forEachPixel(row, across) { place, pixel in
                    if pixel == nil { return }
                    pixels.square(
                        picture, row: top + place / side - before.height,
                        column: across * side + place % side - before.width, side: 3, into: taps + 9 * count)
                    count += 1
                }
                direct(taps, count: count, inputs: inputs, outputs: outputs, into: results)
                count = 0
                forEachPixel(row, across) { _, pixel in
                    guard let pixel else { return }
                    copyElements(results + count * outputs, to: lines + pixel * outputs, outputs)
                    count += 1
                }
            }
        }
    }

    /// Calls `body` with each output of a tile and its pixel among those of the row of tiles, nil outside the image.
    @inline(__always)
    private func forEachPixel(_ row: Int, _ across: Int, _ body: (_ place: Int, _ pixel: Int?) -> Void) {
        let (side, width) = (tile.rawValue, grid.image.width)
        let lines = grid.image.height - grid.place(row).top
        for y in 0..<side {
            for x in across * side..<(across + 1) * side {
                body(y * side + x - across * side, y < lines && x < width ? y * width + x : nil)
            }
        }
    }
}

/// How a Winograd convolution's rows of tiles are cut into chunks.
struct WinogradChunks {
    let grid: WinogradGrid
    let inputs: Int
    let outputs: Int
    let scalarBytes: Int

    /// Rows of tiles in a chunk, and whether all threads share it.
    var choice: (rows: Int, isShared: Bool) {
        let cores = Parallelism.gridCores
        // Weights beyond what a core's cache holds are better read once for many tiles.
        if grid.tile.matrices * inputs * outputs * scalarBytes > Self.sharedWeights || grid.rows < 2 * cores {
            return (rows(within: Self.sharedBytes, chunksOf: 1), true)
        }
        return (rows(within: Self.ownBytes, chunksOf: cores), false)
    }

    /// How many rows' transforms fit in so many bytes, evenly over a multiple of `count` chunks.
    func rows(within bytes: Int, chunksOf count: Int) -> Int {
        let perRow = grid.tile.matrices * grid.across * (inputs + outputs) * scalarBytes
        let most = Swift.max(1, bytes / Swift.max(perRow, 1))
        let chunks = Swift.max(1, (grid.rows + most - 1) / most)
        let even = (chunks + count - 1) / count * count
        return Swift.max(1, (grid.rows + even - 1) / even)
    }

    /// What a core keeps near itself of both factors' transforms.
    static let ownBytes = 1 << 20
    /// What the cores together keep of them.
    static let sharedBytes = 16 << 20
    /// Weights up to this size are read again for each chunk.
    static let sharedWeights = 3 << 20
}
