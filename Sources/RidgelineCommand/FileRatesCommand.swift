// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// `ridgeline file-rates`: what `Scripts/measure-files` runs.
struct FileRatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file-rates",
        abstract: "Measure reading and durable writing of a safetensors file beside `cp` and `dd`.",
        discussion: "Ratios above 1: faster than cp or dd. All run in turn; medians. The files are removed.",
        shouldDisplay: false)

    @OptionGroup var common: CommonOptions

    @Option(help: "The folder on the disk to measure.")
    var folder = FileManager.default.temporaryDirectory.path

    @Option(help: "The folder in memory to which `cp` copies.")
    var memoryFolder = "/dev/shm"

    @Option(help: "The file's size in MiB.")
    var size = 1024

    @Option(help: "How often each is run.")
    var rounds = 5

    func validate() throws {
        if size < 8 || rounds < 1 {
            throw ValidationError("expected --size of 8 or more, --rounds of 1 or more")
        }
    }

    func run() throws {
        common.apply()
        let rates = try FileRates(folder: folder, memoryFolder: memoryFolder, mebibytes: size, rounds: rounds)
        if common.json {
            try StandardOutput.print(json: rates)
        } else {
            try StandardOutput.print(rates.table)
        }
    }
}

/// Median milliseconds of each way to read and write one file.
private struct FileRates: Codable {
    var mebibytes: Int
    var open = 0.0
    var read = 0.0
    var readToFreshMemory = 0.0
    var mapped = 0.0
    var widened = 0.0
    var cp = 0.0
    var write = 0.0
    var dd = 0.0

    init(folder: String, memoryFolder: String, mebibytes: Int, rounds: Int) throws {
        self.mebibytes = mebibytes
        let stem = "/ridgeline-rates-\(UUID().uuidString)"
        let (file, other) = (folder + stem + ".safetensors", folder + stem + ".other")
        let (half, copy) = (folder + stem + ".half", memoryFolder + stem)
        defer { for path in [file, other, half, copy] { unlink(path) } }
        var (writer, halfWriter) = (SafetensorsWriter(), SafetensorsWriter())
        for index in 0..<8 {
            let tensor = Tensor<Float>.uniform([mebibytes << 15, 1], in: -1..<1)
            try writer.add(tensor, named: "\(index)")
            try halfWriter.add(tensor, named: "\(index)", as: .float16)
        }
        try writer.write(to: file)
        try halfWriter.write(to: half)
        var times: [WritableKeyPath<FileRates, Double>: [Double]] = [:]
        func measure(_ path: WritableKeyPath<FileRates, Double>, _ work: () throws -> Void) throws {
            let start = ContinuousClock.now
            try work()
            times[path, default: []].append((ContinuousClock.now - start) / .milliseconds(1))
        }
        // The first round warms the page cache and the buffer pool and is not counted.
        for round in 0...rounds {
            if round == 1 { times = [:] }
            try measure(\.open) { _ = try SafetensorsFile(contentsOf: file) }
            try measure(\.read) { try readAll(file, .read) }
            BufferPool.shared.trim()
            try measure(\.readToFreshMemory) { try readAll(file, .read) }
            try measure(\.cp) { try run("cp", file, copy) }
            unlink(copy)
            try measure(\.mapped) { try readAll(file, .mapped) }
            try measure(\.widened) { try readAll(half, .read) }
            // What was written just before slows the next, so they take turns.
            for writesOurs in [round % 2 == 0, round % 2 != 0] {
                if writesOurs {
                    try measure(\.write) { try writer.write(to: other) }
                } else {
                    try measure(\.dd) { try run("dd", "if=" + file, "of=" + other, "bs=8M", "conv=fsync") }
                }
                unlink(other)
            }
        }
        for (path, values) in times { self[keyPath: path] = Stopwatch.median(values) }
    }

    /// Takes every tensor; of mapped ones each page is used.
    private func readAll(_ path: String, _ access: FileAccess) throws {
        let file = try SafetensorsFile(contentsOf: path, access: access)
        // All at once in memory, as a model is.
        let tensors: [Tensor<Float>] = try file.names.map { try file.tensor($0) }
        for tensor in tensors where access == .mapped {
            let sum = tensor.withUnsafeBufferPointer { elements in
                stride(from: 0, to: elements.count, by: 1024).reduce(Float(0)) { $0 + elements[$1] }
            }
            if sum.isNaN { throw ValidationError("\(path): not what was written") }
        }
    }

    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ValidationError("\(arguments[0]) failed") }
    }

    var table: String {
        func row(_ name: String, _ time: Double, _ peer: (name: String, time: Double)? = nil) -> String {
            let ratio = peer.map { String(format: "  %5.2f x %@", $0.time / time, $0.name) } ?? ""
            return name.padding(toLength: 28, withPad: " ", startingAt: 0)
                + String(format: "%10.2f ms", time) + ratio + "\n"
        }
        return row("open", open) + row("read \(mebibytes) MiB", read, ("cp", cp))
            + row("the same to fresh memory", readToFreshMemory, ("cp", cp))
            + row("mapped, each page used", mapped, ("cp", cp))
            + row("F16 read as Float", widened, ("cp", cp)) + row("cp to memory", cp)
            + row("write durably", write, ("dd", dd)) + row("dd conv=fsync", dd)
    }
}
