// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Inputs and a function on which an operation's gradient is compared with finite differences.
struct GradientCase<Scalar: FloatingScalar> {
    let name: String
    let shapes: [Shape]
    var range = -2.0...2.0
    /// How the inputs may lie; kinks (equal maxima) exclude repeated elements.
    var arrangements = Arrangement.allCases
    let function: ([Tensor<Scalar>]) -> Tensor<Scalar>

    func inputs(_ arrangement: Arrangement) -> [Tensor<Scalar>] {
        shapes.enumerated().map { index, shape in
            arrangement.tensor(
                shape, sampled(shape.elementCount, in: range, seed: UInt64(index + 1) * 7))
        }
    }

    /// The operations that running it records, in their order.
    func recorded() -> [DifferentiableOperation] {
        var found: [DifferentiableOperation] = []
        _ = valueWithPullback(at: inputs(.contiguous)) { inputs in
            Recording.current?.operations = []
            let out = function(inputs)
            found = Recording.current?.operations ?? []
            return out
        }
        return found
    }
}

/// The checks of every operation. An operation that is missing here fails
/// `GradientRegistryTests.everyOperationHasChecks`.
func gradientRegistry<Scalar: FloatingScalar>(
    _: Scalar.Type
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    let still = Arrangement.allCases.filter { $0 != .broadcast }
    let positive = 0.4...2.4
    func binary(
        _ name: String, in range: ClosedRange<Double> = -2...2,
        arrangements: [Arrangement] = Arrangement.allCases,
        _ function: @escaping (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
    ) -> [Case] {
        [
            ([3, 4], [3, 4]), ([2, 3, 4], [3, 1]), ([], [2, 3]), ([4, 1], [1, 3]), ([0, 3], [3]),
            ([2, 0], [2, 1]),
        ].map { (left: Shape, right: Shape) in
            Case(
                name: "\(name) \(left) \(right)", shapes: [left, right], range: range,
                arrangements: arrangements
            ) { function($0[0], $0[1]) }
        }
    }
    func unary(
        _ name: String, _ shapes: [Shape] = [[2, 3, 4], [0, 3], [2, 0]],
        in range: ClosedRange<Double> = -2...2,
        arrangements: [Arrangement] = Arrangement.allCases,
        _ function: @escaping (Tensor<Scalar>) -> Tensor<Scalar>
    ) -> [Case] {
        shapes.map { shape in
            Case(name: "\(name) \(shape)", shapes: [shape], range: range, arrangements: arrangements) {
                function($0[0])
            }
        }
    }

    var all: [DifferentiableOperation: [Case]] = [:]
    all[.add] = binary("+") { $0 + $1 } + unary("x + x") { $0 + $0 }
    all[.subtract] = binary("-") { $0 - $1 } + unary("1 - x") { 1 - $0 }
    all[.multiply] = binary("*") { $0 * $1 } + unary("x * x") { $0 * $0 }
    all[.divide] = binary("/", in: positive) { $0 / $1 } + unary("1 / x", in: positive) { 1 / $0 }
    all[.maximum] = binary("maximum") { maximum($0, $1) }
    all[.minimum] = binary("minimum") { minimum($0, $1) }
    all[.power] = binary("power", in: positive) { $0.power($1) } + unary("cube") { $0.power(3) }
    all[.clamp] = unary("clamped", in: -2...2) { $0.clamped(-0.9, 1.1) }
    all[.select] = binary("which") { which(($0 + $1) .> 0, $0, $1) }
    typealias Function = (Tensor<Scalar>) -> Tensor<Scalar>
    let functions: [(DifferentiableOperation, ClosedRange<Double>, Function)] = [
        (.negate, -2...2, { -$0 }), (.absolute, -2...2, { abs($0) }), (.sign, 0.5...1, { $0.sign() }),
        (.square, -2...2, { $0.squared() }), (.squareRoot, positive, { sqrt($0) }),
        (.reciprocalSquareRoot, positive, { $0.reciprocalSquareRoot() }),
        (.reciprocal, positive, { $0.reciprocal() }), (.exp, -2...2, { exp($0) }),
        (.expMinusOne, -2...2, { expm1($0) }), (.log, positive, { log($0) }),
        (.logOnePlus, positive, { log1p($0) }), (.sin, -2...2, { sin($0) }), (.cos, -2...2, { cos($0) }),
        (.tan, -1...1, { tan($0) }), (.erf, -2...2, { erf($0) }), (.floor, 0.2...0.8, { $0.floor() }),
        (.ceiling, 0.2...0.8, { $0.ceiling() }), (.rounded, 0.6...0.9, { $0.rounded() }),
    ]
    for (operation, range, function) in functions {
        all[operation] = unary("\(operation)", in: range, function)
    }
    all[.activation] = unary("tanh") { tanh($0) } + unary("sigmoid") { sigmoid($0) }
    all[.reshape] =
        unary("reshaped", [[2, 3, 4], [0, 4]]) { $0.reshaped([2, -1]).flattened() }
        + unary("squeezed", [[1, 3, 1, 2]]) { $0.squeezed().expandingDimension(at: 1) }
    all[.permute] = unary("permuted") { $0.permuted(Array((0..<$0.rank).reversed())) }
    all[.slice] =
        unary("slices", [[5, 6], [0, 6]]) {
            $0[.strided(by: -2), 1..<4] * 2 + $0[.strided(by: 2), .strided(by: -2)]
        }
        + unary("flipped") { $0.flipped() } + unary("element", [[4, 3]]) { $0[-1, 1] }
        + unary("split", [[4, 6]]) { $0.split(sizes: [1, 2, 3], axis: 1)[2] }
    all[.assign] = [
        ([5, 4], [2, 4]), ([5, 4], [1]), ([5, 4], []), ([5, 0], [2, 0]),
    ].map { (whole: Shape, part: Shape) in
        Case(name: "assign \(part)", shapes: [whole, part]) { inputs in
            var x = inputs[0]
            x[.strided(from: 3, to: 0, by: -2)] = inputs[1]
            return x * inputs[0]
        }
    }
    all[.broadcast] =
        unary("broadcast", [[3, 1], [1, 3], [1]]) { $0.broadcast(to: [2, 3, 3]) }
        + unary("broadcast to nothing", [[3, 1]]) { $0.broadcast(to: [3, 0]) }
    all[.concatenate] =
        [([2, 3], [4, 3]), ([2, 3], [0, 3]), ([2, 0], [4, 0])].map { (one: Shape, other: Shape) in
            Case(name: "concatenated \(one) \(other)", shapes: [one, other]) {
                Tensor.concatenated([$0[1], $0[0], $0[1] * 2])
            }
        } + binary("stacked") { Tensor.stacked([$0 + $1, $0 - $1], axis: -1) }
    all[.pad] = unary("padded", [[2, 3], [0, 3]]) { $0.padded([(1, 0), (2, 1)], value: 3) }
    all[.gather] =
        unary("gathered", [[3, 4]]) { $0.gathered([[2, 0, 0], [2, 1, 0]], axis: 0) }
        + unary("gathered nothing", [[3, 4]]) { $0.gathered(Tensor(shape: [0, 4], scalars: []), axis: 0) }
    all[.take] =
        unary("taking", [[3, 4], [3, 0]]) { $0.taking([[2, 0], [2, 2]], axis: 0) }
        + unary("taking columns", [[2, 3, 2]]) { $0.taking([1, 1, 0], axis: 1) }
    return all.merging(reductionAndProductCases(still)) { $0 + $1 }
        .merging(activationFamilyCases(still)) { $0 + $1 }
        .merging(poolingCases(still)) { $0 + $1 }
        .merging(normalizationCases(still)) { $0 + $1 }
        .merging(convolutionVariantCases(still)) { $0 + $1 }
        .merging(convolutionCases(still)) { $0 + $1 }
        .merging(placeCases(still)) { $0 + $1 }
}
