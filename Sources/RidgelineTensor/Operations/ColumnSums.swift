// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The sums of the columns of a matrix of contiguous rows, in double precision.
///
/// The matrix is cut into strips of columns, whose sums stay in the first-level cache, and, where these are
/// few, into pieces of rows; the cut depends on the extents alone, and the pieces' sums are added in a fixed
/// order.
struct ColumnSums {
    let rows: Int
    let columns: Int

    /// Columns whose sums are carried along at once.
    private static let stripWidth = 2_048
    /// Columns below which several rows are taken as one, so that vectors are full.
    private static let narrow = 64
    /// About the most parts: the sums of pieces of rows are another matrix to write and read.
    private static let mostParts = 64

    private var strips: Int { (columns + Self.stripWidth - 1) / Self.stripWidth }

    /// target[j] = Σᵢ x[i][j]; zeros of no rows.
    func sum<Scalar: FloatingScalar, Sum: FloatingScalar>(
        _ x: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Sum>
    ) {
        let group = Self.narrow / Swift.max(columns, 1)
        if group >= 2 && rows >= 2 * group { return sum(x, takingAsOne: group, into: target) }
        let mostPieces = Swift.max(1, Self.mostParts / Swift.max(strips, 1))
        let rowsPerPiece = Swift.max(
            8, (rows + mostPieces - 1) / mostPieces,
            LoopNest.grain / Swift.max(Swift.min(columns, Self.stripWidth), 1))
        if rows > rowsPerPiece { return sum(x, rowsPerPiece, into: target) }
        Parallelism.forEach(strips) { strip in
            let first = strip * Self.stripWidth
            let count = Swift.min(Self.stripWidth, columns - first)
            withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { sums in
                sums.initialize(repeating: 0)
                guard let start = sums.baseAddress else { return }
                Scalar._kernels.columnSums(
                    x: x + first, stride: columns, total: start, rows: rows, columns: count)
                for index in 0..<count { target[first + index] = Sum(fromDouble: sums[index]) }
            }
        }
    }

    /// The sums by pieces of rows.
    private func sum<Scalar: FloatingScalar, Sum: FloatingScalar>(
        _ x: UnsafePointer<Scalar>, _ rowsPerPiece: Int, into target: UnsafeMutablePointer<Sum>
    ) {
        let pieces = (rows + rowsPerPiece - 1) / rowsPerPiece
        let partial = Tensor<Double>(uninitialized: [pieces, columns])
        let sums = partial.storage.pointer(as: Double.self)
        Parallelism.forEach(pieces * strips) { part in
            let (piece, strip) = part.quotientAndRemainder(dividingBy: strips)
            let (row, first) = (piece * rowsPerPiece, strip * Self.stripWidth)
            let width = Swift.min(Self.stripWidth, columns - first)
            let total = sums + piece * columns + first
            total.initialize(repeating: 0, count: width)
            Scalar._kernels.columnSums(
                x: x + row * columns + first, stride: columns, total: total,
                rows: Swift.min(rowsPerPiece, rows - row), columns: width)
        }
        ColumnSums(rows: pieces, columns: columns).sum(partial.pointer, into: target)
        withExtendedLifetime(partial.storage) {}
    }

    /// The sums with `group` rows taken as one of as many times the columns.
    private func sum<Scalar: FloatingScalar, Sum: FloatingScalar>(
        _ x: UnsafePointer<Scalar>, takingAsOne group: Int, into target: UnsafeMutablePointer<Sum>
    ) {
        let wide = ColumnSums(rows: rows / group, columns: group * columns)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: wide.columns) { sums in
            guard let start = sums.baseAddress else { return }
            wide.sum(x, into: start)
            for index in columns..<wide.columns { sums[index % columns] += sums[index] }
            for index in wide.rows * wide.columns..<rows * columns {
                sums[index % columns] += x[index].asDouble
            }
            for column in 0..<columns { target[column] = Sum(fromDouble: sums[column]) }
        }
    }
}
