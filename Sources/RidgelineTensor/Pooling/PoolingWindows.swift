// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// The windows of a pooling over a batch of images (N, H, W, C), and the cut of the work into pieces of rows of
/// one image, which depends on the extents alone.
struct PoolingWindows: Sendable {
    let vertical: PoolingAxis
    let horizontal: PoolingAxis
    let images: Int
    let channels: Int

    init(_ shape: Shape, vertical: PoolingAxis, horizontal: PoolingAxis) {
        self.vertical = vertical
        self.horizontal = horizontal
        images = shape[0]
        channels = shape[3]
    }

    /// Windows that share the image evenly among `outputs`. Traps on other shapes and on sizes below 1.
    init(_ shape: Shape, adaptingTo outputs: Size2D, for operation: String) {
        let size = Self.imageSize(shape, for: operation)
        require(
            outputs.height > 0 && outputs.width > 0 && outputs.height <= PoolingAxis.mostOutputs
                && outputs.width <= PoolingAxis.mostOutputs,
            "\(operation): output size \(outputs); expected 1 or more, at most \(PoolingAxis.mostOutputs)")
        self.init(
            shape, vertical: PoolingAxis(inputs: size.height, adaptingTo: outputs.height),
            horizontal: PoolingAxis(inputs: size.width, adaptingTo: outputs.width))
    }

    /// The height and width of images, at least one pixel. Traps on another rank than 4 and on empty images,
    /// which it calls by `operation`'s name.
    static func imageSize(_ shape: Shape, for operation: String) -> Size2D {
        require(
            shape.rank == 4 && shape[1] > 0 && shape[2] > 0,
            "\(operation): input \(shape); expected (images, height, width, channels), height and width 1 or "
                + "more\(channelsFirstHint(shape))")
        return Size2D(shape[1], shape[2])
    }

    private var inputShape: Shape { [images, vertical.inputs, horizontal.inputs, channels] }
    var outputShape: Shape { [images, vertical.outputs, horizontal.outputs, channels] }

    /// The mean of each window, by its divisor.
    func average<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        var out = Tensor<Scalar>(uninitialized: outputShape)
        out.fill { y in
            x.read { x in
                forEachPiece(of: outputShape) { image, rows, vertical, horizontal in
                    PoolingKernel.average(
                        x + image * inputShape.imageCount, y + image * outputShape.imageCount, vertical,
                        horizontal, channels: channels, rows: rows)
                }
            }
        }
        return out
    }

    /// The largest input of each window and, in `Index`, which it was.
    func maximum<Scalar: FloatingScalar, Index: TensorScalar>(
        _ x: Tensor<Scalar>, winners: Tensor<Index>?
    ) -> Tensor<Scalar> {
        var out = Tensor<Scalar>(uninitialized: outputShape)
        let index = winners?.storage.pointer(as: Index.self)
        out.fill { y in
            x.read { x in
                forEachPiece(of: outputShape) { image, rows, vertical, horizontal in
                    let start = image * outputShape.imageCount
                    PoolingKernel.maximum(
                        x + image * inputShape.imageCount, y + start, winners: index.map { $0 + start },
                        vertical, horizontal, channels: channels, rows: rows)
                }
            }
        }
        withExtendedLifetime(winners?.storage) {}
        return out
    }

    /// dx of dy: to the winners, or without them to all inputs of a window by its divisor.
    func gradient<Scalar: FloatingScalar, Index: TensorScalar>(
        of dy: Tensor<Scalar>, winners: Tensor<Index>?
    ) -> Tensor<Scalar> {
        var out = Tensor<Scalar>(uninitialized: inputShape)
        let index = winners?.pointer
        out.fill { dx in
            dy.read { dy in
                forEachPiece(of: inputShape) { image, rows, vertical, horizontal in
                    let start = image * outputShape.imageCount
                    PoolingKernel.backward(
                        dy + start, winners: index.map { $0 + start }, dx + image * inputShape.imageCount,
                        vertical, horizontal, channels: channels, rows: rows)
                }
            }
        }
        withExtendedLifetime(winners?.storage) {}
        return out
    }

    /// Each piece writes rows of one image of the given shape, and nothing else does.
    private func forEachPiece(
        of shape: Shape,
        _ body: (
            _ image: Int, _ rows: Range<Int>, _ vertical: ridgeline_pooling_axis,
            _ horizontal: ridgeline_pooling_axis
        ) -> Void
    ) {
        let pieces = RowPieces(rows: shape[1], columns: shape[2] * shape[3])
        vertical.withKernelAxis { vertical in
            horizontal.withKernelAxis { horizontal in
                Parallelism.forEach(shape[0] * pieces.count) { index in
                    let (image, piece) = index.quotientAndRemainder(dividingBy: pieces.count)
                    let (first, count) = pieces[piece]
                    body(image, first..<first + count, vertical, horizontal)
                }
            }
        }
    }
}

extension Shape {
    /// The elements of one image of a batch.
    fileprivate var imageCount: Int { self[1] * self[2] * self[3] }
}

extension WindowAxis {
    /// The windows of a pooling. Traps as `pair` does, and on padding of more than half of what a window spans:
    /// windows of nothing but padding would have no mean and no maximum.
    static func pooling(
        _ shape: Shape, window: Size2D, stride: Size2D, dilation: Size2D, padding: Padding2D, ceilMode: Bool,
        for operation: String
    ) -> (vertical: WindowAxis, horizontal: WindowAxis) {
        let axes = pair(
            image: PoolingWindows.imageSize(shape, for: operation), kernel: window, stride: stride,
            dilation: dilation, padding: padding, ceilMode: ceilMode, of: shape, for: operation)
        for axis in [axes.vertical, axes.horizontal] {
            require(
                Swift.max(axis.before, axis.after) <= axis.reach / 2,
                "\(operation): padding \(axis.before) before and \(axis.after) after a window that spans "
                    + "\(axis.reach); expected at most half, \(axis.reach / 2)")
        }
        return axes
    }
}
