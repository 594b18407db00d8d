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

    /// Of some positions, those whose taps, which must be consecutive, are all within the image.
    func inside(_ positions: Range<Int>) -> Range<Int> {
        let first = offsets.first ?? 0
        let start = (Swift.max(0, -first) + step - 1) / step
        let room = image - offsets.count - first
        let stop = room < 0 ? 0 : room / step + 1
        let lower = Swift.max(positions.lowerBound, start)
        return lower..<Swift.max(lower, Swift.min(positions.upperBound, stop))
    }

    /// Whether a position's taps are all within the image.
    func isInside(_ position: Int) -> Bool {
        offsets.allSatisfy { position * step + $0 >= 0 && position * step + $0 < image }
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

    init(vertical: TapLine, horizontal: TapLine, channels: Int) {
        (self.vertical, self.horizontal, self.channels) = (vertical, horizontal, channels)
    }

    /// What a convolution's outputs see of its inputs.
    init(inputsOf g: ConvolutionGeometry) {
        self.init(
            vertical: TapLine(inputsOf: g.vertical), horizontal: TapLine(inputsOf: g.horizontal),
            channels: g.inputs)
    }

    var taps: Int { vertical.offsets.count * horizontal.offsets.count }
    var positionsPerImage: Int { vertical.grid * horizontal.grid }

    /// Whether the image itself is that matrix.
    var isIdentity: Bool { vertical.isIdentity && horizontal.isIdentity }

    /// Writes rows `rows` of the matrix, of the channels `from..<from + count` only: (rows, taps·count).
    ///
    /// - Parameter pictures: How many pictures the image has.
    func callAsFunction<Scalar: FloatingScalar>(
        _ rows: Range<Int>, of image: UnsafePointer<Scalar>, pictures: Int, from: Int, count: Int,
        to target: UnsafeMutablePointer<Scalar>
    ) {
        let width = horizontal.grid
        let size = MemoryLayout<Scalar>.size
        var target = target
        var (line, column) = rows.lowerBound.quotientAndRemainder(dividingBy: width)
        var left = rows.count
        let isRun = horizontal.isConsecutive && count == channels
        let isShort = isRun && horizontal.offsets.count * channels * size <= Self.shortRun
        let end = image + pictures * vertical.image * horizontal.image * channels
        while left > 0 {
            let (picture, row) = line.quotientAndRemainder(dividingBy: vertical.grid)
            let source = image + picture * vertical.image * horizontal.image * channels + from
            let columns = column..<column + Swift.min(left, width - column)
            if isShort {
                copyShortRuns(source, row: row, columns: columns, end: end, to: target)
            } else if isRun {
                copyRuns(source, channels * size, row: row, columns: columns, to: target)
            } else {
                copyPixels(
                    source, channels * size, row: row, columns: columns, bytes: count * size, to: target)
            }
            target += columns.count * taps * count
            left -= columns.count
            column = 0
            line += 1
        }
    }

    /// Bytes below which a copy is not worth a call of memcpy.
    private static var shortRun: Int { 256 }

    /// Positions of one row: those whose windows are within the image by a kernel, the others run by run.
    private func copyShortRuns<Scalar: FloatingScalar>(
        _ source: UnsafePointer<Scalar>, row: Int, columns: Range<Int>, end: UnsafePointer<Scalar>,
        to target: UnsafeMutablePointer<Scalar>
    ) {
        let pixel = channels * MemoryLayout<Scalar>.size
        let inside = horizontal.inside(columns)
        guard vertical.isInside(row) && !inside.isEmpty else {
            return copyRuns(source, pixel, row: row, columns: columns, to: target)
        }
        func place(_ column: Int) -> UnsafeMutablePointer<Scalar> {
            target + (column - columns.lowerBound) * taps * channels
        }
        copyRuns(source, pixel, row: row, columns: columns.lowerBound..<inside.lowerBound, to: target)
        withRuns(row, from: inside.lowerBound) { start, offsets in
            Scalar._kernels.convolution.gatherRuns(
                from: source + start, step: horizontal.step * channels, offsets: offsets,
                runs: vertical.offsets.count, length: horizontal.offsets.count * channels,
                to: place(inside.lowerBound), positions: inside.count, end: end)
        }
        copyRuns(
            source, pixel, row: row, columns: inside.upperBound..<columns.upperBound,
            to: place(inside.upperBound))
    }

    /// Calls `body` with the element of a picture at which a column's runs of taps begin, and how far from there each
    /// of them is.
    func withRuns(_ row: Int, from column: Int, _ body: (_ start: Int, _ offsets: UnsafePointer<Int>) -> Void)
    {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: vertical.offsets.count) { offsets in
            for (index, offset) in vertical.offsets.enumerated() {
                offsets[index] = (row * vertical.step + offset) * horizontal.image * channels
            }
            guard let first = offsets.baseAddress else { return }
            body((column * horizontal.step + (horizontal.offsets.first ?? 0)) * channels, first)
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
