// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline gemm-rate`: what `doctor` starts in another environment, to learn what another choice of
/// OpenBLAS's would give.
struct GemmRateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gemm-rate", abstract: "Check OpenBLAS and measure its product on one thread.",
        shouldDisplay: false)

    @OptionGroup var common: CommonOptions

    func run() throws {
        common.apply()
        try StandardOutput.print(json: GemmRate.measured())
    }
}

/// OpenBLAS's choice of core, whether it multiplies rightly, and how fast on one thread.
struct GemmRate: Codable {
    var core: String
    var isRight: Bool
    var gflops: Double

    static func measured() -> GemmRate {
        let isRight = OpenBLASCheck.run(sizes: OpenBLASCheck.thoroughSizes).passed
        return GemmRate(
            core: OpenBLAS.core, isRight: isRight,
            gflops: isRight ? GemmYardstick.peak(threads: 1, side: 1_024) : 0)
    }

    /// The same measured in a child process without the given environment variables; nil where it failed.
    static func measured(without variables: [String]) -> GemmRate? {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["gemm-rate", "--json"]
        process.environment = ProcessInfo.processInfo.environment.filter { !variables.contains($0.key) }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return try? JSONDecoder().decode(GemmRate.self, from: data)
    }
}
