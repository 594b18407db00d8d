// Part of Ridgeline. Licensed under the Apache License 2.0.

extension PixelGather {
    /// The transpose of gathering all positions' rows: adds each row's taps to the pixels of one picture that the
    /// position sees; what falls outside is dropped. The horizontal taps must be consecutive.
    ///
    /// - Parameter rows: Positions of the picture, whose taps begin at `matrix`: (rows, taps·channels).
    func add<Scalar: FloatingScalar>(
        _ rows: Range<Int>, _ matrix: UnsafePointer<Scalar>, to picture: UnsafeMutablePointer<Scalar>
    ) {
        let width = horizontal.grid
        var from = matrix
        var position = rows.lowerBound
        while position < rows.upperBound {
            let (row, column) = position.quotientAndRemainder(dividingBy: width)
            let columns = column..<column + Swift.min(rows.upperBound - position, width - column)
            add(from, row: row, columns: columns, to: picture)
            from += columns.count * taps * channels
            position += columns.count
        }
    }

    /// Positions of one row: those whose windows are within the picture by a kernel, the others run by run.
    private func add<Scalar: FloatingScalar>(
        _ from: UnsafePointer<Scalar>, row: Int, columns: Range<Int>, to picture: UnsafeMutablePointer<Scalar>
    ) {
        let length = horizontal.offsets.count * channels
        let inside =
            vertical.isInside(row) ? horizontal.inside(columns) : columns.lowerBound..<columns.lowerBound
        let kernels = Scalar._kernels
        if !inside.isEmpty {
            withRuns(row, from: inside.lowerBound) { start, offsets in
                kernels.convolution.scatterRuns(
                    from: from + (inside.lowerBound - columns.lowerBound) * taps * channels,
                    to: picture + start, step: horizontal.step * channels, offsets: offsets,
                    runs: vertical.offsets.count, length: length, positions: inside.count,
                    end: picture + vertical.image * horizontal.image * channels)
            }
        }
        for column in columns where !inside.contains(column) {
            let x = column * horizontal.step + (horizontal.offsets.first ?? 0)
            let start = Swift.min(Swift.max(0, -x), horizontal.offsets.count)
            let end = Swift.max(start, Swift.min(horizontal.offsets.count, horizontal.image - x))
            let taps = from + (column - columns.lowerBound) * self.taps * channels
            for (tap, offset) in vertical.offsets.enumerated() {
                let y = row * vertical.step + offset
                guard y >= 0 && y < vertical.image && start < end else { continue }
                kernels.scaledAdd(
                    alpha: 1, x: taps + tap * length + start * channels,
                    y: picture + (y * horizontal.image + x + start) * channels,
                    count: (end - start) * channels)
            }
        }
    }
}
