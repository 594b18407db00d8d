// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// The checks of normalisations by channels.
func normalizationCases<Scalar: FloatingScalar>(
    _ still: [Arrangement]
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    func cases(
        _ name: String, _ shapes: [[Shape]], _ function: @escaping ([Tensor<Scalar>]) -> Tensor<Scalar>
    ) -> [Case] {
        shapes.map { shapes in
            Case(
                name: "\(name) \(shapes)", shapes: shapes,
                arrangements: shapes[0].elementCount > 0 ? still : [.contiguous], function: function)
        }
    }
    func plain(_ x: Shape) -> [Shape] { [x, [x[-1]], [x[-1]]] }
    func residual(_ x: Shape) -> [Shape] { plain(x) + [x] }
    let small: [Shape] = [[2, 3, 4], [33, 3], [0, 2, 4], [3, 0]]

    var batch: [Case] = []
    let activations: [Activation] = [.identity, .relu, .gelu, .sigmoid, .elu, .squaredReLU]
    for activation in activations {
        batch += cases("\(activation)", small.map(plain)) {
            batchNormalization($0[0], scale: $0[1], offset: $0[2], epsilon: 1e-2, activation: activation)
                .output
        }
        batch += cases("\(activation) with residual", small.map(residual)) {
            batchNormalization(
                $0[0], scale: $0[1], offset: $0[2], epsilon: 1e-2, residual: $0[3], activation: activation
            ).output
        }
        batch += cases("\(activation), given statistics", [residual([2, 3, 3])]) {
            batchNormalization(
                $0[0], mean: [0.5, -1, 0], variance: [2, 0.5, 1], scale: $0[1], offset: $0[2],
                residual: $0[3], activation: activation)
        }
    }
    batch += cases("without scale and offset", [[[5, 3]]]) { batchNormalization($0[0], epsilon: 1e-2).output }
    batch += cases("one residual for both", [[[5, 3]]]) {
        batchNormalization($0[0], epsilon: 1e-2, residual: $0[0], activation: .relu).output
    }
    for slopes: Shape in [[1], [3]] {
        batch += cases("parametric ReLU", [[[7, 3], [3], [3], [7, 3], slopes]]) {
            batchNormalization(
                $0[0], scale: $0[1], offset: $0[2], epsilon: 1e-2, residual: $0[3],
                activation: .parametricReLU(isPerChannel: true), slope: $0[4]
            ).output
        }
    }

    let images: [Shape] = [[2, 3, 4], [2, 40, 6], [0, 2, 4], [2, 2, 0]]
    let group =
        cases("groups", images.map(plain)) {
            groupNormalization($0[0], groups: 2, scale: $0[1], offset: $0[2], epsilon: 1e-2)
        } + cases("groups, plain", [[[3, 2, 2, 4]]]) { groupNormalization($0[0], groups: 1, epsilon: 1e-2) }
        + cases("instances", images.map(plain)) {
            instanceNormalization($0[0], scale: $0[1], offset: $0[2], epsilon: 1e-2)
        }
    return [.batchNormalization: batch, .groupNormalization: group]
}
