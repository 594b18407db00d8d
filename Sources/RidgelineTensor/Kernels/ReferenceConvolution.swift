// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Reference {
    static func convolution() -> ConvolutionKernels<Scalar> {
        ConvolutionKernels(
            inputKernel: { tile, taps, tiles, out, stride, channels in
                let matrices = WinogradMatrices(tile)
                let pixels = matrices.side * matrices.side
                for index in 0..<tiles * channels {
                    let (tile, c) = index.quotientAndRemainder(dividingBy: channels)
                    transform(matrices.input, matrices.side, { Double(taps[tile * pixels + $0][c]) }) {
                        out[$0 * stride + index] = Scalar($1)
                    }
                }
            },
            outputKernel: { tile, from, tiles, stride, pixels, adds, channels in
                let matrices = WinogradMatrices(tile)
                let count = Int(tile * tile)
                for index in 0..<tiles * channels {
                    let (tile, c) = index.quotientAndRemainder(dividingBy: channels)
                    transform(matrices.output, matrices.side, { Double(from[$0 * stride + index]) }) {
                        guard let pixel = pixels[tile * count + $0] else { return }
                        pixel[c] = adds == 0 ? Scalar($1) : pixel[c] + Scalar($1)
                    }
                }
            },
            gradientKernel: { tile, taps, tiles, out, stride, channels in
                let matrices = WinogradMatrices(tile)
                let (side, pixels) = (Int(tile), Int(tile * tile))
                for index in 0..<tiles * channels {
                    let (tile, c) = index.quotientAndRemainder(dividingBy: channels)
                    transform(transposed(matrices.output), side, { Double(taps[tile * pixels + $0][c]) }) {
                        out[$0 * stride + index] = Scalar($1)
                    }
                }
            },
            weightKernel: { tile, taps, tapStride, isTurned, out, stride, channels in
                let matrices = WinogradMatrices(tile)
                for c in 0..<channels {
                    let tap = { (index: Int) in
                        Double(taps[(isTurned == 0 ? index : 8 - index) * tapStride + c])
                    }
                    transform(matrices.weight, 3, tap) { out[$0 * stride + c] = Scalar($1) }
                }
            },
            weightGradientKernel: { tile, from, stride, taps, tapStride, channels in
                let matrices = WinogradMatrices(tile)
                for c in 0..<channels {
                    transform(
                        transposed(matrices.weight), matrices.side, { Double(from[$0 * stride + c]) }
                    ) { taps[$0 * tapStride + c] = Scalar($1) }
                }
            },
            gatherRunsKernel: { from, step, offsets, runs, length, to, positions, _ in
                for index in 0..<positions * runs {
                    let (position, run) = index.quotientAndRemainder(dividingBy: runs)
                    (to + index * length).update(
                        from: from + position * step + offsets[run], count: length)
                }
            },
            scatterRunsKernel: { from, to, step, offsets, runs, length, positions, _ in
                for index in 0..<positions * runs * length {
                    let (run, element) = index.quotientAndRemainder(dividingBy: length)
                    (to + run / runs * step + offsets[run % runs])[element] += from[index]
                }
            },
            depthwiseKernel: { taps, pixels, weights, count, out, adds, channels in
                for index in 0..<pixels * channels {
                    let (pixel, c) = index.quotientAndRemainder(dividingBy: channels)
                    var sum = adds == 0 ? 0 : out[index]
                    for tap in 0..<count {
                        sum += taps[pixel * count + tap][c] * weights[tap * channels + c]
                    }
                    out[index] = sum
                }
            },
            depthwiseWeightsKernel: { taps, pixels, dy, count, sums, channels in
                for index in 0..<count * channels {
                    let (tap, c) = index.quotientAndRemainder(dividingBy: channels)
                    for pixel in 0..<pixels {
                        sums[index] += taps[pixel * count + tap][c] * dy[pixel * channels + c]
                    }
                }
            })
    }

    private static func transposed(_ matrix: [[Double]]) -> [[Double]] {
        (matrix.first ?? []).indices.map { column in matrix.map { $0[column] } }
    }

    /// M·d·Mᵀ of a square tile d of `side`² elements.
    private static func transform(
        _ matrix: [[Double]], _ side: Int, _ from: (Int) -> Double, _ to: (Int, Double) -> Void
    ) {
        for (i, down) in matrix.enumerated() {
            for (j, across) in matrix.enumerated() {
                var sum = 0.0
                for row in 0..<side {
                    for column in 0..<side {
                        sum += down[row] * across[column] * from(row * side + column)
                    }
                }
                to(i * matrix.count + j, sum)
            }
        }
    }
}

/// The matrices of Winograd's minimal filtering F(m, 3) by its definition (Toom and Cook): polynomials are
/// evaluated at the tile's points and at infinity, multiplied, and interpolated.
private struct WinogradMatrices {
    let side: Int
    /// Bᵀ: row j holds the coefficients of Π(x − pₖ) over the other points k; the last, over all points.
    let input: [[Double]]
    /// G: row j evaluates the three taps at point j, divided by Π(pⱼ − pₖ).
    let weight: [[Double]]
    /// Aᵀ: row i holds the points' i-th powers.
    let output: [[Double]]

    init(_ tile: Int32) {
        let tile: WinogradTile = tile == 2 ? .two : .four
        let points = tile.points
        let side = tile.side
        self.side = side
        func product(without skipped: Int?) -> [Double] {
            var coefficients = [1.0]
            for (index, point) in points.enumerated() where index != skipped {
                coefficients = zip([0] + coefficients, coefficients + [0]).map { $0 - point * $1 }
            }
            return coefficients + Array(repeating: 0, count: side - coefficients.count)
        }
        input = points.indices.map { product(without: $0) } + [product(without: nil)]
        weight =
            points.enumerated().map { index, point in
                let others = points.enumerated().filter { $0.offset != index }
                let divisor = others.reduce(1) { $0 * (point - $1.element) }
                return [1 / divisor, point / divisor, point * point / divisor]
            } + [[0, 0, 1]]
        output = (0..<tile.rawValue).map { power in
            points.map { point in (0..<power).reduce(1) { value, _ in value * point } }
                + [power == tile.rawValue - 1 ? 1 : 0]
        }
    }
}
