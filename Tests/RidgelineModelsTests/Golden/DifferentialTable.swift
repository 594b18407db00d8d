// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

private typealias Table<Scalar: FloatingScalar> = [String: ([Tensor<Scalar>], [Int]) -> Tensor<Scalar>]

/// The operations of `differential.txt` by their names there, of inputs and whole-number parameters.
func differentialTable<Scalar: FloatingScalar>(
    _: Scalar.Type
) -> [String: ([Tensor<Scalar>], [Int]) -> Tensor<Scalar>] {
    [elementwiseTable(), functionTable(), reductionTable(), movementTable(), productTable()]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
}

private func elementwiseTable<Scalar: FloatingScalar>() -> Table<Scalar> {
    [
        "add": { x, _ in x[0] + x[1] },
        "subtract": { x, _ in x[0] - x[1] },
        "multiply": { x, _ in x[0] * x[1] },
        "divide": { x, _ in x[0] / x[1] },
        "maximum": { x, _ in maximum(x[0], x[1]) },
        "minimum": { x, _ in minimum(x[0], x[1]) },
        "power": { x, _ in x[0].power(x[1]) },
        "where": { x, _ in which(stopGradient(x[0]) .!= 0, x[1], x[2]) },
        "clamp": { x, _ in x[0].clamped(-0.75, 1.5) },
        "cube": { x, _ in x[0].power(3) },
        "root": { x, _ in x[0].power(0.5) },
        "inverse": { x, _ in x[0].power(-1) },
        "zeroth": { x, _ in x[0].power(0) },
        "at_least": { x, _ in maximum(x[0], 0.5) },
    ]
}

private func functionTable<Scalar: FloatingScalar>() -> Table<Scalar> {
    let functions: [String: (Tensor<Scalar>) -> Tensor<Scalar>] = [
        "negate": { -$0 },
        "abs": { abs($0) },
        "sign": { $0.sign() },
        "square": { $0.squared() },
        "sqrt": { sqrt($0) },
        "rsqrt": { $0.reciprocalSquareRoot() },
        "reciprocal": { $0.reciprocal() },
        "exp": { exp($0) },
        "expm1": { expm1($0) },
        "log": { log($0) },
        "log1p": { log1p($0) },
        "sin": { sin($0) },
        "cos": { cos($0) },
        "tan": { tan($0) },
        "erf": { erf($0) },
        "floor": { $0.floor() },
        "ceiling": { $0.ceiling() },
        "rounded": { $0.rounded() },
        "tanh": { tanh($0) },
        "sigmoid": { sigmoid($0) },
        "relu": { relu($0) },
        "silu": { silu($0) },
        "gelu": { gelu($0) },
        "softplus": { $0.activated(.softplus(beta: 1)) },
        "elu": { $0.activated(.elu(alpha: 1)) },
        "leaky_relu": { $0.activated(.leakyReLU(slope: 0.25)) },
        "hard_swish": { $0.activated(.hardSwish) },
    ]
    return functions.mapValues { function in { x, _ in function(x[0]) } }
}

private func reductionTable<Scalar: FloatingScalar>() -> Table<Scalar> {
    typealias Reduction = (Tensor<Scalar>, [Int], Bool) -> Tensor<Scalar>
    let reductions: [String: Reduction] = [
        "sum": { $0.sum(axes: $1, keepingDimensions: $2) },
        "mean": { $0.mean(axes: $1, keepingDimensions: $2) },
        "variance": { $0.variance(axes: $1, keepingDimensions: $2) },
        "unbiased": { $0.variance(axes: $1, correction: 1, keepingDimensions: $2) },
        "norm": { $0.norm(axes: $1, keepingDimensions: $2) },
        "max": { $0.max(axes: $1, keepingDimensions: $2) },
        "min": { $0.min(axes: $1, keepingDimensions: $2) },
        "logsumexp": { $0.logSumExp(axes: $1, keepingDimensions: $2) },
    ]
    let rows: Table<Scalar> = [
        "softmax": { softmax($0[0], axis: $1[0]) },
        "softmin": { softmin($0[0], axis: $1[0]) },
        "log_softmax": { logSoftmax($0[0], axis: $1[0]) },
        "cross_entropy": { x, _ in
            softmaxCrossEntropy(logits: x[0], labels: Tensor<Int64>(stopGradient(x[1])), reduction: .none)
        },
    ]
    return rows.merging(
        reductions.mapValues { reduce in { x, p in reduce(x[0], Array(p.dropFirst()), p[0] == 1) } }
    ) { first, _ in first }
}

private func movementTable<Scalar: FloatingScalar>() -> Table<Scalar> {
    [
        "permute": { $0[0].permuted($1) },
        "flatten": { x, _ in x[0].flattened() },
        "flip": { x, _ in x[0].flipped([0, -1]) },
        "slice": { x, p in
            x[0].transposed(p[0], 0)[.strided(from: p[1], by: p[2])].transposed(p[0], 0)
        },
        "pad": { x, p in
            x[0].padded((0..<x[0].rank).map { (before: p[2 * $0], after: p[2 * $0 + 1]) }, value: 0.25)
        },
        "squares": { x, _ in x[0].expandingDimension(at: 1) * x[0].expandingDimension(at: 0) },
        "take": { $0[0].taking(Tensor<Int64>(stopGradient($0[1])), axis: $1[0]) },
        "gather": { $0[0].gathered(Tensor<Int64>(stopGradient($0[1])), axis: $1[0]) },
        "concatenate": { .concatenated([$0[0], $0[1], $0[0]], axis: $1[0]) },
        "stack": { .stacked($0, axis: $1[0]) },
        "broadcast": { $0[0].broadcast(to: Shape($1)) },
    ]
}

private func productTable<Scalar: FloatingScalar>() -> Table<Scalar> {
    func padding(_ width: Int) -> Padding2D { .each(top: width, bottom: width, left: width, right: width) }
    return [
        "matmul": { x, _ in matmul(x[0], x[1]) },
        "linear": { x, _ in linear(x[0], weight: x[1], bias: x[2]) },
        "layer_norm": { x, _ in layerNormalization(x[0], scale: x[1], offset: x[2], epsilon: 1e-3) },
        "convolution": { x, p in
            convolution2D(x[0], weight: x[1], stride: Size2D(p[0], p[0]), padding: padding(p[1]))
        },
        "maximum_pooling": { x, p in
            maximumPooling2D(x[0], window: 3, stride: Size2D(p[0], p[0]), padding: padding(p[1]))
        },
        "average_pooling": { x, p in
            averagePooling2D(x[0], window: 3, stride: Size2D(p[0], p[0]), padding: padding(p[1]))
        },
    ]
}
