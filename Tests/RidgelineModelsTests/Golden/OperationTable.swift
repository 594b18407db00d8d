// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The operations of `operations.safetensors` by their names there, as functions of the stored inputs.
func operationTable<Scalar: FloatingScalar>(
    _ type: Scalar.Type
) -> [String: ([Tensor<Scalar>]) -> Tensor<Scalar>] {
    arithmeticTable(type)
        .merging(functionTable(type)) { first, _ in first }
        .merging(movementTable(type)) { first, _ in first }
        .merging(reductionTable(type)) { first, _ in first }
        .merging(productTable(type)) { first, _ in first }
}

private typealias Table<Scalar: FloatingScalar> = [String: ([Tensor<Scalar>]) -> Tensor<Scalar>]

private func arithmeticTable<Scalar: FloatingScalar>(_ type: Scalar.Type) -> Table<Scalar> {
    [
        "add": { $0[0] + $0[1] },
        "subtract": { $0[0] - $0[1] },
        "multiply": { $0[0] * $0[1] },
        "divide": { $0[0] / $0[1] },
        "maximum": { maximum($0[0], $0[1]) },
        "minimum": { minimum($0[0], $0[1]) },
        "power": { $0[0].power($0[1]) },
        "negate": { -$0[0] },
        "clamp": { $0[0].clamped(-0.5, Scalar(fromDouble: 0.7)) },
        "where": { which($0[0] .!= 0, $0[1], $0[2]) },
    ]
}

private func functionTable<Scalar: FloatingScalar>(_ type: Scalar.Type) -> Table<Scalar> {
    [
        "exp": { exp($0[0]) },
        "log": { log($0[0]) },
        "log1p": { log1p($0[0]) },
        "expm1": { expm1($0[0]) },
        "sqrt": { sqrt($0[0]) },
        "rsqrt": { $0[0].reciprocalSquareRoot() },
        "reciprocal": { $0[0].reciprocal() },
        "square": { $0[0].squared() },
        "abs": { abs($0[0]) },
        "sin": { sin($0[0]) },
        "cos": { cos($0[0]) },
        "tan": { tan($0[0]) },
        "tanh": { tanh($0[0]) },
        "erf": { erf($0[0]) },
        "sigmoid": { sigmoid($0[0]) },
        "relu": { $0[0].activated(.relu) },
        "gelu": { $0[0].activated(.gelu) },
        "gelu_tanh": { $0[0].activated(.geluTanh) },
    ]
}

private func movementTable<Scalar: FloatingScalar>(_ type: Scalar.Type) -> Table<Scalar> {
    [
        "reshape": { $0[0].reshaped(to: [2, 15]) },
        "transpose": { $0[0].transposed() },
        "permute": { $0[0].permuted([2, 0, 1]) },
        "expand": { $0[0].broadcast(to: [2, 3, 5]) },
        "slice": { $0[0][1..<3, .strided(by: 2)] },
        "flip": { $0[0].flipped([1]) },
        "concatenate": { .concatenated($0, axis: 1) },
        "stack": { .stacked($0, axis: 1) },
        "pad": { $0[0].padded([(1, 3), (2, 1)], value: 0.25) },
        "gather": { $0[0].gathered(Tensor<Int32>($0[1]), axis: 1) },
        "index_select": { $0[0].taking(Tensor<Int32>($0[1]), axis: 1) },
    ]
}

private func reductionTable<Scalar: FloatingScalar>(_ type: Scalar.Type) -> Table<Scalar> {
    [
        "sum": { $0[0].sum(axes: [0, 2]) },
        "sum.keepdim": { $0[0].sum(axes: [0, 2], keepingDimensions: true) },
        "mean": { $0[0].mean(axes: [0, 2]) },
        "variance.unbiased": { $0[0].variance(axes: [0, 2], correction: 1) },
        "variance.biased": { $0[0].variance(axes: [0, 2]) },
        "max": { $0[0].max(axes: 1) },
        "min": { $0[0].min(axes: 1) },
        "max.all": { $0[0].max() },
        "logsumexp": { $0[0].logSumExp(axes: [1]) },
        "softmax": { softmax($0[0], axis: 1) },
        "log_softmax": { logSoftmax($0[0], axis: 1) },
    ]
}

private func productTable<Scalar: FloatingScalar>(_ type: Scalar.Type) -> Table<Scalar> {
    [
        "matmul": { matmul($0[0], $0[1]) },
        "matmul.batched": { matmul($0[0], $0[1]) },
        "matmul.vector": { matmul($0[0], $0[1]) },
        "dot": { matmul($0[0], $0[1]) },
        "linear": { linear($0[0], weight: $0[1], bias: $0[2]) },
        "layer_norm": { layerNormalization($0[0], scale: $0[1], offset: $0[2]) },
        "cross_entropy": { softmaxCrossEntropy(logits: $0[0], labels: Tensor<Int32>($0[1])) },
        "mse_loss": { meanSquaredError($0[0], $0[1]) },
    ]
}
