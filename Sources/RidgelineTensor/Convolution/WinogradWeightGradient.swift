// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The weights' gradient of a 3×3 convolution of stride 1, the transpose of Winograd's forward pass: the
/// gradients of the output tiles and the input tiles are transformed, multiplied over the tiles, and the sums
/// transformed back: dW = Gᵀ·(Σ (A·e·Aᵀ) ⊙ (Bᵀ·d·B))·G.
struct WinogradWeightGradient<Scalar: FloatingScalar> {
    let tile: WinogradTile
    let geometry: ConvolutionGeometry

    private var grid: WinogradGrid {
        WinogradGrid(tile: tile, batch: geometry.batch, image: geometry.outputImage)
    }

    /// dW as (O, 3, 3, C), from dz (N, H′, W′, O) and the input; nil where it is not finite.
    func callAsFunction(_ dz: UnsafePointer<Scalar>, _ image: UnsafePointer<Scalar>) -> Tensor<Scalar>? {
        let g = geometry
        let (inputs, outputs) = (g.inputs, g.outputs)
        let grid = grid
        let (rows, tilesAcross) = (grid.rows, grid.across)
        var gradient = Tensor<Scalar>(uninitialized: [outputs, 3, 3, inputs])
        if rows == 0 { return .zeros(gradient.shape) }
        let sums = Tensor<Scalar>(uninitialized: [tile.matrices, outputs, inputs])
        let size = outputs * inputs
        let total = sums.storage.pointer(as: Scalar.self)
        // A chunk's transforms stay in the caches that the cores share.
        let rowsPerChunk = WinogradChunks(
            grid: grid, inputs: inputs, outputs: outputs, scalarBytes: MemoryLayout<Scalar>.size
        ).rows(within: WinogradChunks.sharedBytes, chunksOf: 1)
        let chunks = (rows + rowsPerChunk - 1) / rowsPerChunk
        let parts = Swift.max(
            1, Swift.min(outputs / 64, (2 * Parallelism.gridCores + tile.matrices - 1) / tile.matrices))
        let height = ((outputs + parts - 1) / parts + 15) / 16 * 16
        let tiles = rowsPerChunk * tilesAcross
        let left = WinogradGrid.spacing(tiles * outputs, of: Scalar.self)
        let right = WinogradGrid.spacing(tiles * inputs, of: Scalar.self)
        withZeros(Swift.max(inputs, outputs)) { zeros in
            let x = PixelPointers(
                image: image, height: g.vertical.input, width: g.horizontal.input, channels: inputs,
                zeros: zeros)
            let dy = PixelPointers(
                image: dz, height: g.vertical.output, width: g.horizontal.output, channels: outputs,
                zeros: zeros)
            withScratch(of: Scalar.self, count: tile.matrices * (left + right)) { gradients in
                let inputsTransformed = gradients + tile.matrices * left
                for chunk in 0..<chunks {
                    let range = chunk * rowsPerChunk..<Swift.min(rows, (chunk + 1) * rowsPerChunk)
                    Parallelism.forEach(range.count) { row in
                        transform(
                            range.lowerBound + row, x, dy, gradients + row * tilesAcross * outputs, left,
                            inputsTransformed + row * tilesAcross * inputs, right)
                    }
                    forEachProduct(tile.matrices * parts) { index in
                        let (matrix, part) = index.quotientAndRemainder(dividingBy: parts)
                        let first = Swift.min(part * height, outputs)
                        let count = Swift.min(height, outputs - first)
                        if count == 0 { return }
                        Scalar._gemm(
                            true, false, Int32(count), Int32(inputs), Int32(range.count * tilesAcross), 1,
                            gradients + matrix * left + first, Int32(outputs),
                            inputsTransformed + matrix * right, Int32(inputs), chunk == 0 ? 0 : 1,
                            total + matrix * size + first * inputs, Int32(inputs))
                    }
                }
            }
        }
        var isFinite = true
        gradient.fill { target in
            withScratch(of: Scalar.self, count: outputs) { magnitudes in
                WinogradWeights.forEachFilter(outputs, inputs, tile) { output in
                    let taps = target + output * 9 * inputs
                    let kernels = Scalar._kernels.convolution
                    kernels.weightGradient(
                        tile, from: total + output * inputs, stride: size, taps: taps, tapStride: inputs,
                        channels: inputs)
                    kernels.magnitudes(taps, pixels: 1, channels: 9 * inputs, out: magnitudes + output)
                }
                isFinite = (0..<outputs).allSatisfy { magnitudes[$0].isFinite }
            }
        }
        withExtendedLifetime(sums.storage) {}
        return isFinite ? gradient : nil
    }

    private func transform(
        _ row: Int, _ x: PixelPointers<Scalar>, _ dy: PixelPointers<Scalar>,
        _ gradients: UnsafeMutablePointer<Scalar>, _ left: Int, _ transformed: UnsafeMutablePointer<Scalar>,
        _ right: Int
    ) {
        let (picture, top) = grid.place(row)
        let (side, tilesAcross) = (tile.rawValue, grid.across)
        withTaps(tile.matrices * tilesAcross) { taps in
            for across in 0..<tilesAcross {
                dy.square(
                    picture, row: top, column: across * side, side: side,
                    into: taps + across * tile.pixels)
            }
            Scalar._kernels.convolution.gradient(
                tile, taps: taps, tiles: tilesAcross, out: gradients, stride: left, channels: geometry.outputs
            )
            for across in 0..<tilesAcross {
                x.square(
                    picture, row: top - geometry.vertical.before,
                    column: across * side - geometry.horizontal.before, side: tile.side,
                    into: taps + across * tile.matrices)
            }
            Scalar._kernels.convolution.input(
                tile, taps: taps, tiles: tilesAcross, out: transformed, stride: right,
                channels: geometry.inputs)
        }
    }
}
