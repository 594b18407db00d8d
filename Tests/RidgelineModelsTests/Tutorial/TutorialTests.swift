// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// The tutorial's blocks are the code compiled here, and it does what the article says.
struct TutorialTests {
    /// The blocks of a file between lines that begin and end them, each without its common indentation.
    private func blocks(of path: String, _ start: String, _ end: String) throws -> [[String]] {
        let text = try String(contentsOf: repository.appending(path: path), encoding: .utf8)
        var found: [[String]] = []
        var block: [String]?
        for line in text.components(separatedBy: "\n") {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if let lines = block {
                if trimmed == end {
                    let filled = lines.filter { !$0.isEmpty }
                    let indentation = filled.map { $0.prefix { $0 == " " }.count }.min() ?? 0
                    found.append(lines.map { String($0.dropFirst(indentation)) })
                    block = nil
                } else {
                    block = lines + [line]
                }
            } else if trimmed == start {
                block = []
            }
        }
        return found
    }

    private let article = "Sources/Ridgeline/Ridgeline.docc/ReLU-step-by-step.md"

    /// But for the import, which a file has at its top.
    @Test func theArticleShowsTheCompiledCode() throws {
        var compiled = try blocks(
            of: "Tests/RidgelineModelsTests/Tutorial/TutorialExample.swift", "// TUTORIAL-BEGIN",
            "// TUTORIAL-END")
        #expect(compiled.count == 6)
        compiled[0] = ["import Ridgeline", ""] + compiled[0]
        #expect(try blocks(of: article, "```swift", "```") == compiled)
    }

    /// Line by line.
    @Test func theCodePrintsWhatTheArticleSays() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            tutorialExample()
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let lines = try blocks(of: article, "```text", "```").joined()
        #expect(lines.count == 11)
        #expect(output.contains(lines.joined(separator: "\n")), "\(output)")
    }
}
