// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineAccuracy
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
            Case(.step, 0.5), Case(.leakyReLU, -0.5), Case(.leakyReLU, 0), Case(.leakyReLU, 0.3),
            Case(.leakyReLU, 1.7), Case(.thresholded, 0.5, 0.25), Case(.thresholded, 0.5, 2),
            Case(.hardTanh, -0.25, 2.5), Case(.hardShrink, 2), Case(.softShrink, 0.3), Case(.softShrink, 2),
            Case(.elu, 0.3), Case(.elu, 1.7), Case(.elu, -0.3), Case(.celu, 0.3), Case(.celu, 2),
            Case(.softplus, 0.3, .infinity), Case(.softplus, 0.5, .infinity), Case(.softplus, 2, 20),
            Case(.silu, 0.3), Case(.silu, 0.5), Case(.silu, 2), Case(.silu, -1.7), Case(.silu, 0),
        ]

    @Test(arguments: cases)
    func error(test: Case) {
        let function = SweptFunction(test.kind, test.parameters)
        for set in InstructionSet.available {
            // The Swift kernels are slow.
            let sweep = ActivationSweep(function, on: [set])
            let result = sweep.run(stride: set == .swift ? 262_147 : 8191)[0]
            #expect(result.count > 16_000)
            #expect(result.value.ulps <= 2, "\(set): \(result.value.ulps) ulp at \(result.value.x)")
            #expect(
                result.derivative.ulps <= 4,
                "\(set): \(result.derivative.ulps) ulp at \(result.derivative.x)")
            // Correct rounding alone errs by a half: less from a function that rounds means that nothing was compared.
            if ![.identity, .step, .relu, .relu6, .thresholded, .hardTanh, .hardShrink].contains(test.kind),
                !(test.kind == .leakyReLU && test.parameters.first == 0),
                !(test.kind == .silu && test.parameters.first == 0)
            {
                #expect(result.value.ulps > 0.4)
            }
        }
    }

    /// The bounds that the table of facts states, on every instruction set.
    @Test(arguments: Activation.family)
    func statedBounds(activation: Activation) {
        let bounds = activation.facts.largestError
        let fast = ActivationSweep(activation, on: InstructionSet.available.filter { $0 != .swift })
        for errors in fast.run(stride: 4099) + ActivationSweep(activation, on: [.swift]).run(stride: 262_147)
        {
            #expect(
                errors.value.ulps <= bounds.value,
                "\(errors.set): \(errors.value.ulps) ulp at \(errors.value.x)")
            #expect(
                errors.derivative.ulps <= bounds.derivative,
                "\(errors.set)′: \(errors.derivative.ulps) ulp at \(errors.derivative.x)")
        }
    }

    /// Several instruction sets in one sweep are those one by one.
    @Test(arguments: [Activation.gelu, .sigmoid, .sine, .randomizedLeakyReLU])
    func setsAreComparedTogether(activation: Activation) {
        let sets = InstructionSet.available
        let together = ActivationSweep(activation, on: sets).run(stride: 262_147)
        #expect(together.map(\.set) == sets)
        #expect(together == sets.flatMap { ActivationSweep(activation, on: [$0]).run(stride: 262_147) })
    }

    /// An error is found, with its size and place.
    @Test func findsAnError() {
        func worst(
            _ values: [Float], _ exact: [Double], signed: Bool = false
        ) -> ActivationSweep.Errors.Extreme {
            var extreme = ActivationSweep.Errors.Extreme()
            ActivationSweep.compare(
                values, exact, exact, at: [10, 11, 12], values.count, signed: signed, &extreme)
            return extreme
        }
        let ulp = Double(Float.ulpOfOne)
        #expect(worst([1, 2, 3], [1, 2, 3]) == .init(ulps: 0, x: 0))
        #expect(worst([1, 2, 3], [1 + 3 * ulp, 2 + 4 * ulp, 3]) == .init(ulps: 3, x: 10))
        #expect(worst([1, 2, 3], [1, 2 + 4 * ulp, 3 - 16 * ulp]) == .init(ulps: 8, x: 12))
        let least = Double(Float.leastNonzeroMagnitude)
        #expect(
            worst([0, .leastNonzeroMagnitude], [0.75 * least, 0.5 * least]) == .init(ulps: 0.75, x: 10))
        #expect(worst([.infinity, .nan], [1e39, .nan]) == .init(ulps: 0, x: 0))
        for (value, exact) in [
            (Float.nan, 1.0), (.infinity, 1), (1, .nan), (1, .infinity), (-.infinity, 1e39),
        ] {
            #expect(worst([1, value], [1, exact]) == .init(ulps: .infinity, x: 11))
        }
        // NaN does not hide what comes after it.
        #expect(worst([1, .nan, 1], [1, .nan, 2]).x == 12)
        // A zero of the wrong sign is wrong where signs count.
        #expect(worst([-0.0, 0], [0, -0.0]).ulps == 0)
        #expect(worst([0, -0.0], [0, 1e-60], signed: true) == .init(ulps: .infinity, x: 11))
        #expect(worst([0, -0.0], [1e-60, -1e-60], signed: true).ulps < 1e-6)
    }

    /// The result does not depend on how the patterns are cut up.
    @Test func sumsUpItsChunks() {
        let sweep = ActivationSweep(.gelu)
        let whole = sweep.run(over: 0xBF00_0000...0xBF80_0000, stride: 5)[0]
        var parts = sweep.run(over: 0xBF00_0000...0xBF3F_FFFF, stride: 5)[0]
        parts.merge(sweep.run(over: 0xBF00_0000 + 5 * UInt32(parts.count)...0xBF80_0000, stride: 5)[0])
        #expect(whole == parts)
    }

    /// The reference for the sine of large numbers is the system's, which takes ten times as long.
    @Test func farSineIsTheSystems() {
        for bits in stride(from: FarSine.start.bitPattern, to: Float.infinity.bitPattern, by: 100_003) {
            for x in [Float(bitPattern: bits), -Float(bitPattern: bits)] {
                let (rest, quarter) = FarSine.reduced(x)
                #expect(rest.magnitude <= Double.pi / 4 + 1e-15)
                let (s, c) = (Double.sin(rest), Double.cos(rest))
                let sine = [s, c, -s, -c][Int(quarter & 3)]
                let exact = Double.sin(Double(x))
                #expect(abs(sine - exact) <= 2 * exact.ulp, "\(x): \(sine), \(exact)")
            }
        }
        #expect(FarSine.reduced(.infinity).rest.isNaN && FarSine.reduced(.nan).rest.isNaN)
    }
}
