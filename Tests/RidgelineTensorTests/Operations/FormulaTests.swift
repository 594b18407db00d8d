// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

@testable import RidgelineTensor

/// Formulas with literals: what they mean, and that the compiler takes them at once.
@Suite struct FormulaTests {
    private func near<Scalar: FloatingScalar>(
        _ y: Tensor<Scalar>, _ x: [Double], _ formula: (Double) -> Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectClose(
            y, [x.count], x.map(formula), tolerance: 16 * Scalar.ulpOfOne.asDouble,
            sourceLocation: sourceLocation)
    }

    @Test func meanWhatTheySay() {
        let values = [-1.5, 0.25, 2]
        let (single, double) = (Tensor<Float>(values.map { Float($0) }), Tensor(values))
        let formula = { (x: Double) in 1 / (1 + exp(-x)) + 2 * x - x / 3 + 4 * (x - 1) * (x - 2) }
        near(logistic(single), values, formula)
        near(logisticUnnamed(single), values, formula)
        near(logisticInDouble(double), values, formula)
        near(logisticOfAnyScalar(single), values, formula)
        near(logisticOfAnyScalar(double), values, formula)
        // A whole-number literal has no arithmetic of its own: 1 / 2 is a half, not 0.
        near(halves(double), values) { 0.5 * $0 + 0.75 }
        near(halvesOfAnyScalar(single), values) { 0.5 * $0 + 0.75 }
        near(series(double), values) { $0 - $0 * $0 * $0 / 6 + $0 * $0 * $0 * $0 * $0 / 120 }
        near(rosenbrock(double), values) {
            100 * ($0 - $0 * $0) * ($0 - $0 * $0) + (1 - $0) * (1 - $0) + 1 - 6 * $0
        }
        near(scaled(single, 3), values) { 6 * $0 - 6 / ($0 + 3) + 1 }
        near(horner(single), values) { x in [1, 2, 3, 4, 5, 6].reduce(1) { $0 * x + $1 } }
        let whole = Tensor<Int32>([-3, 0, 5])
        expect(integers(whole), [3], [-6 + 3 + (-4 * -1 * 3) - 7, 3 - 6 - 7, 10 + 3 - 1 + 84 - 7])
        expect(anyIntegers(whole), [3], integers(whole).scalars)
    }

    @Test func literalsOfEverySize() {
        let one = Tensor<Double>([1])
        func scaled<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            Tensor.stacked([
                x * 16_777_217, x * -16_777_219, x * 9_223_372_036_854_775_808,
                x * -9_223_372_036_854_775_809, x * 18_446_744_073_709_553_665,
                x * 680_564_733_841_876_926_926_749_214_863_536_422_913, x * -36_893_488_147_419_107_329,
            ])
        }
        expect(
            scaled(one), [7, 1],
            [
                16_777_217, -16_777_219, 0x1p63, -0x1p63, 18_446_744_073_709_555_712,
                680_564_733_841_876_926_926_749_214_863_536_422_912, -0x1.0000000000001p65,
            ])
        expect(
            scaled(Tensor<Float>(one)), [7, 1],
            [16_777_216, -16_777_220, 0x1p63, -0x1p63, 0x1p64, .infinity, -0x1p65])
        func added<Scalar: IntegerScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            x + 18_446_744_073_709_551_615
        }
        expect(added(Tensor<UInt64>([0, 1])), [2], [.max, 0])
        func lowered<Scalar: IntegerScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x + -128 }
        expect(lowered(Tensor<Int8>([0, -1])), [2], [-128, 127])
    }

    /// Counted in the type checker's steps, which are the same on every machine: 20,000 are about 100 ms, and its own limit
    /// is at a million. Where the operators have no reading that is found at once, these formulas take it beyond that.
    @Test func typeCheckAtOnce() throws {
        let limit = 20_000
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let source = here.appending(path: "Formulas.swift")
        let repository = here.appending(path: "../../..").standardized
        // Where this test was built stand the modules it imports.
        let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [
            products, repository.appending(path: ".build/debug"),
            repository.appending(path: ".build/release"),
        ]
        let modules = try #require(
            candidates.first {
                FileManager.default.fileExists(
                    atPath: $0.appending(path: "Modules/RidgelineTensor.swiftmodule").path)
            })
        let maps = [
            modules.appending(path: "CRidgelineKernels.build/module.modulemap"),
            repository.appending(path: "Modulemaps/COpenBLAS/module.modulemap"),
            repository.appending(
                path: ".build/checkouts/swift-numerics/Sources/_NumericsShims/include/module.modulemap"),
        ].filter { FileManager.default.fileExists(atPath: $0.path) }
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments =
            [
                "swiftc", "-typecheck", "-swift-version", "6", "-I", modules.appending(path: "Modules").path,
                "-Xfrontend",
                "-solver-scope-threshold=\(limit)",
            ] + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0.path)"] } + [source.path]
        let output = Pipe()
        compiler.standardError = output
        compiler.standardOutput = output
        try compiler.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        compiler.waitUntilExit()
        #expect(compiler.terminationStatus == 0, "\(text)")
    }
}
