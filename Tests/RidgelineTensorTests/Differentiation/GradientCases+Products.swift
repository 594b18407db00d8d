// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// The registry's second half: reductions, products, and what is built of several operations.
func reductionAndProductCases<Scalar: FloatingScalar>(
    _ still: [Arrangement]
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    let shapes: [Shape] = [[2, 3, 4], [5], [0, 3], [2, 0]]
    func reduction(
        _ name: String, _ shapes: [Shape] = [[2, 3, 4], [5], [0, 3], [2, 0]],
        arrangements: [Arrangement] = Arrangement.allCases,
        _ function: @escaping (Tensor<Scalar>, [Int], Bool) -> Tensor<Scalar>
    ) -> [Case] {
        shapes.flatMap { shape in
            [([0], false), ([-1], true), (Array(0..<shape.rank), false)].map { (axes: [Int], keeps: Bool) in
                Case(name: "\(name) \(shape) over \(axes)", shapes: [shape], arrangements: arrangements) {
                    function($0[0], axes, keeps)
                }
            }
        }
    }
    var all: [DifferentiableOperation: [Case]] = [:]
    all[.sum] =
        reduction("sum") { $0.sum(axes: $1, keepingDimensions: $2) }
        + reduction("mean", [[2, 3, 4]]) { $0.mean(axes: $1, keepingDimensions: $2) }
    all[.variance] =
        reduction("variance", [[2, 3, 4]]) { $0.variance(axes: $1, correction: 1, keepingDimensions: $2) }
        + [Case(name: "variance of no rows", shapes: [[0, 3]]) { $0[0].variance(axes: 1) }]
    all[.norm] = reduction("norm") { $0.norm(axes: $1, keepingDimensions: $2) }
    all[.extremum] =
        reduction("max", [[2, 3, 4], [5]], arrangements: still) { $0.max(axes: $1, keepingDimensions: $2) }
        + reduction("min", [[2, 3, 4], [5]], arrangements: still) { $0.min(axes: $1, keepingDimensions: $2) }
        + [Case(name: "max of no rows", shapes: [[0, 3]]) { $0[0].max(axes: 1) }]
    all[.logSumExp] = reduction("logSumExp") { $0.logSumExp(axes: $1, keepingDimensions: $2) }
    all[.softmax] = shapes.flatMap { shape in
        [0, -1].flatMap { axis in
            [
                Case(name: "softmax \(shape)", shapes: [shape]) { softmax($0[0], axis: axis) },
                Case(name: "softmax, logSoftmax \(shape)", shapes: [shape]) {
                    softmax($0[0] * 2, axis: axis) + logSoftmax($0[0], axis: axis)
                },
            ]
        }
    }
    let products: [(Shape, Shape)] = [
        ([3, 4], [4, 2]), ([2, 3, 4], [4, 2]), ([3, 4], [2, 4, 2]), ([2, 1, 3, 2], [3, 2, 2]), ([4], [4, 3]),
        ([3, 4], [4]), ([4], [4]), ([0, 4], [4, 2]), ([3, 0], [0, 2]), ([2, 3, 0], [0, 2]),
        ([0, 2, 3], [3, 2]),
    ]
    all[.matmul] =
        products.map { left, right in
            Case(name: "matmul \(left) \(right)", shapes: [left, right]) { matmul($0[0], $0[1]) }
        } + [Case(name: "x·xᵀ", shapes: [[3, 4]]) { matmul($0[0], $0[0].transposed()) }]
    let linears: [[Shape]] = [
        [[5, 4], [3, 4], [3]], [[2, 3, 4], [2, 4], [2]], [[4], [3, 4], [3]], [[0, 4], [3, 4], [3]],
        [[2, 0], [3, 0], [3]], [[2, 4], [0, 4], [0]],
    ]
    all[.linear] =
        linears.flatMap { shapes in
            [Activation.identity, .relu, .gelu, .geluTanh].map { activation in
                Case(name: "linear \(shapes) \(activation)", shapes: shapes) {
                    linear($0[0], weight: $0[1], bias: $0[2], activation: activation)
                }
            }
        }
        + Activation.smooth.map { activation in
            Case(name: "linear without bias \(activation)", shapes: [[3, 4], [2, 4]]) {
                linear($0[0], weight: $0[1], activation: activation)
            }
        }
        + [
            Case(name: "linear with one learnt slope", shapes: [[5, 4], [3, 4], [3], [1]]) {
                linear($0[0], weight: $0[1], bias: $0[2], activation: .parametricReLU(), slope: $0[3])
            },
            Case(name: "linear with learnt slopes", shapes: [[5, 4], [3, 4], [3], [3]]) {
                linear(
                    $0[0], weight: $0[1], bias: $0[2], activation: .parametricReLU(isPerChannel: true),
                    slope: $0[3])
            },
        ]
        + [
            // Gradients that arrive as slices are added to by GEMM where they lie.
            Case(name: "linear beside slices", shapes: [[3, 4], [2, 4], [2]]) {
                let y = linear($0[0], weight: $0[1], bias: $0[2])
                let joined = Tensor.concatenated([Tensor.ones([2, 4]), $0[0], $0[1]])
                return joined.sum(axes: 0) * y.sum() + joined.squared().sum(axes: 0)
            }
        ]
    all[.activation] = activationCases()
    all[.layerNormalization] =
        [[[5, 4], [4], [4]], [[2, 3, 4], [4], [4]], [[0, 4], [4], [4]], [[3, 0], [0], [0]]]
        .map { (shapes: [Shape]) in
            Case(
                name: "layerNormalization \(shapes)", shapes: shapes,
                arrangements: shapes[0][-1] > 0 ? still : [.contiguous]
            ) {
                layerNormalization($0[0], scale: $0[1], offset: $0[2], epsilon: 1e-2)
            }
        } + [Case(name: "layerNormalization", shapes: [[4, 6]]) { layerNormalization($0[0], epsilon: 1e-2) }]
    all[.crossEntropy] =
        [.mean, .sum, .none].flatMap { (reduction: LossReduction) in
            [
                Case(name: "crossEntropy \(reduction)", shapes: [[4, 5]]) {
                    softmaxCrossEntropy(logits: $0[0], labels: [4, 0, 2, 2], reduction: reduction)
                }
            ]
        } + [
            Case(name: "crossEntropy of nothing", shapes: [[0, 5]]) {
                softmaxCrossEntropy(logits: $0[0], labels: Tensor(shape: [0], scalars: []), reduction: .sum)
            }
        ]
    all[.dropout] = [[4, 5], [0, 3]].map { (shape: Shape) in
        Case(name: "dropout \(shape)", shapes: [shape]) {
            dropout($0[0], probability: 0.4, using: RandomGenerator(seed: 3))
        }
    }
    all[.cast] = [[3, 4], [0, 3]].map { (shape: Shape) in
        Case(name: "cast \(shape)", shapes: [shape]) { Tensor<Scalar>($0[0] * 3) }
    }
    all[.custom] = [[3, 4], [0, 3]].map { (shape: Shape) in
        Case(name: "custom \(shape)", shapes: [shape, shape], range: 0.4...2) {
            customOperation($0[0], $0[1]) { x, y in
                (x.squareRoot() * y, { ($0 * y / (2 * x.squareRoot()), $0 * x.squareRoot()) })
            }
        }
    }
    all[.recomputation] = [[3, 4], [0, 4]].map { (shape: Shape) in
        Case(name: "recomputation \(shape)", shapes: [shape, [2, 4]]) {
            withRecomputation(at: [$0[0], $0[1]]) { tanh(linear($0[0], weight: $0[1], activation: .gelu)) }
                * 2
        }
    }
    return all
}
