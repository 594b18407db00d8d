// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Float's errors over a stride of all bit patterns, on every instruction set.
@Suite struct ActivationSweepTests {
    struct Case: Sendable, CustomStringConvertible {
        let kind: ActivationKind
        let parameters: ActivationParameters<Float>
        init(_ kind: ActivationKind, _ first: Float, _ second: Float = 0) {
            self.kind = kind
            parameters = ActivationParameters(first, second)
        }
        var description: String { "\(kind)(\(parameters.first), \(parameters.second))" }
    }

    /// Every function with PyTorch's defaults, and with other parameters where it takes some.
    static let cases =
        ActivationKind.allCases.map { kind in
            let standard: ActivationParameters<Float> = kind.standardParameters.converted()
            return Case(kind, standard.first, standard.second)
        } + [
            Case(.step, 0.5), Case(.leakyReLU, -0.5), Case(.leakyReLU, 0), Case(.thresholded, 0.5, 0.25),
            Case(.thresholded, 0.5, 2), Case(.hardTanh, -0.25, 2.5), Case(.elu, 1.7), Case(.elu, -0.3),
            Case(.celu, 0.3), Case(.softplus, 0.3, .infinity), Case(.softplus, 2, 20), Case(.silu, 0.3),
            Case(.silu, -1.7), Case(.silu, 0),
        ]

    @Test(arguments: InstructionSet.available, cases)
    func error(set: InstructionSet, test: Case) {
        let sweep = ActivationSweep(test.kind, parameters: test.parameters, instructionSet: set)
        // The Swift kernels are slow.
        let result = sweep.run(stride: set == .swift ? 262_147 : 8191)
        #expect(result.count > 16_000)
        #expect(result.value.ulps <= 2, "\(result.value.ulps) ulp at \(result.value.x)")
        #expect(result.derivative.ulps <= 4, "\(result.derivative.ulps) ulp at \(result.derivative.x)")
        // Correct rounding alone errs by a half: less from a function that rounds means that nothing was compared.
        if ![.identity, .step, .relu, .relu6, .thresholded, .hardTanh, .hardShrink].contains(test.kind),
            !(test.kind == .leakyReLU && test.parameters.first == 0),
            !(test.kind == .silu && test.parameters.first == 0)
        {
            #expect(result.value.ulps > 0.4)
        }
    }

    /// An error is found, with its size and place.
    @Test func findsAnError() {
        func worst(_ values: [Float], _ exact: [Double]) -> ActivationSweep.Extreme {
            var extreme = ActivationSweep.Extreme()
            ActivationSweep.compare(values, exact, exact, 1000, 10, values.count, &extreme)
            return extreme
        }
        let ulp = Double(Float.ulpOfOne)
        #expect(worst([1, 2, 3], [1, 2, 3]) == .init(ulps: 0, bits: 0))
        #expect(worst([1, 2, 3], [1 + 3 * ulp, 2 + 4 * ulp, 3]) == .init(ulps: 3, bits: 1000))
        #expect(worst([1, 2, 3], [1, 2 + 4 * ulp, 3 - 16 * ulp]) == .init(ulps: 8, bits: 1020))
        let least = Double(Float.leastNonzeroMagnitude)
        #expect(
            worst([0, .leastNonzeroMagnitude], [0.75 * least, 0.5 * least]) == .init(ulps: 0.75, bits: 1000))
        #expect(worst([.infinity, .nan], [1e39, .nan]) == .init(ulps: 0, bits: 0))
        for (value, exact) in [
            (Float.nan, 1.0), (.infinity, 1), (1, .nan), (1, .infinity), (-.infinity, 1e39),
        ] {
            #expect(worst([1, value], [1, exact]) == .init(ulps: .infinity, bits: 1010))
        }
        // NaN does not hide what comes after it.
        #expect(worst([1, .nan, 1], [1, .nan, 2]).bits == 1020)
    }

    /// The result does not depend on how the patterns are cut up.
    @Test func sumsUpItsChunks() {
        let sweep = ActivationSweep(.gelu)
        let whole = sweep.run(over: 0xBF00_0000...0xBF80_0000, stride: 5)
        let low = sweep.run(over: 0xBF00_0000...0xBF3F_FFFF, stride: 5)
        let high = sweep.run(over: 0xBF00_0000 + 5 * UInt32(low.count)...0xBF80_0000, stride: 5)
        #expect(whole.count == low.count + high.count)
        #expect(whole.value.ulps == max(low.value.ulps, high.value.ulps))
        #expect(whole.derivative.ulps == max(low.derivative.ulps, high.derivative.ulps))
    }
}
