// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

/// One run of the built `ridgeline`, beside the test binary.
struct CommandRun {
    var exitCode: Int32
    var wasSignalled: Bool
    var output: String
    var errors: String

    var errorLines: [Substring] { errors.split(separator: "\n") }

    /// Where the products of the build are.
    static let products = Bundle.main.bundleURL.deletingLastPathComponent()

    /// The built command.
    static func executable() throws -> URL {
        let candidates = [
            products, URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
        ]
        return try #require(
            candidates.map { $0.appendingPathComponent("ridgeline") }
                .first { FileManager.default.isExecutableFile(atPath: $0.path) },
            "no ridgeline beside the test binary")
    }

    init(
        _ arguments: [String], environment: [String: String] = [:], input: FileHandle = .nullDevice,
        output: FileHandle? = nil, errors: FileHandle? = nil
    ) throws {
        try self.init(
            executable: Self.executable(), arguments, environment: environment, input: input, output: output,
            errors: errors)
    }

    /// The built command under its name `$0` in a line of the shell.
    static func shell(_ line: String, environment: [String: String] = [:]) throws -> CommandRun {
        try CommandRun(
            executable: URL(fileURLWithPath: "/bin/bash"), ["-c", line, executable().path],
            environment: environment)
    }

    init(
        executable: URL, _ arguments: [String], environment: [String: String] = [:],
        input: FileHandle = .nullDevice, output: FileHandle? = nil, errors terminal: FileHandle? = nil
    ) throws {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let out = Pipe()
        // Errors go to a file: with two pipes the child could wait for room in the one not read.
        let log = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: log) }
        if let output { process.standardOutput = output } else { process.standardOutput = out }
        process.standardInput = input
        process.standardError = try terminal ?? FileHandle(forWritingTo: log)
        try process.run()
        let text = output == nil ? out.fileHandleForReading.readDataToEndOfFile() : Data()
        process.waitUntilExit()
        exitCode = process.terminationStatus
        wasSignalled = process.terminationReason == .uncaughtSignal
        self.output = String(decoding: text, as: UTF8.self)
        errors = try String(contentsOf: log, encoding: .utf8)
    }

    /// The output as JSON.
    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }
}
