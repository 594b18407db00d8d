// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Whether the tables of the tests know every activation. A new one fails here until it has its rows; each message says
/// in which file. `RidgeTests` asks the same of PyTorch's table.
@Suite struct ActivationTableTests {
    private static let folder = "Tests/RidgelineTensorTests/"

    @Test(arguments: ActivationKind.allCases)
    func hasAPlaceInTheFamily(kind: ActivationKind) {
        let members = Activation.family.filter {
            if case .ridge(kind, _) = $0.form { true } else { false }
        }
        #expect(
            members.count == 1,
            "\(kind) is \(members.count) times in Activation.family, in Sources/RidgelineTensor/Activation/ActivationNames.swift"
        )
        #expect(
            members.first == Activation(kind),
            "\(kind) is in Activation.family, in ActivationNames.swift, with other parameters than its standard ones"
        )
        #expect((try? Activation(named: kind.name)) == members.first, "\(kind) is not found by its name")
    }

    @Test(arguments: ActivationKind.allCases)
    func hasItsSignOfZero(kind: ActivationKind) {
        #expect(
            ActivationKinkTests.zeros[kind] != nil,
            "\(kind) lacks what it makes of −0 and 0: `zeros` in \(Self.folder)Kernels/ActivationKinkTests.swift"
        )
    }

    @Test(arguments: ActivationKind.allCases)
    func hasItsKinks(kind: ActivationKind) {
        let rows = ActivationKinkTests.expected.filter { $0.0 == kind }
        #expect(
            !rows.isEmpty,
            "\(kind) lacks PyTorch's values at kinks, infinities and NaN: `expected` in \(Self.folder)Kernels/ActivationKinkTests.swift"
        )
        for row in rows {
            #expect(row.values.count == ActivationKinkTests.x.count, "\(kind)")
            #expect(row.slopes.count == ActivationKinkTests.x.count, "\(kind)")
        }
    }

    /// A function that takes parameters is tried with other ones than PyTorch's defaults, each of them.
    @Test(arguments: ActivationKind.allCases)
    func isTriedWithUnusualParameters(kind: ActivationKind) {
        let standard: ActivationParameters<Float> = kind.standardParameters.converted()
        let others = ActivationSweepTests.cases.filter { $0.kind == kind }.map(\.parameters)
        func expectTried(_ tried: Bool, _ which: String) {
            #expect(
                tried,
                "\(kind) is not tried with an unusual \(which) parameter: `cases` in \(Self.folder)Kernels/ActivationSweepTests.swift"
            )
        }
        if kind.parameterCount > 0 { expectTried(others.contains { $0.first != standard.first }, "first") }
        if kind.parameterCount > 1 { expectTried(others.contains { $0.second != standard.second }, "second") }
        #if arch(x86_64)
            let doubles = DoubleActivationSweepTests.functions.filter {
                if case .ridge(kind, _) = $0.form { true } else { false }
            }
            #expect(
                doubles.count > (kind.parameterCount > 0 ? 1 : 0),
                "\(kind) lacks unusual parameters in `functions` of \(Self.folder)Kernels/DoubleActivationSweepTests.swift"
            )
        #endif
    }

    /// The gradient checks go through every function; the identity records nothing, and the step's gradient passes
    /// straight through, which is no derivative.
    @Test(arguments: ActivationKind.allCases.filter { $0 != .identity && $0 != .step })
    func hasAGradientCheck(kind: ActivationKind) {
        let checks = gradientRegistry(Double.self)[.activation] ?? []
        #expect(
            checks.contains { $0.name == "\(Activation(kind))" },
            "\(kind) lacks a gradient check in \(Self.folder)Differentiation/GradientCases+Activations.swift")
    }
}
