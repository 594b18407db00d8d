// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

@testable import RidgelineCommand

/// What is written to terminals, and what a command says when it is interrupted there.
@Suite(.serialized)
struct TerminalTests {
    private let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../Fixtures/numpy/version1.npy").standardized.path

    @Test func tablesFitTheirWidth() {
        var table = TextTable(header: ["name", "kind", "count", "share"], leftColumns: 2)
        table.rows = [["a long name of a row", "F32", "1", "0.5"], ["b", "", "22", "–"]]
        let wide = """
            name                  kind  count  share
            a long name of a row  F32       1    0.5
            b                              22      –
            """
        #expect(table.text(width: nil) == wide && table.text(width: 40) == wide)
        #expect(
            table.text(width: 39) == """
                a long name of a row
                  F32  count 1  share 0.5
                b
                  count 22  share –
                """)
        #expect(
            table.text(width: 16) == """
                a long name of a row
                  F32  count 1
                  share 0.5
                b
                  count 22
                  share –
                """)
        table.rows = []
        #expect(table.text(width: 10).isEmpty)
    }

    #if os(Linux)
        @Test func narrowTerminals() throws {
            for (columns, isTable) in [(120, true), (30, false)] {
                let terminal = try PseudoTerminal(columns: columns)
                defer { terminal.end() }
                let run = try CommandRun(["inspect", path], output: terminal.command)
                #expect(run.exitCode == 0, "\(run.errors)")
                terminal.closeCommand()
                let output = terminal.read()
                #expect(output.contains("tensor    dtype") == isTable && output.contains("F32"), "\(output)")
            }
        }

        @Test func progressOnlyWhereLinesCanBeErased() throws {
            for (kind, isShown) in [("xterm", true), ("dumb", false), ("", false)] {
                let terminal = try PseudoTerminal(columns: 20)
                defer { terminal.end() }
                let run = try CommandRun(
                    ["inspect", "--statistics", path], environment: ["TERM": kind], errors: terminal.command)
                #expect(run.exitCode == 0)
                terminal.closeCommand()
                let shown = terminal.read()
                #expect(shown.contains("\u{1B}") == isShown && shown.contains("[1/1]") == isShown, "\(shown)")
                // A line that is too long could not be erased.
                let lines = shown.components(separatedBy: "\r\u{1B}[2K")
                #expect(lines.allSatisfy { $0.count < 20 }, "\(shown)")
            }
        }

        /// What is finished is printed, and the signal ends the command as it does others.
        @Test(arguments: [
            (["passes", "--filter", "feed-forward/relu", "--repeat", "1"], "INT", SIGINT, "passes"),
            (["activations", "--repeat", "1", "--stride", "10001", "--json"], "TERM", SIGTERM, "functions"),
        ])
        func interruptionsKeepWhatIsFinished(
            _ arguments: [String], _ name: String, _ number: Int32, _ key: String
        ) throws {
            let terminal = try PseudoTerminal(columns: 200)
            defer { terminal.end() }
            let process = Process()
            // Whoever runs the tests may ignore the signal, which commands inherit.
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["--default-signal=\(name)", try CommandRun.executable().path] + arguments
            process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }
            let output = Pipe()
            process.standardOutput = output
            process.standardError = terminal.command
            try process.run()
            terminal.closeCommand()
            _ = terminal.read(until: "[2/")
            kill(process.processIdentifier, number)
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number)
            let rest = terminal.read()
            // One, or more where the signal took its time.
            let words = rest.components(separatedBy: "interrupted; ").last?.split(separator: " ")
            let count = try #require(words?.first.flatMap { Int($0) }, "\(rest)")
            #expect(count >= 1, "\(rest)")
            if arguments.contains("--json") {
                let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
                #expect((json?[key] as? [Any])?.count == count)
            } else {
                #expect(
                    text.split(separator: "\n").filter { $0.hasPrefix("feed-forward/relu") }.count == count)
            }
        }
    #endif
}
