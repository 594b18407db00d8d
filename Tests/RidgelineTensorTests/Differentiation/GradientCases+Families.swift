// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// The registry's part for gated, folding and radial functions and SELU's dropout.
func activationFamilyCases<Scalar: FloatingScalar>(
    _ still: [Arrangement]
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    var all: [DifferentiableOperation: [Case]] = [:]
    // ReLU's kink is at 0, where no sample lies.
    all[.gated] = Gate.allCases.flatMap { gate in
        let shapes: [(Shape, Int)] = [([3, 8], -1), ([2, 4, 3], 1), ([6], 0), ([0, 4], 1), ([2, 0], -1)]
        return shapes.map { (shape: Shape, axis: Int) in
            Case(name: "\(gate) \(shape)", shapes: [shape]) {
                gatedLinearUnit($0[0], gate: gate, axis: axis)
            }
        }
            + [[3, 5], [], [0, 2]].map { (shape: Shape) in
                Case(name: "gated \(gate) \(shape)", shapes: [shape, shape]) {
                    gated($0[0], $0[1], gate: gate)
                }
            } + [
                // The saved halves may only be overwritten where nothing else reads them.
                Case(name: "\(gate) of a value used twice", shapes: [[2, 6]]) {
                    let x = $0[0] * 2
                    return gatedLinearUnit(x, gate: gate) * x.squared().sum()
                }
            ]
    }
    all[.gatedLinear] = Gate.allCases.flatMap { gate in
        let extents: [(Shape, Shape)] = [([3, 5], [8, 5]), ([2, 2, 3], [2, 3]), ([0, 3], [4, 3])]
        return extents.flatMap { (x: Shape, weight: Shape) in
            [
                Case(name: "gatedLinear \(gate) \(x)", shapes: [x, weight]) {
                    gatedLinear($0[0], weight: $0[1], gate: gate)
                },
                Case(name: "gatedLinear \(gate) \(x) with bias", shapes: [x, weight, [weight[0]]]) {
                    gatedLinear($0[0], weight: $0[1], bias: $0[2], gate: gate)
                },
            ]
        }
    }
    let shapes: [Shape] = [[2, 3, 4], [5], [0, 3], [2, 0]]
    all[.logSoftmax] = shapes.flatMap { shape in
        [0, -1].map { axis in
            Case(name: "logSoftmax \(shape)", shapes: [shape]) { logSoftmax($0[0] * 2, axis: axis) }
        }
    }
    all[.softmax] = shapes.flatMap { shape in
        [0, -1].map { axis in
            Case(name: "softmin \(shape)", shapes: [shape]) { softmin($0[0] * 2, axis: axis) }
        }
    }
    all[.alphaDropout] = [[4, 5], [0, 3]].map { (shape: Shape) in
        Case(name: "alphaDropout \(shape)", shapes: [shape]) {
            alphaDropout($0[0] * 2, probability: 0.4, using: RandomGenerator(seed: 3))
        }
    }
    all[.fold] = Fold.allCases.flatMap { fold in
        // Groups of neighbours, few and many side by side, and long ones; equal extremes have no derivative.
        let groups: [(Shape, Int, Int)] = [
            ([3, 6], 3, -1), ([4, 6], 2, 0), ([2, 4, 3], 2, 1), ([4, 20], 4, 0), ([2, 130], 65, 1),
            ([0, 4], 2, 1),
        ]
        let arrangements =
            fold == .minimum || fold == .maximum ? still : Arrangement.allCases
        return groups.map { (shape: Shape, size: Int, axis: Int) in
            Case(name: "\(fold) of groups \(shape)", shapes: [shape], arrangements: arrangements) {
                $0[0].folded(fold, groupsOf: size, axis: axis)
            }
        } + [
            Case(name: "\(fold) along an axis", shapes: [[2, 3, 4]], arrangements: arrangements) {
                $0[0].folded(fold, axis: 1, keepingDimensions: true) * $0[0].folded(fold, axis: 0).sum()
            },
            // What was saved may only be overwritten where nothing else reads it.
            Case(name: "\(fold) of a value used twice", shapes: [[2, 6]], arrangements: arrangements) {
                let x = $0[0] * 2
                return x.folded(fold, groupsOf: 3) * x.squared().sum()
            },
        ]
    }
    let wide: [RadialFunction] = [.gaussian, .multiquadric, .inverseMultiquadric]
    let splines: [RadialFunction] =
        [.thinPlateSpline] + (1...5).map { .polyharmonicSpline(degree: $0) }
    let radial: [(Shape, Shape)] = [
        ([4, 3], [5, 3]), ([2, 2, 1], [3, 1]), ([3], [2, 3]), ([0, 3], [2, 3]),
    ]
    all[.radial] = radial.flatMap { (x: Shape, centres: Shape) in
        wide.map { function in
            Case(name: "\(function) \(x)", shapes: [x, centres, [centres[0]]]) {
                radialBasis(
                    $0[0], centres: $0[1], widths: $0[2].squared() + 0.25, function: function)
            }
        }
            + splines.map { function in
                Case(name: "\(function) \(x)", shapes: [x, centres]) {
                    radialBasis($0[0], centres: $0[1], function: function)
                }
            }
    }
    return all
}
