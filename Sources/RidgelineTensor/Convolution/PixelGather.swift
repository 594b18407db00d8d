// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The taps of a window along one axis, seen from a grid of positions: position g sees the inputs
/// g·step + offsets[t].
struct TapLine: Hashable {
    let offsets: [Int]
    let step: Int
    /// Pixels of the image along this axis.
    let image: Int
    /// Positions of the grid.
    let grid: Int

    /// Whether each tap is the pixel after that of the tap before, so that their channels lie in one run.
    let isConsecutive: Bool

    init(offsets: [Int], step: Int, image: Int, grid: Int) {
        self.offsets = offsets
        self.step = step
        self.image = image
        self.grid = grid
        isConsecutive = zip(offsets, offsets.dropFirst()).allSatisfy { $1 == $0 + 1 }
    }

    /// What the outputs of a window see of its inputs.
    init(inputsOf axis: WindowAxis) {
        self.init(
            offsets: (0..<axis.kernel).map { $0 * axis.dilation - axis.before }, step: axis.stride,
            image: axis.input, grid: axis.output)
    }

    /// Whether every position sees exactly the pixel of its own number.
    var isIdentity: Bool { offsets == [0] && step == 1 && image == grid }
}

/// The rows of a matrix that a convolution multiplies by its weights: for each position of a grid the channels
/// of the pixels that its taps see, zeros outside the image.
struct PixelGather: Hashable {
    let vertical: TapLine
    let horizontal: TapLine
    /// Channels of the image.
    let channels: Int

    var taps: Int { vertical.offsets.count * horizontal.offsets.count }
    var positionsPerImage: Int { vertical.grid * horizontal.grid }

    /// Whether the image itself is that matrix.
    var isIdentity: Bool { vertical.isIdentity && horizontal.isIdentity }

    /// Writes rows `rows` of the matrix, of the channels `from..<from + count` only: (rows, taps·count).
    func callAsFunction<Scalar: FloatingScalar>(
        _ rows: Range<Int>, of image: UnsafePointer<Scalar>, from: Int, count: Int,
        to target: UnsafeMutablePointer<Scalar>
    ) {
        let width = horizontal.grid
        var target = target
        var (line, column) = rows.lowerBound.quotientAndRemainder(dividingBy: width)
        var left = rows.count
        let isRun = horizontal.isConsecutive && count == channels
        while left > 0 {
            let (picture, row) = line.quotientAndRemainder(dividingBy: vertical.grid)
            let source = image + picture * vertical.image * horizontal.image * channels + from
            let positions = Swift.min(left, width - column)
            if isRun {
                copyRuns(source, row: row, columns: column..<column + positions, to: target)
            } else {
                copyPixels(source, row: row, columns: column..<column + positions, count: count, to: target)
            }
            target += positions * taps * count
            left -= positions
            column = 0
            line += 1
        }
    }

    /// Positions of one row, whose taps are side by side: as many copies as there are rows of taps.
    @inline(__always)
    private func copyRuns<Scalar: FloatingScalar>(
        _ source: UnsafePointer<Scalar>, row: Int, columns: Range<Int>,
        to target: UnsafeMutablePointer<Scalar>
    ) {
        let across = horizontal.offsets.count
        let first = horizontal.offsets.first ?? 0
        let length = across * channels
        let stride = taps * channels
        vertical.offsets.withUnsafeBufferPointer { offsets in
            for tap in 0..<offsets.count {
                let y = row * vertical.step + offsets[tap]
                var to = target + tap * length
                guard y >= 0 && y < vertical.image else {
                    for _ in columns {
                        to.update(repeating: 0, count: length)
                        to += stride
                    }
                    continue
                }
                let line = source + y * horizontal.image * channels
                for column in columns {
                    let x = column * horizontal.step + first
                    if x >= 0 && x + across <= horizontal.image {
                        to.update(from: line + x * channels, count: length)
                    } else {
                        let start = Swift.min(Swift.max(0, -x), across)
                        let end = Swift.max(start, Swift.min(across, horizontal.image - x))
                        to.update(repeating: 0, count: start * channels)
                        (to + start * channels).update(
                            from: line + (x + start) * channels, count: (end - start) * channels)
                        (to + end * channels).update(repeating: 0, count: (across - end) * channels)
                    }
                    to += stride
                }
            }
        }
    }

    /// Positions of one row, tap by tap.
    private func copyPixels<Scalar: FloatingScalar>(
        _ source: UnsafePointer<Scalar>, row: Int, columns: Range<Int>, count: Int,
        to target: UnsafeMutablePointer<Scalar>
    ) {
        var to = target
        for column in columns {
            for down in vertical.offsets {
                let y = row * vertical.step + down
                for across in horizontal.offsets {
                    let x = column * horizontal.step + across
                    if y >= 0 && y < vertical.image && x >= 0 && x < horizontal.image {
                        to.update(from: source + (y * horizontal.image + x) * channels, count: count)
                    } else {
                        to.update(repeating: 0, count: count)
                    }
                    to += count
                }
            }
        }
    }
}
