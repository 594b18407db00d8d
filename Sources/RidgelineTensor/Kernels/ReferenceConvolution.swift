// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

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
            outputKernel: { tile, from, tiles, stride, pixels, marks, channels in
                let matrices = WinogradMatrices(tile)
                let count = Int(tile * tile)
                for index in 0..<tiles * channels {
                    let (tile, c) = index.quotientAndRemainder(dividingBy: channels)
                    transform(matrices.output, matrices.side, { Double(from[$0 * stride + index]) }) {
                        if !Scalar($1).isFinite { marks[tile] |= RIDGELINE_WINOGRAD_NOT_FINITE }
                        pixels[tile * count + $0]?[c] = Scalar($1)
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
            magnitudesKernel: magnitudes, marksKernel: marks,
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
            depthwiseKernel: { line, rows, weights, count, weightStep, out, adds, channels in
                let line = line.pointee
                for index in 0..<line.outputs * channels {
                    let (output, c) = index.quotientAndRemainder(dividingBy: channels)
                    let place = output * line.output_step * channels + c
                    var sum = adds == 0 ? 0 : out[place]
                    for row in 0..<count {
                        for tap in 0..<line.taps {
                            let pixel = line.first + output * line.stride + tap * line.dilation
                            if pixel < 0 || pixel >= line.width { continue }
                            sum += rows[row][pixel * channels + c] * weights[row][tap * weightStep + c]
                        }
                    }
                    out[place] = sum
                }
            },
            depthwiseWeightsKernel: { line, rows, sums, count, dy, channels in
                let line = line.pointee
                for index in 0..<count * line.taps * channels {
                    let (row, rest) = index.quotientAndRemainder(dividingBy: line.taps * channels)
                    let (tap, c) = rest.quotientAndRemainder(dividingBy: channels)
                    for output in 0..<line.outputs {
                        let pixel = line.first + output * line.stride + tap * line.dilation
                        if pixel < 0 || pixel >= line.width { continue }
                        sums[row][rest] += Double(
                            rows[row][pixel * channels + c] * dy[output * line.output_step * channels + c])
                    }
                }
            })
    }

    private static func magnitudes(
        _ x: UnsafePointer<Scalar>, _ pixels: Int, _ channels: Int, _ out: UnsafeMutablePointer<Scalar>
    ) {
        for pixel in 0..<pixels {
            out[pixel] = (0..<channels).reduce(0) { most, c in
                let magnitude = x[pixel * channels + c].magnitude
                return magnitude > most || magnitude.isNaN ? magnitude : most
            }
        }
    }

    private static func marks(
        _ tile: Int32, _ x: UnsafePointer<Scalar>, _ lines: Int, _ width: Int, _ channels: Int, _ top: Int,
        _ left: Int, _ outputLines: Int, _ outputWidth: Int, _ tiles: Int,
        _ room: UnsafeMutablePointer<Scalar>, _ marks: UnsafeMutablePointer<UInt32>
    ) {
        magnitudes(x, lines * width, channels, room)
        for index in 0..<tiles {
            let first = index * Int(tile)
            func at(_ y: Int, _ x: Int) -> Scalar {
                let (row, column) = (y - top, left + first + x)
                let isInside = row >= 0 && row < lines && column >= 0 && column < width
                return isInside ? room[row * width + column] : 0
            }
            let side = 0..<Int(tile) + 2
            let all = side.flatMap { y in side.map { at(y, $0) } }
            let largest = all.reduce(0) { $1 > $0 ? $1 : $0 }
            marks[index] = all.allSatisfy(\.isFinite) ? 0 : WinogradMarks.uneven
            if marks[index] != 0 { continue }
            for y in 0..<Swift.min(Int(tile), outputLines) {
                for x in 0..<Swift.min(Int(tile), outputWidth - first) {
                    let window = (0..<9).reduce(0) { Swift.max($0, at(y + $1 / 3, x + $1 % 3)) }
                    if window == 0 {
                        marks[index] |= 1 << UInt32(y * Int(tile) + x)
                    } else if window * Scalar(fromDouble: WinogradMarks.spread) < largest {
                        marks[index] |= WinogradMarks.uneven
                    }
                }
            }
        }
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
