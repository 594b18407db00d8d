// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

extension Activation {
    /// The functions whose backward is their derivative and which need no slopes: all but the step, whose
    /// gradient passes straight through, and those with slopes.
    static let smooth = family.filter { activation in
        if case .ridge(let kind, _) = activation.form { kind != .step } else { false }
    }
}

/// Every activation with and without a bias, where its parameters are unusual too, and with learnt slopes.
func activationCases<Scalar: FloatingScalar>() -> [GradientCase<Scalar>] {
    typealias Case = GradientCase<Scalar>
    let unusual: [Activation] = [
        .leakyReLU(slope: -0.3), .leakyReLU(slope: 1.7), .elu(alpha: 0.4), .elu(alpha: -1.2),
        .celu(alpha: 2.5),
        .softplus(beta: 3), .softplus(beta: -2), .softplus(beta: 1, threshold: 1.1), .swish(beta: -0.7),
        .hardTanh(lower: -0.4, upper: 1.3), .thresholded(0.6, value: -2), .hardShrink(0), .softShrink(1.2),
    ]
    let all = Activation.smooth.filter { $0 != .identity } + unusual
    return all.flatMap { activation in
        [
            Case(name: "\(activation)", shapes: [[3, 5]], range: -4...4) { $0[0].activated(activation) },
            Case(name: "\(activation) with bias", shapes: [[2, 3, 4], [4]]) {
                $0[0].activated(activation, bias: $0[1])
            },
            Case(name: "\(activation) of nothing", shapes: [[0, 4], [4]]) {
                $0[0].activated(activation, bias: $0[1])
            },
        ]
    } + [
        Case(name: "one learnt slope", shapes: [[3, 5], [1]]) {
            $0[0].activated(.parametricReLU(), slope: $0[1])
        },
        Case(name: "learnt slopes and bias", shapes: [[2, 3, 4], [4], [4]]) {
            $0[0].activated(.parametricReLU(isPerChannel: true), bias: $0[1], slope: $0[2])
        },
        Case(name: "mean of random slopes", shapes: [[3, 5]]) { $0[0].activated(.randomizedLeakyReLU) },
        // Nearly one slope: single and double precision draw other numbers.
        Case(name: "random slopes", shapes: [[3, 5]]) { inputs in
            withRandomSeed(5) {
                withMode(.training) {
                    inputs[0].activated(.randomizedLeakyReLU(lower: 0.2, upper: 0.20001))
                }
            }
        },
    ]
}
