// Part of Ridgeline. Licensed under the Apache License 2.0.

// Formulas as they are written in models and losses. They are compiled with the tests, and `FormulaTests` asks the
// compiler that none takes its type checker long.

import RidgelineTensor

func logistic(_ x: Tensor<Float>) -> Tensor<Float> {
    1 / (1 + exp(-x)) + 2 * x - x / 3 + 4 * (x - 1) * (x - 2)
}
func logisticUnnamed(_ x: Tensor<Float>) -> Tensor<Float> {
    let y = 1 / (1 + exp(-x)) + 2 * x - x / 3 + 4 * (x - 1) * (x - 2)
    return y
}
func logisticInDouble(_ x: Tensor<Double>) -> Tensor<Double> {
    1 / (1 + exp(-x)) + 2 * x - x / 3 + 4 * (x - 1) * (x - 2)
}
func logisticOfAnyScalar<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    1 / (1 + exp(-x)) + 2 * x - x / 3 + 4 * (x - 1) * (x - 2)
}
func logisticGradient(_ x: Tensor<Float>) -> Tensor<Float> {
    valueAndGradient(at: x) {
        (1 / (1 + exp(-$0)) + 2 * $0 - $0 / 3 + 4 * ($0 - 1) * ($0 - 2)).sum()
    }.gradient
}
func logistics(_ xs: [Tensor<Float>]) -> [Tensor<Float>] {
    xs.map { 1 / (1 + exp(-$0)) + 2 * $0 - $0 / 3 }
}
func integers(_ x: Tensor<Int32>) -> Tensor<Int32> {
    2 * x + 3 - x / 4 + (x - 1) * (x + 2) * 3 - 7
}
func anyIntegers<Scalar: IntegerScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    2 * x + 3 - x / 4 + (x - 1) * (x + 2) * 3 - 7
}
func scaled(_ x: Tensor<Float>, _ a: Float) -> Tensor<Float> {
    a * x + x * a - a / (x + a) * 2 + 1
}
func anyScaled<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ a: Scalar, _ b: Scalar) -> Tensor<Scalar> {
    x * (2 * a + 1) + (3 - b / 2) * x - (a * a + b * b) / 2
}
func blended(_ x: Tensor<Float>, _ y: Tensor<Float>, _ a: Float) -> Tensor<Float> {
    (1 - a) * x + a * y * (1 - 1 / (1 + x)) / 2 - a / 3
}
func tanhGELU(_ x: Tensor<Float>) -> Tensor<Float> {
    0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
}
func rosenbrock(_ x: Tensor<Double>) -> Tensor<Double> {
    100 * (x - x * x).squared() + (1 - x).squared() + 1 - 2 * 3 * x
}
func signs(_ x: Tensor<Float>) -> Tensor<Float> {
    -x * 2 + 3 * -x - (1 - x) * (1 + x) / 2 + x.power(3) - 2 * pow(x, 2) + 1
}
func halves(_ x: Tensor<Double>) -> Tensor<Double> { 1 / 2 * x + 3 / 4 }
func halvesOfAnyScalar<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { 1 / 2 * x + 3 / 4 }
func series<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x - 1 / 6 * x * x * x + 1 / 120 * x * x * x * x * x
}
func horner(_ x: Tensor<Float>) -> Tensor<Float> {
    (((((1 + x) * x + 2) * x + 3) * x + 4) * x + 5) * x + 6
}
func crossEntropy(_ p: Tensor<Float>, _ t: Tensor<Float>, _ count: Int) -> Tensor<Float> {
    -(t * log(p + 1e-7) + (1 - t) * log(1 - p + 1e-7)).sum() / Float(count)
}
func huber(_ x: Tensor<Float>, _ y: Tensor<Float>) -> Tensor<Float> {
    ((x - y).squared() / 2 + 3 * abs(x - y) - 0.5).sum() / 4 + 1
}
func piecewise(_ x: Tensor<Float>) -> Tensor<Float> {
    which(x .> 0, x, 0.1 * x) + which(x .< 1, 2 * x, x / 3 - 1) * maximum(x, 0) - minimum(1 - x, 2)
}
func counted(_ x: Tensor<Float>, _ k: Int) -> Tensor<Float> {
    x * Float(k + 1) / (1 - Float(k) / 10) + 3 * (2 - x * 4) / Float(2 * k - 1)
}
func parts(_ x: Tensor<Float>) -> Tensor<Float> {
    2 * x[0] + x[1] / 3 - (1 - x[0, 1]) * x[1, 0] * 2 + 1
}
func partsOfAnyScalar<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    2 * x[0] + x[1] / 3 - (1 - x[0, 1])
}
func standardized(_ x: Tensor<Float>) -> Tensor<Float> {
    (x - x.mean(axis: 1, keepingDimensions: true))
        / (x.variance(axis: 1, keepingDimensions: true) + 1e-5).sqrt() * 2 - 1
}
func chained(_ x: Tensor<Float>) -> Tensor<Float> {
    pow(x, 2) + 2 * pow(1 - x, 3) - x.pow(2).exp() / (1 + x.abs().sqrt())
}
func longer(_ x: Tensor<Float>) -> Tensor<Float> {
    1 / (1 + exp(-x)) + 2 * x.squared() - x.sum() / 3 + 4 * (x - 1) * (x - 2) + 1 / (1 + exp(-x)) + 2 * x - x
        / 3 + 4
        * (x - 1) * (x - 2) - x * x * x / 6
}
