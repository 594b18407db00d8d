// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Errors as a program meets them that knows Foundation only.
struct ErrorTests {
    @Test func localizedDescriptions() throws {
        let errors: [any Error] = [
            FormatError.notARegularFile(path: "/"), ActivationNameError.unknown("x"),
            InstructionSetError.unknown("x"),
            try #require(throws: ModelLoadingError.self) {
                try Linear<Float>(1, 1).load(from: NoTensors())
            },
            try #require(throws: ModelSavingError.self) {
                try Linear<Float>(1, 1).save(to: "x", transposing: ["x"])
            },
            try #require(throws: GradientDiscrepancy.self) {
                try checkGradients(at: [[1, 2]]) { x in (x[0] * withoutGradients { x[0] + 1 }).sum() }
            },
        ]
        for error in errors {
            #expect(error.localizedDescription == "\(error)" && !"\(error)".isEmpty)
            #expect(!error.localizedDescription.contains("The operation could not be completed"))
        }
        #expect(FormatError.notARegularFile(path: "/x").localizedDescription == "/x: not a regular file")
    }

    private struct NoTensors: TensorSource {
        let path = "nowhere"
        let names: [String] = []
        let metadata: [String: String] = [:]
        func info(_ name: String) -> TensorInfo? { nil }
        func tensor<Scalar: TensorScalar>(
            _ name: String, as type: Scalar.Type, rounding: Bool
        ) throws -> Tensor<Scalar> { throw FormatError.missingTensor(path: path, name: name, available: []) }
    }

    /// No library has a public error that only its own words describe.
    @Test func everyPublicErrorIsDescribed() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let declaration = /(public|package) (?:final )?(?:struct|enum|class|actor) (\w+)[^{\n]*?:([^{]*)\{/
        var described: [String] = []
        for target in try FileManager.default.contentsOfDirectory(atPath: sources.path)
        where target.hasPrefix("Ridgeline") && target != "RidgelineCommand" {
            let files = FileManager.default.enumerator(atPath: sources.appending(path: target).path)
            for case let file as String in files ?? .init() where file.hasSuffix(".swift") {
                let text = try String(
                    contentsOf: sources.appending(path: target).appending(path: file), encoding: .utf8)
                for match in text.matches(of: declaration) {
                    let parents = match.3.split { !$0.isLetter }
                    #expect(!parents.contains("Error"), "\(file): \(match.2) is to be a DescribedError")
                    if parents.contains("DescribedError") { described.append(String(match.2)) }
                }
            }
        }
        #expect(described.count >= 7, "\(described)")
    }
}
