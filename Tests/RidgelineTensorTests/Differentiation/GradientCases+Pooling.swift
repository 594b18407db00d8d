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
    all[.edgePadding] = [.reflect, .replicate, .circular].flatMap { mode in
        cases("\(mode)", images, Arrangement.allCases) {
            padded($0, .each(top: 2, bottom: 1, left: 0, right: 2), mode: mode)
        }
    }
    return all
}
