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

    @Test func theArticleShowsTheCompiledCode() throws {
        let compiled = try blocks(
            of: "Tests/RidgelineModelsTests/Tutorial/TutorialExample.swift", "// TUTORIAL-BEGIN",
            "// TUTORIAL-END")
        let shown = try blocks(
            of: "Sources/Ridgeline/Ridgeline.docc/ReLU-step-by-step.md", "```swift", "```")
        #expect(compiled.count == 6)
        #expect(shown == compiled)
    }

    @Test func theCodeDoesWhatTheArticleSays() throws {
        let result = withRandomSeed(1) { tutorialExample() }
        #expect(result.gradient == [0, 0, 0, 1, 1])
        let hidden = try #require(result.deadRows.first)
        #expect(hidden.path == "hidden" && hidden.deadFraction == 1 && hidden.sparsity == 1)
        #expect(hidden.gradientNorm == 0)
        #expect(result.outcomes.count == 6)
        for outcome in result.outcomes {
            switch outcome.activation {
            case .relu: #expect(outcome.dead == 1 && outcome.loss > 0.5, "\(outcome)")
            // The best straight line.
            case .parametricReLU():
                #expect(outcome.dead == 1 && outcome.loss > 0.1 && outcome.loss < 0.2, "\(outcome)")
            default: #expect(outcome.dead < 1 && outcome.loss < 0.01, "\(outcome)")
            }
        }
        #expect(result.state.scalars.allSatisfy { $0.magnitude <= 1 })
        #expect(result.strangeError > 20 * result.normalError)
    }
}
