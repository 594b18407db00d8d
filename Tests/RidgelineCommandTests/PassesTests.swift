// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

/// The command as a user runs it. One at a time: each run times products on all cores.
@Suite(.serialized)
struct PassesTests {
    @Test func jsonHasTheDocumentedShape() throws {
        let run = try CommandRun(
            ["passes", "--filter", "gelu/512x768x3072", "--repeat", "1", "--json"])
        #expect(run.exitCode == 0, "\(run.errors)")
        let json = try run.json()
        let host = try #require(json["host"] as? [String: Any])
        #expect(
            Set(host.keys) == ["cpu", "threads", "isa", "openblasVersion", "openblasCore", "gemmPeakGFLOPS"])
        let passes = try #require(json["passes"] as? [[String: Any]])
        #expect(passes.compactMap { $0["name"] as? String } == ["feed-forward/gelu/512x768x3072"])
        let pass = try #require(passes.first)
        #expect(
            Set(pass.keys) == [
                "name", "forwardMilliseconds", "forwardBackwardMilliseconds", "forwardGFLOPS",
                "forwardBackwardGFLOPS", "fractionOfGemm", "peakBytes", "gradientError",
            ])
        let forward = try #require(pass["forwardMilliseconds"] as? Double)
        let both = try #require(pass["forwardBackwardMilliseconds"] as? Double)
        #expect(both > forward && forward > 0)
        let operations = 2.0 * 2 * 512 * 768 * 3_072
        let rate = try #require(pass["forwardGFLOPS"] as? Double)
        #expect(abs(rate - operations / forward / 1e6) < 1e-6 * rate)
        let error = try #require(pass["gradientError"] as? Double)
        #expect(error > 0 && error < 1e-4)
        // Weights, their gradients, input, gradient of the input, three hidden values or fewer: at least these.
        let weights = 2 * 768 * 3_072 * 4
        #expect(try #require(pass["peakBytes"] as? Int) > 2 * weights)
    }

    @Test func tableNamesEveryPass() throws {
        let run = try CommandRun(["passes", "--filter", "small", "--repeat", "1"])
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("gradient error"))
        #expect(run.output.contains("small-operations/1000x16"))
        #expect(!run.output.contains("feed-forward"))
    }

    @Test(arguments: [
        (["passes", "--nonsense"], "--nonsense"),
        (["passes", "--threads", "0"], "--threads 0 is impossible"),
        (["passes", "--threads=-3"], "--threads -3 is impossible"),
        (["passes", "--threads", "many"], "many"),
        (["passes", "--threads", "99999"], "expected 1 to 1024"),
        (["passes", "--repeat", "0"], "--repeat 0 is impossible"),
        (["passes", "--filter", "transformer-xl"], "matches no pass"),
        (["doctor", "--filter", "x"], "--filter"),
        (["nonsense"], "nonsense"),
    ])
    func badArgumentsAreOneLine(_ arguments: [String], _ expected: String) throws {
        let run = try CommandRun(arguments)
        #expect(run.exitCode != 0)
        #expect(!run.wasSignalled)
        #expect(run.errorLines.count == 1, "\(run.errors)")
        #expect(run.errors.contains(expected), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test(arguments: [
        ("RIDGELINE_ISA", "mmx"), ("RIDGELINE_THREADS", "0"), ("RIDGELINE_BLAS_THREADS", "some"),
    ])
    func badEnvironmentIsOneLine(_ name: String, _ value: String) throws {
        let run = try CommandRun(["doctor"], environment: [name: value])
        #expect(run.exitCode == 1)
        #expect(!run.wasSignalled)
        #expect(run.errorLines.count == 1, "\(run.errors)")
        #expect(run.errors.contains(name) && run.errors.contains(value), "\(run.errors)")
    }

    @Test(arguments: [[], ["passes"], ["doctor"]])
    func everyCommandHasHelp(_ command: [String]) throws {
        let run = try CommandRun(command + ["--help"])
        #expect(run.exitCode == 0)
        #expect(run.output.contains("USAGE: ridgeline"))
        #expect(command.isEmpty || run.output.contains("--json"))
    }

    @Test func unwritableOutputIsAnError() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let run = try CommandRun(["passes", "--filter", "small", "--repeat", "1"], output: full)
        #expect(run.exitCode != 0)
        #expect(run.errorLines.count == 1)
        #expect(run.errors.contains("cannot write to standard output"), "\(run.errors)")
    }

    @Test func closedPipeEndsQuietly() throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let run = try CommandRun(
            ["passes", "--filter", "small", "--repeat", "1"], output: pipe.fileHandleForWriting)
        #expect(run.errors.isEmpty, "\(run.errors)")
    }
}
