// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The values of a tensor along an axis as the fold kernels take them, (outer, size, step) without gaps.
struct FoldGroups: Sendable {
    private let axis: MiddleAxis
    /// The order in which the axes are arranged, where that is not their own: fewer neighbours along the last axis than
    /// let the kernels run side by side are brought into the groups' place.
    private let order: [Int]?
    private let arrangedShape: Shape

    init(of shape: Shape, along axis: Int) {
        let inner = shape.dropFirst(axis + 1).reduce(1, *)
        let rest = Array(0..<axis) + Array((axis + 1)..<shape.rank)
        let (size, isFew) = (shape[axis], inner > 1 && inner < MiddleAxis.fewColumns)
        order = isFew ? rest + [axis] : nil
        let step = isFew ? 1 : inner
        arrangedShape = order.map { Shape($0.map { shape[$0] }) } ?? shape
        self.axis = MiddleAxis(
            outer: shape.elementCount / Swift.max(size * step, 1), size: size, inner: step)
    }

    /// The tensor as the kernels take it: itself, where it lies so.
    func arranged<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        (order.map { x.permuted($0) } ?? x).contiguous()
    }

    /// y of the given shape, from an arranged x.
    func folded<Scalar: FloatingScalar>(_ fold: FoldKind, _ x: Tensor<Scalar>, to shape: Shape) -> Tensor<
        Scalar
    > {
        axis.folded(fold, x, to: shape)
    }

    /// The gradient of x, in its own axes and in the arranged one's place where nothing else holds that.
    func gradient<Scalar: FloatingScalar>(
        _ fold: FoldKind, of x: consuming Tensor<Scalar>, _ y: Tensor<Scalar>, _ dy: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        var dx = x.isOverwritable() ? x : Tensor(uninitialized: arrangedShape)
        dx.fill { dx in
            let (x, y, dy) = (x.pointer, y.pointer, dy.pointer)
            axis.forEachPiece { x0, y0, rows, columns in
                Scalar._kernels.foldBackward(
                    fold, x: x + x0, y: y + y0, dy: dy + y0, dx: dx + x0, outer: rows, size: axis.size,
                    step: axis.inner, columns: columns)
            }
        }
        withExtendedLifetime((x.storage, y.storage, dy.storage)) {}
        guard let order else { return dx }
        return dx.permuted(order.indices.sorted { order[$0] < order[$1] })
    }
}
