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
    @inline(__always)
    func callAsFunction<Scalar: FloatingScalar>(
        _ rows: Range<Int>, of image: UnsafePointer<Scalar>, from: Int, count: Int,
        to target: UnsafeMutablePointer<Scalar>
    ) {
        gather(rows, of: image + from, count: count, size: MemoryLayout<Scalar>.size, to: target)
    }

    /// The same for elements of `size` bytes: not generic, so that it is compiled once and copies bytes.
    private func gather(
        _ rows: Range<Int>, of image: UnsafeRawPointer, count: Int, size: Int,
        to target: UnsafeMutableRawPointer
    ) {
        let width = horizontal.grid
        var target = target
        var (line, column) = rows.lowerBound.quotientAndRemainder(dividingBy: width)
        var left = rows.count
        let isRun = horizontal.isConsecutive && count == channels
        let (pixel, bytes) = (channels * size, count * size)
        while left > 0 {
            let (picture, row) = line.quotientAndRemainder(dividingBy: vertical.grid)
            let source = image + picture * vertical.image * horizontal.image * pixel
            let positions = Swift.min(left, width - column)
            let columns = column..<column + positions
            if isRun {
                copyRuns(source, pixel, row: row, columns: columns, to: target)
            } else {
                copyPixels(source, pixel, row: row, columns: columns, bytes: bytes, to: target)
            }
            target += positions * taps * bytes
            left -= positions
            column = 0
            line += 1
        }
    }

    /// Positions of one row, whose taps are side by side: as many copies as there are rows of taps.
    private func copyRuns(
        _ source: UnsafeRawPointer, _ pixel: Int, row: Int, columns: Range<Int>,
        to target: UnsafeMutableRawPointer
    ) {
        let across = horizontal.offsets.count
        let first = horizontal.offsets.first ?? 0
        let length = across * pixel
        let stride = taps * pixel
        for tap in 0..<vertical.offsets.count {
            let y = row * vertical.step + vertical.offsets[tap]
            var to = target + tap * length
            guard y >= 0 && y < vertical.image else {
                for _ in columns {
                    clear(to, length)
                    to += stride
                }
                continue
            }
            let line = source + y * horizontal.image * pixel
            for column in columns {
                let x = column * horizontal.step + first
                if x >= 0 && x + across <= horizontal.image {
                    to.copyMemory(from: line + x * pixel, byteCount: length)
                } else {
                    let start = Swift.min(Swift.max(0, -x), across)
                    let end = Swift.max(start, Swift.min(across, horizontal.image - x))
                    clear(to, start * pixel)
                    (to + start * pixel).copyMemory(
                        from: line + (x + start) * pixel, byteCount: (end - start) * pixel)
                    clear(to + end * pixel, (across - end) * pixel)
                }
                to += stride
            }
        }
    }

    /// Positions of one row, tap by tap.
    private func copyPixels(
        _ source: UnsafeRawPointer, _ pixel: Int, row: Int, columns: Range<Int>, bytes: Int,
        to target: UnsafeMutableRawPointer
    ) {
        var to = target
        for column in columns {
            for down in vertical.offsets {
                let y = row * vertical.step + down
                for across in horizontal.offsets {
                    let x = column * horizontal.step + across
                    if y >= 0 && y < vertical.image && x >= 0 && x < horizontal.image {
                        to.copyMemory(from: source + (y * horizontal.image + x) * pixel, byteCount: bytes)
                    } else {
                        clear(to, bytes)
                    }
                    to += bytes
                }
            }
        }
    }

    @inline(__always)
    private func clear(_ target: UnsafeMutableRawPointer, _ bytes: Int) {
        target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    }
}
