// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The values of a contiguous tensor along neighbouring axes, seen as the middle one of (outer, size, inner), and the
/// cut of the work on them into pieces, which depends on the extents alone.
struct MiddleAxis: Sendable {
    /// Columns that a piece has at least.
    static let fewColumns = 16

    let outer: Int
    let size: Int
    let inner: Int
    private let rowPieces: RowPieces
    private let width: Int

    init(outer: Int, size: Int, inner: Int) {
        (self.outer, self.size, self.inner) = (outer, size, inner)
        rowPieces = RowPieces(rows: outer, columns: size * inner)
        width = Swift.min(inner, Swift.max(Self.fewColumns, 2 * LoopNest.grain / Swift.max(size, 1)))
    }

    /// Those along the given axes, in ascending order, or nil where others lie between them.
    init?(of shape: Shape, along axes: [Int]) {
        guard let first = axes.first, let last = axes.last, last - first + 1 == axes.count else { return nil }
        self.init(
            outer: shape.prefix(first).reduce(1, *), size: axes.reduce(1) { $0 * shape[$1] },
            inner: shape.dropFirst(last + 1).reduce(1, *))
    }

    /// Calls `body` with the first element of every piece in x and in the result, its rows and its columns.
    func forEachPiece(_ body: (_ x: Int, _ result: Int, _ rows: Int, _ columns: Int) -> Void) {
        let pieces = (inner + width - 1) / Swift.max(width, 1)
        Parallelism.forEach(rowPieces.count * pieces) { index in
            let (row, rows) = rowPieces[index / pieces]
            let column = index % pieces * width
            body(
                row * size * inner + column, row * inner + column, rows, Swift.min(width, inner - column))
        }
    }

    /// The fold of x, whose axis is not empty, in a tensor of the given shape.
    func folded<Scalar: FloatingScalar>(_ fold: FoldKind, _ x: Tensor<Scalar>, to shape: Shape) -> Tensor<
        Scalar
    > {
        var out = Tensor<Scalar>(uninitialized: shape)
        out.fill { y in
            x.read { x in
                forEachPiece { x0, y0, rows, columns in
                    Scalar._kernels.fold(
                        fold, x: x + x0, y: y + y0, outer: rows, size: size, step: inner, columns: columns)
                }
            }
        }
        return out
    }
}
