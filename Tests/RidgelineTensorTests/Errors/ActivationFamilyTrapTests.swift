// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Mistakes with gated, folding and radial functions and with alpha dropout.
enum FamilyMistake: String, CaseIterable, Codable, Sendable {
    case oddExtent, gateAxis, gateShapes, softmaxAxis, groups, noGroups, alphaProbability, lecun
    case radialInput, widthCount, negativeWidth, notANumber, splineWidth, splineDegree

    func make() {
        let x = Tensor<Float>.zeros([2, 3])
        let centres = Tensor<Float>.zeros([4, 3])
        switch self {
        case .oddExtent: _ = gatedLinearUnit(x)
        case .gateAxis: _ = gatedLinearUnit(x, axis: 2)
        case .gateShapes: _ = gated(x, centres)
        case .softmaxAxis: _ = softmin(x, axis: -3)
        case .groups: _ = maxout(x, groupsOf: 2)
        case .noGroups: _ = x.folded(.mean, groupsOf: 0)
        case .alphaProbability: _ = alphaDropout(x, probability: -0.25)
        case .lecun: _ = Tensor<Float>.lecunNormal([3])
        case .radialInput: _ = radialBasis(x, centres: .zeros([4, 2]))
        case .widthCount: _ = radialBasis(x, centres: centres, widths: .ones([3]))
        case .negativeWidth: _ = radialBasis(x, centres: centres, widths: [1, 2, -0.5, 1])
        case .notANumber: _ = radialBasis(x, centres: centres, widths: Tensor([1, .nan, 1, 1]))
        case .splineWidth:
            _ = radialBasis(x, centres: centres, widths: .ones([4]), function: .thinPlateSpline)
        case .splineDegree: _ = radialBasis(x, centres: centres, function: .polyharmonicSpline(degree: 0))
        }
    }

    /// What the message says.
    var message: [String] {
        switch self {
        case .oddExtent: ["gatedLinearUnit: extent 3 along axis 1 of [2, 3]; expected an even one"]
        case .gateAxis: ["gatedLinearUnit: axis 2 does not exist in a tensor of shape [2, 3]"]
        case .gateShapes: ["gated: shapes [2, 3] and [4, 3]; expected equal ones"]
        case .softmaxAxis: ["softmin: axis -3 does not exist in a tensor of shape [2, 3]"]
        case .groups: ["folded: groups of 2 along axis 1 of [2, 3]; expected a divisor of 3"]
        case .noGroups: ["folded: groups of 0 along axis 1 of [2, 3]"]
        case .alphaProbability: ["alphaDropout: probability -0.25; expected 0 up to 1"]
        case .lecun: ["lecunNormal: shape [3]; expected at least two axes"]
        case .radialInput: ["radialBasis: input [2, 3], centres [4, 2]; expected (…, inputs)"]
        case .widthCount: ["radialBasis: widths [3] for 4 centres; expected [4]"]
        case .negativeWidth: ["radialBasis: width -0.5 of centre 2; expected finite and not negative"]
        case .notANumber: ["radialBasis: width nan of centre 1"]
        case .splineWidth: ["radialBasis: thin-plate-spline has no width"]
        case .splineDegree: ["radialBasis: a spline of degree 0; expected 1 or more"]
        }
    }
}

@Suite struct ActivationFamilyTrapTests {
    @Test(arguments: FamilyMistake.allCases)
    func stopsWithAMessage(mistake: FamilyMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for part in mistake.message { #expect(text.contains(part), "\(text.prefix(400))") }
    }
}
