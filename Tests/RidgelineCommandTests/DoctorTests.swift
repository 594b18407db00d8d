// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

@Suite(.serialized)
struct DoctorTests {
    @Test func jsonHoldsTheDiagnosis() throws {
        let run = try CommandRun(["doctor", "--json"])
        #expect([0, 2].contains(run.exitCode), "\(run.errors)")
        let json = try run.json()
        let check = try #require(json["selfCheck"] as? [String: Any])
        #expect(try #require(check["products"] as? Int) >= 100)
        #expect((check["failures"] as? [String])?.isEmpty == true)
        let rates = try #require(json["gemmGFLOPS"] as? [String: Double])
        #expect(try #require(rates["oneThread"]) > 0)
        #expect(try #require(rates["allThreads"]) > 0)
        let advice = try #require(json["advice"] as? [String])
        #expect(advice.isEmpty == (run.exitCode == 0))
    }

    @Test func tooManyThreadsAreNoticed() throws {
        let run = try CommandRun(["doctor", "--threads", "64"])
        #expect(run.exitCode == 2)
        #expect(run.output.contains("64 threads on"))
    }

    @Test func slowerKernelsAreNoticed() throws {
        let run = try CommandRun(["doctor"], environment: ["RIDGELINE_ISA": "swift"])
        #expect(run.exitCode == 2)
        #expect(run.output.contains("The swift kernels are in use"))
    }

    #if os(Linux)
        /// A library that multiplies wrongly is found by the doctor, and stops a program before its first product.
        @Test func wrongBLASIsDetectedBeforeUse() throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../Fixtures/wrong_blas.c").standardized
            let library = folder.appendingPathComponent("libwrong.so")
            let build = try CommandRun(
                executable: URL(fileURLWithPath: "/usr/bin/env"),
                ["clang", "-shared", "-fPIC", "-O1", "-o", library.path, source.path, "-ldl"])
            try #require(build.exitCode == 0, "\(build.errors)")
            let environment = ["LD_PRELOAD": library.path, "SWIFT_BACKTRACE": "enable=no"]

            let doctor = try CommandRun(["doctor"], environment: environment)
            #expect(doctor.exitCode == 1)
            #expect(doctor.output.contains("sgemm"), "\(doctor.output)")
            #expect(doctor.output.contains("multiplies wrongly"))
            #expect(doctor.output.contains("not measured"))

            let passes = try CommandRun(
                ["passes", "--filter", "gelu/512x768x3072", "--repeat", "1"], environment: environment)
            #expect(passes.exitCode != 0)
            #expect(passes.errors.contains("computes wrong products: sgemm"), "\(passes.errors)")
            #expect(passes.output.isEmpty)
        }
    #endif
}
