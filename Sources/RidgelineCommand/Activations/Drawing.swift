// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// Pictures as files.
enum Drawing {
    /// Why a picture was not written.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Refuses an ending that is neither .svg nor .png.
    static func check(_ path: String) throws {
        guard !ending(of: path).isEmpty else {
            throw Failure(description: "--plot '\(path)': expected a name that ends in .svg or .png")
        }
    }

    /// Writes the picture whole or leaves what was there; a PNG by way of librsvg's `rsvg-convert`.
    static func write(_ svg: String, to path: String) throws {
        try check(path)
        let bytes = ending(of: path) == "png" ? try png(of: svg, for: path) : Data(svg.utf8)
        try AtomicFile.write(to: path) { file in
            try bytes.withUnsafeBytes { try file.append($0) }
        }
    }

    private static func ending(of path: String) -> String {
        ["svg", "png"].first { path.lowercased().hasSuffix("." + $0) } ?? ""
    }

    /// 5000 points wide.
    private static func png(of svg: String, for path: String) throws -> Data {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard
            let tool = folders.map({ "\($0)/rsvg-convert" })
                .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else {
            throw Failure(
                description: "--plot '\(path)': a PNG needs rsvg-convert; install librsvg2-bin, or write .svg"
            )
        }
        let source = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).svg")
        defer { try? FileManager.default.removeItem(at: source) }
        do { try Data(svg.utf8).write(to: source) } catch {
            throw Failure(description: "cannot write the drawing to \(source.path) on its way to '\(path)'")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = ["--format", "png", "--width", "5000", "--keep-aspect-ratio", source.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw Failure(description: "\(tool) does not start") }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0, !data.isEmpty else {
            throw Failure(description: "\(tool) cannot draw (exit code \(process.terminationStatus))")
        }
        return data
    }
}
