// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// What `ridgeline doctor` finds out.
struct Diagnosis: Encodable {
    /// The self-check of OpenBLAS.
    struct SelfCheck: Encodable {
        var products: Int
        var failures: [String]
    }

    /// OpenBLAS as it is.
    struct Library: Encodable {
        var version: String
        var configuration: String
        var core: String
        var threading: String
    }

    /// Measured rates of single precision products through the engine, GFLOP/s.
    struct Rates: Encodable {
        var oneThread: Double
        var allThreads: Double
    }

    var cpu: String
    var cores: Int
    var threads: Int
    var instructionSets: [String]
    var kernels: String
    var openblas: Library
    var environment: [String: String]
    var selfCheck: SelfCheck
    /// Nil where the self-check failed.
    var gemmGFLOPS: Rates?
    /// What is off and what to try; empty where all is well.
    var advice: [String] = []

    /// The variables that bear on OpenBLAS and on the engine.
    static let variables =
        [
            "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS",
            "GOTO_NUM_THREADS",
        ] + EngineEnvironment.names

    /// Looks at this process and measures.
    static func made() -> Diagnosis {
        let set = ProcessInfo.processInfo.environment
        let check = OpenBLASCheck.run(sizes: OpenBLASCheck.thoroughSizes)
        var diagnosis = Diagnosis(
            cpu: HostDescription.cpuName, cores: Parallelism.cores, threads: Parallelism.threads,
            instructionSets: InstructionSet.available.map(\.rawValue),
            kernels: InstructionSet.current.rawValue,
            openblas: Library(
                version: OpenBLAS.version, configuration: OpenBLAS.configuration, core: OpenBLAS.core,
                threading: OpenBLAS.threading.rawValue),
            environment: set.filter { variables.contains($0.key) },
            selfCheck: SelfCheck(products: check.products, failures: check.failures.map(\.description)))
        if check.passed {
            diagnosis.gemmGFLOPS = Rates(
                oneThread: rate(threads: 1), allThreads: rate(threads: Parallelism.threads))
        }
        diagnosis.advise()
        diagnosis.adviseOnNames(in: set.keys)
        return diagnosis
    }

    /// The engine's own rate of a 1536³ product, the best of a few.
    private static func rate(threads: Int) -> Double {
        let before = Parallelism.threads
        Parallelism.threads = threads
        defer { Parallelism.threads = before }
        let side = 1_536
        let (a, b) = (Tensor<Float>.uniform([side, side]), Tensor<Float>.uniform([side, side]))
        _ = matmul(a, b)
        let best = Stopwatch.milliseconds(5) { _ = matmul(a, b) }.min() ?? .infinity
        return 2 * Double(side * side) * Double(side) / best / 1e6
    }

    private mutating func advise() {
        if !selfCheck.failures.isEmpty {
            advice.append(
                "OpenBLAS \(openblas.version) with its \(openblas.core) kernels multiplies wrongly "
                    + "(\(selfCheck.failures[0])). Set OPENBLAS_CORETYPE to another core, for instance "
                    + "Haswell or Zen, or install another OpenBLAS.")
        } else {
            adviseOnCore()
        }
        if threads > cores {
            advice.append(
                "\(threads) threads on \(cores) cores: they take turns. Use RIDGELINE_THREADS=\(cores) or fewer."
            )
        }
        if InstructionSet.current != InstructionSet.best {
            advice.append(
                "The \(InstructionSet.current) kernels are in use (RIDGELINE_ISA); this processor runs "
                    + "\(InstructionSet.best). Unset RIDGELINE_ISA unless you compare variants.")
        }
        if OpenBLAS.threading == .host {
            advice.append(
                "OpenBLAS keeps its own threads (RIDGELINE_BLAS_THREADS=host): products lose the fused tiles. "
                    + "Unset it unless this program needs OpenBLAS's threads itself.")
        }
        #if DEBUG
            advice.append("This is a debug build, many times slower outside BLAS. Build with `-c release`.")
        #endif
    }

    /// OpenBLAS passes over a core that it does not have, and the engine over a variable that it does not know.
    private mutating func adviseOnNames(in variables: some Collection<String>) {
        if let asked = environment["OPENBLAS_CORETYPE"], !asked.isEmpty,
            asked.lowercased() != openblas.core.lowercased()
        {
            advice.append(
                "OPENBLAS_CORETYPE=\(asked) is not followed: OpenBLAS uses its \(openblas.core) kernels. It has no core "
                    + "of that name, or was built for one core only. Set one that it has, as Haswell, Zen or SkylakeX, "
                    + "or unset it.")
        }
        for name in variables.sorted()
        where name.hasPrefix("RIDGELINE_") && !EngineEnvironment.names.contains(name) {
            let near = EngineEnvironment.names.first { name.distance(to: $0) <= 2 }
            advice.append(
                "\(name) is no setting of the engine"
                    + (near.map { "; did you mean \($0)?" }
                        ?? "; there are \(EngineEnvironment.names.joined(separator: ", "))."))
        }
    }

    /// Where the environment chooses OpenBLAS's core, measures what it would choose by itself.
    private mutating func adviseOnCore() {
        let chosen = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"].filter { environment[$0] != nil }
        guard !chosen.isEmpty else {
            if InstructionSet.best == .avx512,
                ["Prescott", "Nehalem", "Haswell", "Zen"].contains(openblas.core)
            {
                advice.append(
                    "OpenBLAS \(openblas.version) chose its \(openblas.core) kernels on a processor with AVX-512, "
                        + "which it does not know. Try OPENBLAS_CORETYPE=SkylakeX and run doctor again, or a "
                        + "newer OpenBLAS.")
            }
            return
        }
        let names = chosen.joined(separator: " and ")
        let here = GemmYardstick.peak(threads: 1, side: 1_024)
        guard let other = GemmRate.measured(without: chosen) else {
            advice.append(
                "\(names) set OpenBLAS to \(openblas.core); without, it does not run on this processor. Leave "
                    + "as it is.")
            return
        }
        if !other.isRight {
            advice.append(
                "\(names) set OpenBLAS to \(openblas.core); its own choice, \(other.core), multiplies wrongly "
                    + "here. Leave as it is.")
        } else if other.gflops > 1.1 * here {
            advice.append(
                "\(names) set OpenBLAS to its \(openblas.core) kernels: \(here.text(0)) GFLOP/s on one thread. "
                    + "Its own choice, \(other.core), passes the self-check and reaches "
                    + "\(other.gflops.text(0)). Try without: env -u "
                    + chosen.joined(separator: " -u ") + " ridgeline …")
        }
    }
}
