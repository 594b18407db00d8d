// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

/// Short forms of `Scripts/kill-writers` and `Scripts/full-disk`, and that these find what they look for.
@Suite(.serialized)
struct DurabilityTests {
    @Test func killedWritersLeaveTheOldFileOrTheNewOne() throws {
        let run = try CommandRun(["kill-writers", "--kills", "8"])
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(run.output.hasPrefix("8 writers killed; the file was whole after each\n"))
        for writer in ["safetensors", "npy", "npz", "model"] {
            #expect(run.output.contains("\(writer): 2 killed, "), "\(run.output)")
        }
    }

    @Test func aWriterThatIsNotSafeIsFound() throws {
        let run = try CommandRun(["kill-writers", "--kills", "100", "--kind", "in-place"])
        #expect(run.exitCode == 1 && run.errorLines.count == 1)
        #expect(run.errors.contains("neither the old nor the new one"), "\(run.errors)")
        let full = try CommandRun(["fill-disk", "--kind", "in-place", "--file-size-limit", "1500000"])
        #expect(full.exitCode == 1 && full.output.isEmpty)
    }

    @Test func filesThatAreTooLargeLeaveTheOldOne() throws {
        let run = try CommandRun(["fill-disk", "--file-size-limit", "1500000"])
        #expect(run.exitCode == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 4)
        let failures = "0 files written, 2 failures (2 x \(String(cString: strerror(EFBIG))))"
        #expect(lines.allSatisfy { $0.contains(failures) }, "\(run.output)")
    }

    #if os(Linux)
        /// The library of failing calls, built for the test.
        private func withFailingCalls(_ body: (URL) throws -> Void) throws {
            let library = FileManager.default.temporaryDirectory
                .appendingPathComponent("libfailing-\(UUID().uuidString).so")
            defer { try? FileManager.default.removeItem(at: library) }
            let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../Fixtures/failing_calls.c").standardized
            let build = try CommandRun(
                executable: URL(fileURLWithPath: "/usr/bin/env"),
                ["clang", "-shared", "-fPIC", "-O1", "-o", library.path, source.path, "-ldl"])
            try #require(build.exitCode == 0, "\(build.errors)")
            try body(library)
        }

        /// A file lasts when its bytes reach the disk, then it is renamed, and then its folder reaches the disk: each of
        /// the three once, in this order.
        @Test func renamesAreFlushedInOrder() throws {
            try withFailingCalls { library in
                let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
                    .appendingPathComponent(UUID().uuidString)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
                defer { try? FileManager.default.removeItem(at: folder) }
                let (chart, log) = (folder.appendingPathComponent("chart.svg"), library.path + ".log")
                defer { unlink(log) }
                let run = try CommandRun(
                    ["activations", "--plot", chart.path],
                    environment: ["LD_PRELOAD": library.path, "RIDGELINE_CALL_LOG": log])
                #expect(run.exitCode == 0, "\(run.errors)")
                let calls = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
                try #require(calls.count == 3, "\(calls)")
                #expect(calls[0].hasPrefix("fsync \(folder.path)/.chart.svg.tmp-"))
                #expect(calls[1] == "rename \(chart.path)")
                #expect(calls[2] == "fsync-folder \(folder.path)")
            }
        }

        @Test func callsThatFailAtTheEndLeaveTheOldFile() throws {
            try withFailingCalls(checkFailingCalls)
        }

        private func checkFailingCalls(_ library: URL) throws {
            let run = try CommandRun(
                ["fill-disk", "--failing-calls"], environment: ["LD_PRELOAD": library.path])
            #expect(run.exitCode == 0, "\(run.errors)")
            let failures =
                "0 files written, 5 failures (4 x \(String(cString: strerror(EDQUOT))), 1 x folder)"
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 4 && lines.allSatisfy { $0.contains(failures) }, "\(run.output)")
            // Without the library nothing fails, which is noticed.
            let idle = try CommandRun(["fill-disk", "--failing-calls"])
            #expect(idle.exitCode == 1 && idle.errors.contains("ftruncate failed unnoticed"))
        }
    #endif
}
