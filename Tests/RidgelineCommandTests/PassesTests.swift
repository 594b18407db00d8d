// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

@testable import RidgelineCommand

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
        // One run of each: on a busy machine either may be the longer one.
        #expect(both > 0 && forward > 0)
        let operations = 2.0 * 2 * 512 * 768 * 3_072
        let rate = try #require(pass["forwardGFLOPS"] as? Double)
        #expect(abs(rate - operations / forward / 1e6) < 1e-6 * rate)
        let error = try #require(pass["gradientError"] as? Double)
        #expect(error > 0 && error < 1e-4)
        // Weights, their gradients, input, gradient of the input, three hidden values or fewer: at least these.
        let weights = 2 * 768 * 3_072 * 4
        #expect(try #require(pass["peakBytes"] as? Int) > 2 * weights)
    }

    /// Images are of batch 8; the operations are those of the direct convolution.
    @Test(arguments: [
        ("residual-basic/gelu/512x7x7/projection", 2_877_292_544.0),
        ("convolution/3x3/2/512-512x14x14", 1_849_688_064.0),
    ])
    func imagePassesAreRight(_ name: String, _ operations: Double) throws {
        let run = try CommandRun(["passes", "--filter", name, "--repeat", "1", "--json"])
        #expect(run.exitCode == 0, "\(run.errors)")
        let passes = try #require(try run.json()["passes"] as? [[String: Any]])
        #expect(passes.compactMap { $0["name"] as? String } == [name])
        let pass = try #require(passes.first)
        let forward = try #require(pass["forwardMilliseconds"] as? Double)
        let rate = try #require(pass["forwardGFLOPS"] as? Double)
        #expect(abs(rate - operations / forward / 1e6) < 1e-6 * rate)
        let error = try #require(pass["gradientError"] as? Double)
        #expect(error > 0 && error < 1e-4)
    }

    @Test func networksReportTheirSteps() throws {
        let run = try CommandRun(["passes", "--filter", "resnet-18/1x224x224", "--repeat", "1", "--json"])
        #expect(run.exitCode == 0, "\(run.errors)")
        let pass = try #require((try run.json()["passes"] as? [[String: Any]])?.first)
        // 1.81 thousand million multiplications, as published.
        let forward = try #require(pass["forwardMilliseconds"] as? Double)
        let rate = try #require(pass["forwardGFLOPS"] as? Double)
        #expect(abs(rate * forward * 1e6 / 2 / 1.814e9 - 1) < 1e-3)
        // Weights and their gradients at least.
        #expect(try #require(pass["peakBytes"] as? Int) > 2 * 4 * 11_689_512)
        #expect(try #require(pass["gradientError"] as? Double) < 0.2)
    }

    /// What `--filter` and `--all` choose among.
    @Test func rowsHaveDifferentNames() {
        let names = PassCase.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.filter { $0.hasPrefix("convolution/") }.count == 23)
        #expect(names.filter { $0.hasPrefix("residual-") }.count == 30)
        #expect(names.contains("residual-bottleneck/gelu/512x28x28/projection"))
        #expect(names.contains("convolution/7x7/2/3-64x224x224"))
        #expect(PassCase.all.filter(\.isDefault).contains { $0.name == "resnet-50/8x224x224" })
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
