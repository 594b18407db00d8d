// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The machine and the libraries behind a measurement.
struct HostDescription: Encodable {
    var cpu: String
    var threads: Int
    var isa: String
    var openblasVersion: String
    var openblasCore: String
    /// The rate of a 2048³ product by plain GEMM on as many threads.
    var gemmPeakGFLOPS: Double

    /// This host, its GEMM rate measured now.
    static func measured() -> HostDescription {
        HostDescription(
            cpu: cpuName, threads: Parallelism.threads, isa: InstructionSet.current.rawValue,
            openblasVersion: OpenBLAS.version, openblasCore: OpenBLAS.core,
            gemmPeakGFLOPS: GemmYardstick.peak(threads: Parallelism.threads))
    }

    /// The processor's name for itself.
    static var cpuName: String {
        let name = InstructionSet.processorName
        return name.isEmpty ? "unknown processor" : name
    }

    /// One line.
    var summary: String {
        "\(cpu), \(threads) thread\(threads == 1 ? "" : "s"), \(isa) kernels, OpenBLAS \(openblasVersion) "
            + "(\(openblasCore)), plain GEMM \(gemmPeakGFLOPS.text(0)) GFLOP/s"
    }
}
