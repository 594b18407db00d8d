// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation

/// Standard output, written so that failures are noticed: a full disk is an error, a closed pipe a quiet end.
enum StandardOutput {
    /// Why nothing more could be written.
    struct Failure: Error, CustomStringConvertible {
        let reason: String
        var description: String { "cannot write to standard output: \(reason)" }
    }

    /// Writes the text and a line end. A closed pipe ends the process through SIGPIPE, as with any filter, or
    /// where that is ignored with its exit code.
    static func print(_ text: String) throws { try write(Array((text + "\n").utf8)) }

    /// Writes the bytes, as `print` does a text.
    fileprivate static func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
            if count >= 0 {
                written += count
            } else if errno == EPIPE {
                throw ExitCode(128 + SIGPIPE)
            } else if errno != EINTR {
                throw Failure(reason: String(cString: strerror(errno)))
            }
        }
    }

    /// Writes a value as JSON, keys sorted.
    static func print(json value: some Encodable) throws { try print(text(json: value)) }

    /// A value as JSON, keys sorted; `isShort` in one line.
    static func text(json value: some Encodable, isShort: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isShort { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self).escapedForJSON
    }

    /// Writes text as it is made, in pieces of bounded size.
    static func print(_ body: (inout OutputBuffer) throws -> Void) throws {
        var output = OutputBuffer()
        try body(&output)
        try output.flush()
    }
}

/// Text on its way to standard output.
struct OutputBuffer {
    private var bytes: [UInt8] = []

    fileprivate init() {}

    mutating func append(_ text: String) throws {
        bytes.append(contentsOf: text.utf8)
        if bytes.count >= 1 << 16 { try flush() }
    }

    fileprivate mutating func flush() throws {
        try StandardOutput.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Standard error, of which nothing depends: what cannot be written there is dropped.
enum StandardError {
    static func print(_ text: String) {
        _ = text.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
    }
}

extension Double {
    /// The number with this many digits after its point.
    func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
