// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// The registry's part for pooling and the padding of images.
func poolingCases<Scalar: FloatingScalar>(
    _ still: [Arrangement]
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    typealias Function = (Tensor<Scalar>) -> Tensor<Scalar>
    func cases(
        _ name: String, _ shapes: [Shape], _ arrangements: [Arrangement], _ function: @escaping Function
    ) -> [Case] {
        shapes.map { shape in
            Case(name: "\(name) \(shape)", shapes: [shape], arrangements: arrangements) { function($0[0]) }
        }
    }
    let images: [Shape] = [[2, 5, 4, 3], [1, 3, 3, 17], [0, 3, 4, 2], [2, 3, 3, 0]]
    var all: [DifferentiableOperation: [Case]] = [:]
    // Overlapping, gapped, dilated and uneven windows. Equal inputs have no derivative.
    all[.maximumPooling] =
        cases("maximum", images, still) { maximumPooling2D($0, window: 3, stride: 2, padding: 1) }
        + cases("maximum", images, still) { maximumPooling2D($0, window: 2, stride: 3, ceilMode: true) }
        + cases("maximum", images, still) {
            maximumPooling2D($0, window: 2, stride: 1, padding: 1, dilation: 2)
        } + cases("maximum", images, still) { adaptiveMaximumPooling2D($0, outputSize: Size2D(3, 2)) }
        + cases("maximum of a row", [[1, 17, 16, 1]], still) { adaptiveMaximumPooling2D($0, outputSize: 1) }
    all[.averagePooling] =
        cases("average", images, Arrangement.allCases) {
            averagePooling2D($0, window: 3, stride: 2, padding: 1)
        }
        + cases("average", images, Arrangement.allCases) {
            averagePooling2D(
                $0, window: Size2D(3, 2), stride: Size2D(2, 3), padding: 1, ceilMode: true,
                countsPadding: false)
        }
        + cases("average", images, Arrangement.allCases) {
            adaptiveAveragePooling2D($0, outputSize: Size2D(3, 7))
        } + cases("global average", images, Arrangement.allCases) { globalAveragePooling($0) }
    all[.maximumPooling, default: []] +=
        cases("maximum with indices", images, still) {
            maximumPooling2DWithIndices($0, window: 2, stride: 1).output
        } + cases("maximum of sequences", [[2, 7, 3]], still) { maximumPooling1D($0, window: 3, stride: 2) }
    all[.averagePooling, default: []] += cases("average of sequences", [[2, 7, 3]], Arrangement.allCases) {
        averagePooling1D($0, window: 3, stride: 2, padding: 1)
    }
    // Two rows of three places each, some of them the same in other images or channels.
    all[.maximumUnpooling] = [[2, 1, 3, 2], [0, 1, 3, 2]].flatMap { (shape: Shape) in
        let places = Tensor<Int32>(
            shape: shape, scalars: [0, 1, 5, 2, 3, 3, 1, 0, 4, 2, 2, 5].prefix(shape.elementCount).map { $0 })
        return cases("unpooled", [shape], Arrangement.allCases) {
            maximumUnpooling2D($0, indices: places, outputSize: Size2D(2, 3))
        }
    }
    all[.unfold] =
        cases("unfolded", [[2, 7, 3], [0, 5, 2], [2, 5, 0]], Arrangement.allCases) {
            $0.unfolded(axis: 1, size: 3, step: 2)
        }
        + cases("unfolded last", [[3, 8]], Arrangement.allCases) {
            $0.unfolded(size: 2, step: 1, dilation: 3)
        }
        + cases("windows", images, Arrangement.allCases) {
            unfold2D($0, kernel: Size2D(3, 2), stride: 2, padding: 1)
        }
    all[.overlapAdd] =
        cases("overlap added", [[2, 3, 4], [0, 3, 2]], Arrangement.allCases) { $0.overlapAdded(step: 2) }
        + cases("overlap added first", [[3, 2, 4]], Arrangement.allCases) {
            $0.overlapAdded(axis: 0, step: 3, dilation: 2, extent: 14)
        }
        + cases("images of windows", [[2, 9, 12]], Arrangement.allCases) {
            fold2D($0, outputSize: Size2D(4, 5), kernel: Size2D(2, 3), stride: 2, padding: 1)
        }
    all[.edgePadding] = [.reflect, .replicate, .circular].flatMap { mode in
        cases("\(mode)", images, Arrangement.allCases) {
            padded($0, .each(top: 2, bottom: 1, left: 0, right: 2), mode: mode)
        }
    }
    return all
}
