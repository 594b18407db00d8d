// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The values of a tensor along an axis as the fold kernels take them, (outer, size, step) without gaps, and
/// the cut of the work into pieces, which depends on the extents alone.
struct FoldGroups: Sendable {
    /// How many neighbours along the last axis let the kernels run side by side; fewer are brought into the
    /// groups' place instead.
    private static let fewNeighbours = 16

    private let size: Int
    private let step: Int
    private let rowPieces: RowPieces
    private let width: Int
    /// The order in which the axes are arranged, where that is not their own.
    private let order: [Int]?
    private let arrangedShape: Shape

    init(of shape: Shape, along axis: Int) {
        let inner = shape.dropFirst(axis + 1).reduce(1, *)
        let rest = Array(0..<axis) + Array((axis + 1)..<shape.rank)
        size = shape[axis]
        order = inner > 1 && inner < Self.fewNeighbours ? rest + [axis] : nil
        step = order == nil ? inner : 1
        arrangedShape = order.map { Shape($0.map { shape[$0] }) } ?? shape
        rowPieces = RowPieces(rows: shape.elementCount / Swift.max(size * step, 1), columns: size * step)
        width = Swift.min(step, Swift.max(Self.fewNeighbours, 2 * LoopNest.grain / Swift.max(size, 1)))
    }

    /// The tensor as the kernels take it: itself, where it lies so.
    func arranged<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        (order.map { x.permuted($0) } ?? x).contiguous()
    }

    /// y of the given shape, from an arranged x.
    func folded<Scalar: FloatingScalar>(_ fold: FoldKind, _ x: Tensor<Scalar>, to shape: Shape) -> Tensor<
        Scalar
    > {
        var out = Tensor<Scalar>(uninitialized: shape)
        out.fill { y in
            x.read { x in
                forEach { x0, y0, rows, columns in
                    Scalar._kernels.fold(
                        fold, x: x + x0, y: y + y0, outer: rows, size: size, step: step, columns: columns)
                }
            }
        }
        return out
    }

    /// The gradient of x, in its own axes and in the arranged one's place where nothing else holds that.
    func gradient<Scalar: FloatingScalar>(
        _ fold: FoldKind, of x: consuming Tensor<Scalar>, _ y: Tensor<Scalar>, _ dy: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        var dx = x.isOverwritable() ? x : Tensor(uninitialized: arrangedShape)
        dx.fill { dx in
            let (x, y, dy) = (x.pointer, y.pointer, dy.pointer)
            forEach { x0, y0, rows, columns in
                Scalar._kernels.foldBackward(
                    fold, x: x + x0, y: y + y0, dy: dy + y0, dx: dx + x0, outer: rows, size: size, step: step,
                    columns: columns)
            }
        }
        withExtendedLifetime((x.storage, y.storage, dy.storage)) {}
        guard let order else { return dx }
        return dx.permuted(order.indices.sorted { order[$0] < order[$1] })
    }

    private func forEach(_ body: (_ x: Int, _ y: Int, _ rows: Int, _ columns: Int) -> Void) {
        let pieces = (step + width - 1) / Swift.max(width, 1)
        Parallelism.forEach(rowPieces.count * pieces) { index in
            let (row, rows) = rowPieces[index / pieces]
            let column = index % pieces * width
            body(
                row * size * step + column, row * step + column, rows, Swift.min(width, step - column))
        }
    }
}
