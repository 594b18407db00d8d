// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// A function of the radial or the folding group, which the table lists beside the ridge functions.
struct OtherFunction: Encodable {
    var name: String
    var group: String
    var equation: String
    var range: String
    /// The function of its inputs: a matrix, or points and centres.
    let apply: ([Tensor<Float>]) -> Tensor<Float>

    /// Whether the inputs are points and centres.
    var isRadial: Bool { group == Activation.Facts.Group.radial.rawValue }

    private enum CodingKeys: CodingKey { case name, group, equation, range }

    private init(
        _ name: String, _ group: Activation.Facts.Group, _ equation: String, _ range: String,
        apply: @escaping ([Tensor<Float>]) -> Tensor<Float>
    ) {
        self.name = name
        self.group = group.rawValue
        self.equation = equation
        self.range = range
        self.apply = apply
    }

    /// Every one of them; groups are pairs.
    static var all: [OtherFunction] {
        radials.map { radial in
            OtherFunction(radial.function.name, .radial, radial.function.equation, radial.range) {
                radialBasis($0[0], centres: $0[1], function: radial.function)
            }
        } + [
            OtherFunction("softmax", .folding, "exp xᵢ / Σⱼ exp xⱼ", "(0, 1)") { softmax($0[0]) },
            OtherFunction("log-softmax", .folding, "xᵢ − ln Σⱼ exp xⱼ", "(−∞, 0)") { logSoftmax($0[0]) },
            OtherFunction("maxout", .folding, "maxₖ (wₖ·x + bₖ)", "(−∞, ∞)") { maxout($0[0], groupsOf: 2) },
        ]
            + Fold.allCases.map { fold in
                OtherFunction(fold.name, .folding, equation(of: fold), "(−∞, ∞)") {
                    $0[0].folded(fold, groupsOf: 2)
                }
            }
            + Gate.allCases.map { gate in
                OtherFunction(gate.name, .folding, "x₁·\(gate.rawValue)(x₂)", "(−∞, ∞)") {
                    gatedLinearUnit($0[0], gate: gate)
                }
            }
    }

    private static func equation(of fold: Fold) -> String {
        switch fold {
        case .mean: "Σᵢ xᵢ / n"
        case .minimum: "minᵢ xᵢ"
        case .maximum: "maxᵢ xᵢ"
        case .logSumExp: "ln Σᵢ exp xᵢ"
        }
    }

    /// φ and φ′ by the distance r, for a width of 1.
    struct Radial: Sendable {
        var function: RadialFunction
        var range: String
        var derivative: String
        var value: @Sendable (Double) -> Double
        var slope: @Sendable (Double) -> Double
    }

    static let radials = [
        Radial(
            function: .gaussian, range: "(0, 1]", derivative: "−2·ε²r·φ", value: { exp(-$0 * $0) },
            slope: { -2 * $0 * exp(-$0 * $0) }),
        Radial(
            function: .multiquadric, range: "[1, ∞)", derivative: "ε²r / φ",
            value: { (1 + $0 * $0).squareRoot() }, slope: { $0 / (1 + $0 * $0).squareRoot() }),
        Radial(
            function: .inverseMultiquadric, range: "(0, 1]", derivative: "−ε²r·φ³",
            value: { 1 / (1 + $0 * $0).squareRoot() }, slope: { -$0 * pow(1 + $0 * $0, -1.5) }),
        Radial(
            function: .thinPlateSpline, range: "[−0.1839, ∞)", derivative: "r·(2·ln r + 1)",
            value: { $0 > 0 ? $0 * $0 * log($0) : 0 }, slope: { $0 > 0 ? $0 * (2 * log($0) + 1) : 0 }),
        Radial(
            function: .polyharmonicSpline(degree: 3), range: "[0, ∞)", derivative: "3·r²",
            value: { $0 * $0 * $0 }, slope: { 3 * $0 * $0 }),
    ]
}
