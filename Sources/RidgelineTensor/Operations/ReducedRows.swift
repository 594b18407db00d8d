// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The elements of a tensor with the axes to reduce moved last, contiguous: rows to reduce one by one.
///
/// The cut of the work into pieces, and with it every result, depends on the extents alone.
struct ReducedRows<Scalar: TensorScalar>: Sendable {
    let tensor: Tensor<Scalar>
    let count: Int
    let columns: Int
    /// The place of each axis of the tensor reduced among those here.
    private let places: [Int]

    /// Elements of a row that are reduced at once: sums of rows are sums of those of such pieces, in order.
    private static var piece: Int { 1 << 16 }

    init(_ x: Tensor<Scalar>, reducing axes: [Int]) {
        let kept = (0..<x.rank).filter { !axes.contains($0) }
        let order = kept + axes
        tensor = x.view(x.layout.permuted(order)).contiguous()
        count = kept.reduce(1) { $0 * x.shape[$1] }
        columns = axes.reduce(1) { $0 * x.shape[$1] }
        places = order.indices.sorted { order[$0] < order[$1] }
    }

    /// Calls `body` with the number of each row and its first element, on all threads.
    func forEach(_ body: (_ row: Int, _ start: UnsafePointer<Scalar>) -> Void) {
        let rowsPerPiece = Swift.max(1, LoopNest.grain / Swift.max(columns, 1))
        tensor.read { source in
            Parallelism.forEach((count + rowsPerPiece - 1) / rowsPerPiece) { piece in
                for row in piece * rowsPerPiece..<Swift.min((piece + 1) * rowsPerPiece, count) {
                    body(row, source + row * columns)
                }
            }
        }
    }

    /// Adds up what `part` makes of the pieces of each row, and gives the sums to `finish`; both are called on all
    /// threads, with the number of the row. Few long rows are shared among threads by pieces.
    func forEachTotal(
        of part: (_ row: Int, _ start: UnsafePointer<Scalar>, _ count: Int) -> Double,
        _ finish: (_ row: Int, _ total: Double) -> Void
    ) {
        let piece = Self.piece
        let pieces = (columns + piece - 1) / piece
        func total(_ row: Int, _ index: Int, _ source: UnsafePointer<Scalar>) -> Double {
            part(row, source + index * piece, Swift.min(piece, columns - index * piece))
        }
        if count >= Parallelism.gridCores || pieces <= 2 {
            forEach { row, start in finish(row, (0..<pieces).reduce(0) { $0 + total(row, $1, start) }) }
            return
        }
        let partial = [Double](unsafeUninitializedCapacity: count * pieces) { partial, initialized in
            initialized = count * pieces
            let slots = partial
            tensor.read { source in
                Parallelism.forEach(count * pieces) { index in
                    let (row, piece) = index.quotientAndRemainder(dividingBy: pieces)
                    slots[index] = total(row, piece, source + row * columns)
                }
            }
        }
        for row in 0..<count { finish(row, partial[row * pieces..<(row + 1) * pieces].reduce(0, +)) }
    }

    /// A tensor of the elements' order here with the axes in their places again. A view.
    func restoring(_ rows: Tensor<Scalar>) -> Tensor<Scalar> { rows.view(rows.layout.permuted(places)) }
}
