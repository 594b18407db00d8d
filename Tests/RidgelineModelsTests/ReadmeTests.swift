// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// The README's example is the one compiled here, and it does what it says.
struct ReadmeTests {
    /// The lines without the indentation that all of them share.
    private func dedented(_ lines: [Substring]) -> [String] {
        let filled = lines.filter { $0.contains { $0 != " " } }
        let indentation = filled.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(indentation)) }
    }

    private func lines(of path: String, after start: String, before end: String) throws -> [String] {
        let text = try String(contentsOf: repository.appending(path: path), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func isMarker(_ marker: String) -> (Substring) -> Bool {
            { $0.trimmingCharacters(in: .whitespaces) == marker }
        }
        let first = try #require(lines.firstIndex(where: isMarker(start)), "\(path) has no line \(start)")
        let rest = lines[(first + 1)...]
        let last = try #require(rest.firstIndex(where: isMarker(end)), "\(path) has no line \(end)")
        return dedented(Array(rest[..<last]))
    }

    /// The README's block begins with the import that a file has at its top.
    @Test func theReadmeShowsTheCompiledExample() throws {
        let compiled = try lines(
            of: "Tests/RidgelineModelsTests/ReadmeExample.swift", after: "// README-BEGIN",
            before: "// README-END")
        #expect(compiled.count > 15)
        let shown = try lines(of: "README.md", after: "```swift", before: "```")
        #expect(shown == ["import Ridgeline", ""] + compiled)
    }

    @Test func theExampleLearns() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try #require(FileManager.default.changeCurrentDirectoryPath(folder.path))
            let correct = try withRandomSeed(1) { try readmeExample() }
            #expect(correct > 490)
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        #expect(
            output.contains("step 200: loss 0.") && output.contains("of 512 points are classified correctly"))
    }
}
